//! `mfa vault verify`

use clap::Args;

use super::slot_summary::summaries;
use crate::commands::account_json::format_count;
use crate::error::{CommandError, Result};
use crate::session::Session;
use crate::text::redact;
use crate::vault::crypto::TamperFinding;
use crate::vault::{RecordDifference, Vault, WriteOptions};

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
        let mut vault = session.load_untrusted()?;
        let findings = match vault.header().cloned() {
            Some(header) => vault.unlock_edited(&session.data_key(&header)?),
            None => Vec::new(),
        };
        let distrust = match session.vault.trust_error(&vault) {
            Ok(reason) => reason.map(|reason| format!("the vault {reason}")),
            Err(error) => Some(error.to_string()),
        };
        let is_trusted = findings.is_empty() && distrust.is_none();
        let unusable = unusable_accounts(&vault);
        print_findings(&findings, &unusable, distrust, session)?;
        if findings.iter().any(|finding| !matches!(finding, TamperFinding::RecordEdited(_))) {
            print_comparison(&vault, session)?;
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
            session.vault.save_pin(shown)?;
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
    session.vault.save_pin(vault)?;
    session.ui.status(confirmation(vault));
    Ok(())
}

/// Writes the vault with new MACs, if it is still the one that was shown, and returns it as read again.
fn rewrite(shown: &Vault, session: &mut Session<'_>) -> Result<Vault> {
    let options = WriteOptions { key: session.key(), allow_tampered: true, ..WriteOptions::default() };
    session.vault.update::<_, CommandError>(&options, |vault| {
        if vault != shown {
            return Err(session.vault.changed().into());
        }
        vault.accept();
        Ok(())
    })?;
    let mut now = session.load_untrusted()?;
    if let Some(key) = session.key() {
        now.unlock(key.1);
    }
    Ok(now)
}

/// Returns an error if this machine could not record that it trusts the vault.
fn require_trusted(vault: &Vault, session: &Session<'_>) -> Result<()> {
    if session.vault.trust_error(vault)?.is_none() {
        return Ok(());
    }
    Err(CommandError::failed("could not record the vault as trusted; it will be rejected again")
        .hint("run 'mfa doctor' to check the state folder"))
}

/// Returns a line for each account of an encrypted vault that gives no code.
fn unusable_accounts(vault: &Vault) -> Vec<String> {
    let damaged = vault.damaged().filter(|_| vault.is_encrypted());
    let line = |(name, problem)| format!("the account '{}' cannot be used: {problem}", redact(name));
    damaged.map(line).collect()
}

fn print_findings(
    findings: &[TamperFinding],
    unusable: &[String],
    distrust: Option<String>,
    session: &mut Session<'_>,
) -> Result<()> {
    let findings = findings.iter().map(ToString::to_string);
    let lines = findings.chain(unusable.iter().cloned()).chain(distrust);
    let text: String = lines.flat_map(|line| [line, "\n".to_owned()]).collect();
    Ok(session.ui.stdout(text.as_bytes())?)
}

/// Prints how the accounts differ from the backup, or their generations if there is no authentic backup.
fn print_comparison(vault: &Vault, session: &mut Session<'_>) -> Result<()> {
    let lines: Vec<String> = if let Some(backup) = authentic_backup(vault, session) {
        vault
            .differences_from(&backup)
            .into_iter()
            .map(|(name, difference)| describe(&redact(&name), difference))
            .collect()
    } else {
        session
            .ui
            .status("there is no authentic backup to compare with: an older account cannot be recognised");
        let generations = vault.generations();
        generations.map(|(name, number)| format!("'{}': generation {number}", redact(name))).collect()
    };
    let text: String = lines.into_iter().flat_map(|line| [line, "\n".to_owned()]).collect();
    Ok(session.ui.stdout(text.as_bytes())?)
}

fn describe(name: &str, difference: RecordDifference) -> String {
    match difference {
        RecordDifference::OnlyHere => format!("'{name}' is not in the backup"),
        RecordDifference::OnlyInBackup => format!("'{name}' is only in the backup"),
        RecordDifference::Edited => format!("'{name}' differs from the backup"),
        RecordDifference::Older { here, backup } => {
            format!("'{name}' is older than in the backup: generation {here}, in the backup {backup}")
        }
    }
}

/// Returns the backup, unlocked, if it has the same key and was not changed without it.
fn authentic_backup(vault: &Vault, session: &Session<'_>) -> Option<Vault> {
    let mut backup = session.vault.backup().ok()?.load().ok()?.vault;
    let (id, key) = session.key()?;
    let is_same_vault = vault.header()?.id == id && backup.header()?.id == id;
    (is_same_vault && backup.unlock(key).is_empty()).then_some(backup)
}

fn confirmation(vault: &Vault) -> String {
    let Some(header) = vault.header() else {
        return "the vault is not encrypted: nothing to check".to_owned();
    };
    let (accounts, generation) = (format_count(vault.entries().count()), header.generation);
    let keys = summaries(&header.slots);
    format!("the vault is intact: {accounts}, generation {generation}, opened by {keys}")
}
