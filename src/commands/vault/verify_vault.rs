//! `mfa verify-vault`

use clap::Args;

use crate::commands::vault::key_args::summary;
use crate::error::{CommandError, Result};
use crate::session::OLD_ENTRY_WARNING;
use crate::session::Session;
use crate::text::redact;
use crate::vault::crypto::{TamperFinding, VaultHeader};
use crate::vault::{FileError, Vault, WriteOptions};

/// Check that an encrypted vault is as it was signed, and tell what is not
#[derive(Debug, Args)]
pub(crate) struct VerifyVault {
    /// Sign it as it stands, after showing what was changed
    #[arg(long)]
    accept: bool,
    /// Do not ask
    #[arg(short, long, requires = "accept")]
    yes: bool,
}

impl VerifyVault {
    pub(crate) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let mut vault = session.load()?;
        let head = vault.header().cloned();
        let (findings, doubt) = match &head {
            Some(head) => {
                let key = session.data_key(head)?;
                (vault.unlock(&key), session.vault.trust_error(&vault))
            }
            None => (Vec::new(), session.vault.trust_error(&vault)),
        };
        let is_signed = findings.is_empty() && doubt.is_none();
        let closed = closed(&vault);
        let lines = findings.iter().map(ToString::to_string).chain(closed.clone());
        tell(lines.chain(doubt.map(|doubt| format!("the vault {doubt}"))), session)?;
        if vault.may_contain_old_entries() && !findings.contains(&TamperFinding::EntriesMixed) {
            session.ui.warn_always(
                OLD_ENTRY_WARNING,
                "compare the accounts with another copy before you accept them",
            );
        }
        match (is_signed, closed.is_empty(), self.accept) {
            (true, true, _) => {
                session.vault.save_pin(&vault);
                session.ui.status(soundness(&vault, head.as_ref(), session.cipher.is_some()));
                Ok(())
            }
            (true, false, _) => Err(CommandError::failed("not every secret opens")
                .hint("'mfa add NAME --force' stores it anew; the vault before the last change is in its '.bak'")),
            (false, _, false) => Err(CommandError::failed("the vault is not as this machine left it")
                .hint("if you know why (a merge, an edit by hand): mfa verify-vault --accept; else put a backup back")),
            (false, _, true) => self.sign(&vault, session),
        }
    }

    /// Signs what was shown, and nothing that has come meanwhile
    fn sign(&self, shown: &Vault, session: &mut Session<'_>) -> Result<()> {
        if !self.yes && !session.ui.confirm("sign the vault as it stands?", "-y signs it without asking")? {
            session.ui.status("nothing was changed");
            return Ok(());
        }
        if !shown.is_encrypted() {
            session.vault.save_pin(shown);
            refuse_if_forgotten(shown, session)?;
            session.ui.status("the vault is taken as it stands, unsealed");
            return Ok(());
        }
        let writing = WriteOptions { key: session.key(), allow_tampered: true, ..WriteOptions::default() };
        session.vault.update::<_, CommandError>(&writing, |vault| {
            if vault != shown {
                return Err(FileError::Changed { path: session.vault.path().to_owned() }.into());
            }
            vault.accept();
            Ok(())
        })?;
        let mut now = session.load()?;
        if let Some(key) = session.key() {
            now.unlock(key);
        }
        refuse_if_forgotten(&now, session)?;
        session.ui.status("the vault is signed as it stands");
        for line in closed(shown) {
            session.ui.warn(line, Some("'mfa add NAME --force' stores it anew"));
        }
        Ok(())
    }
}

/// Refuses to claim that a vault is taken as it stands where this machine could not note it
fn refuse_if_forgotten(now: &Vault, session: &Session<'_>) -> Result<()> {
    if session.vault.trust_error(now).is_none() {
        return Ok(());
    }
    Err(CommandError::failed("it could not be noted that the vault is right: it is refused as before")
        .hint("'mfa doctor' tells what is wrong with the folder in which this machine remembers its vaults"))
}

/// A line for each account that gives no code
fn closed(vault: &Vault) -> Vec<String> {
    let closed = vault.entries().filter(|entry| entry.account().is_none());
    let closed =
        closed.map(|entry| format!("the secret of '{}' does not open: it gives no code", entry.name));
    let damaged = vault.damaged().filter(|_| vault.is_encrypted());
    let damaged =
        damaged.map(|(name, problem)| format!("the account '{}' cannot be used: {problem}", redact(name)));
    closed.chain(damaged).collect()
}

fn tell(lines: impl Iterator<Item = String>, session: &mut Session<'_>) -> Result<()> {
    let text: String = lines.flat_map(|line| [line, "\n".to_owned()]).collect();
    Ok(session.ui.stdout(text.as_bytes())?)
}

fn soundness(vault: &Vault, head: Option<&VaultHeader>, is_opaque: bool) -> String {
    let Some(head) = head else {
        if is_opaque {
            return "the vault is encrypted as a whole, and opens; nothing tells whether it is the one that was here"
                .to_owned();
        }
        return "the vault is not sealed: there is nothing that could be checked".to_owned();
    };
    format!(
        "the vault is as it was signed: {} accounts, generation {}, opened by {}",
        vault.entries().count(),
        head.generation,
        head.slots.iter().map(summary).collect::<Vec<_>>().join(", "),
    )
}
