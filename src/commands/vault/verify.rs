//! `mfa vault verify`

use clap::Args;

use super::slot_summary::summaries;
use crate::commands::account_json::format_count;
use crate::error::{CommandError, Result};
use crate::session::{OLD_ENTRY_WARNING, Session};
use crate::text::redact;
use crate::vault::crypto::TamperFinding;
use crate::vault::{FileError, TrustError, Vault, WriteOptions};

/// Check an encrypted vault for tampering
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// Accept the vault as it is now, after showing the changes
    #[arg(long)]
    accept: bool,
    /// Do not ask for confirmation
    #[arg(short, long, requires = "accept")]
    yes: bool,
}

impl Verify {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let mut vault = session.load()?;
        let findings = match vault.header().cloned() {
            Some(header) => vault.unlock(&session.data_key(&header)?),
            None => Vec::new(),
        };
        let distrust = session.vault.trust_error(&vault);
        let is_trusted = findings.is_empty() && distrust.is_none();
        let unusable = unusable_accounts(&vault);
        print_findings(&findings, &unusable, distrust, session)?;
        if vault.may_contain_old_entries() && !findings.contains(&TamperFinding::EntriesMixed) {
            session.ui.warn_always(
                OLD_ENTRY_WARNING,
                "compare the accounts with another copy before you accept them",
            );
        }
        if is_trusted {
            return report_trusted(&vault, &unusable, session);
        }
        if self.accept {
            return self.accept(&vault, session);
        }
        Err(CommandError::failed("the vault is not as this machine last saw it").hint(
            "if you know why (a merge, an edit by hand), run 'mfa vault verify --accept'; \
             otherwise restore a backup",
        ))
    }

    /// Accepts the vault that was shown.
    ///
    /// # Errors
    /// Fails if another process changed the vault in between, and if the accepted state could not be recorded.
    fn accept(&self, shown: &Vault, session: &mut Session<'_>) -> Result<()> {
        if !self.yes && !session.ui.confirm("accept the vault as it is now?", "confirm with -y")? {
            session.ui.status("nothing was changed");
            return Ok(());
        }
        if !shown.is_encrypted() {
            session.vault.save_pin(shown);
            require_trusted(shown, session)?;
            session.ui.status("accepted the vault as plain text");
            return Ok(());
        }
        let now = rewrite(shown, session)?;
        require_trusted(&now, session)?;
        session.ui.status("accepted the vault as it is now");
        for line in unusable_accounts(shown) {
            session.ui.warn(line, Some("store it again with 'mfa add NAME --force'"));
        }
        Ok(())
    }
}

/// Pins a vault without findings, and says so.
///
/// # Errors
/// Fails if an account cannot be used.
fn report_trusted(vault: &Vault, unusable: &[String], session: &mut Session<'_>) -> Result<()> {
    if !unusable.is_empty() {
        return Err(CommandError::failed("not every secret can be decrypted").hint(
            "store it again with 'mfa add NAME --force'; the vault before the last change is in its '.bak'",
        ));
    }
    session.vault.save_pin(vault);
    session.ui.status(confirmation(vault));
    Ok(())
}

/// Writes the vault with new MACs, if it is still the one that was shown, and returns it as read again.
fn rewrite(shown: &Vault, session: &mut Session<'_>) -> Result<Vault> {
    let options = WriteOptions { key: session.key(), allow_tampered: true, ..WriteOptions::default() };
    session.vault.update::<_, CommandError>(&options, |vault| {
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
    Ok(now)
}

/// Returns an error if this machine could not record that it trusts the vault.
fn require_trusted(vault: &Vault, session: &Session<'_>) -> Result<()> {
    if session.vault.trust_error(vault).is_none() {
        return Ok(());
    }
    Err(CommandError::failed("could not record the vault as trusted; it will be rejected again")
        .hint("run 'mfa doctor' to check the state folder"))
}

/// Returns a line for each account that gives no code.
fn unusable_accounts(vault: &Vault) -> Vec<String> {
    let locked = vault.entries().filter(|entry| entry.account().is_none());
    let locked =
        locked.map(|entry| format!("the secret of '{}' cannot be decrypted: it gives no code", entry.name));
    let damaged = vault.damaged().filter(|_| vault.is_encrypted());
    let damaged =
        damaged.map(|(name, problem)| format!("the account '{}' cannot be used: {problem}", redact(name)));
    locked.chain(damaged).collect()
}

fn print_findings(
    findings: &[TamperFinding],
    unusable: &[String],
    distrust: Option<TrustError>,
    session: &mut Session<'_>,
) -> Result<()> {
    let findings = findings.iter().map(ToString::to_string);
    let distrust = distrust.map(|distrust| format!("the vault {distrust}"));
    let lines = findings.chain(unusable.iter().cloned()).chain(distrust);
    let text: String = lines.flat_map(|line| [line, "\n".to_owned()]).collect();
    Ok(session.ui.stdout(text.as_bytes())?)
}

fn confirmation(vault: &Vault) -> String {
    let Some(header) = vault.header() else {
        return "the vault is not encrypted: nothing to check".to_owned();
    };
    let (accounts, generation) = (format_count(vault.entries().count()), header.generation);
    let keys = summaries(&header.slots);
    format!("the vault is intact: {accounts}, generation {generation}, opened by {keys}")
}
