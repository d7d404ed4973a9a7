//! `mfa vault merge`

use std::collections::HashSet;
use std::path::PathBuf;

use clap::Args;

use crate::commands::account_json::format_count;
use crate::error::{CommandError, Context as _, Result};
use crate::otp::Account;
use crate::session::Session;
use crate::text::{redact, shown_path};
use crate::vault::merge::{AccountMerger, MergeOutcome, Merged};
use crate::vault::{Vault, VaultFile};

/// Merge accounts from another copy of the vault
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The other vault file, plain text or encrypted
    file: PathBuf,
    /// Show the differences, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Do not ask for confirmation
    #[arg(short, long)]
    yes: bool,
}

impl Merge {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let mut vault = session.load()?;
        session.unlock_all(&mut vault)?;
        let (accounts, damaged) = self.other_accounts(session)?;
        let names: Vec<String> = vault.entries().map(|entry| entry.name.to_string()).collect();
        let merged = merge_all(&accounts, &mut vault);
        print_diff(&merged, &names, session);
        let news = merged.iter().filter(|merged| merged.outcome != MergeOutcome::AlreadyPresent).count();
        if news == 0 {
            session.ui.status("nothing to merge");
        } else if self.is_confirmed(session)? {
            session.update(|vault| {
                merge_all(&accounts, vault);
                Ok(())
            })?;
            session.ui.status(format_args!("merged {news} of {}", format_count(merged.len())));
        } else {
            session.ui.status("nothing was changed");
        }
        if damaged == 0 {
            return Ok(());
        }
        Err(CommandError::incomplete(format!("could not merge {}", format_count(damaged))))
    }

    fn is_confirmed(&self, session: &mut Session<'_>) -> Result<bool> {
        let question = "merge what is only in the other vault?";
        Ok(!self.dry_run && (self.yes || session.ui.confirm(question, "confirm with -y")?))
    }

    /// Returns the accounts of the other file, which may have another key, and the number of its damaged records.
    fn other_accounts(&self, session: &mut Session<'_>) -> Result<(Vec<Account>, usize)> {
        let path = shown_path(&self.file);
        let file = VaultFile::locate(Some(self.file.clone()))?;
        self.file.metadata().with_context(|| format!("could not read '{path}'"))?;
        let key = session.key.clone();
        let mut other = Session::new(&file, &mut *session.ui, session.identity);
        other.key = key;
        let vault = load_unlocked(&mut other)?;
        if vault.entries().any(|entry| entry.account().is_none()) {
            return Err(CommandError::failed(format!("not all secrets in '{path}' can be decrypted")));
        }
        for (name, problem) in vault.damaged() {
            other.ui.warn_skipped(format_args!("not merged: the account '{}': {problem}", redact(name)));
        }
        let accounts: Vec<Account> = vault.accounts().collect();
        if accounts.is_empty() {
            return Err(CommandError::failed(format!("no account in '{path}'")));
        }
        Ok((accounts, vault.damaged().count()))
    }
}

/// Loads and unlocks another vault.
///
/// # Errors
/// The other vault stays locked, or was changed without its key.
fn load_unlocked(session: &mut Session<'_>) -> Result<Vault> {
    let mut vault = session.load()?;
    if let Some(header) = vault.header().cloned() {
        let findings = vault.unlock(&session.data_key(&header)?);
        if !findings.is_empty() {
            return Err(session.vault.tampered(findings).into());
        }
    }
    Ok(vault)
}

fn merge_all(accounts: &[Account], vault: &mut Vault) -> Vec<Merged> {
    let mut merger = AccountMerger::new(vault);
    accounts.iter().map(|account| merger.merge(account.clone())).collect()
}

/// Returns the name of an account in this vault, and the name in the other one if they differ.
fn both_names(merged: &Merged) -> impl Iterator<Item = &str> {
    let wanted =
        if let MergeOutcome::Numbered { wanted } = &merged.outcome { Some(wanted.as_str()) } else { None };
    wanted.into_iter().chain([merged.account.name.as_str()])
}

fn print_diff(merged: &[Merged], names: &[String], session: &mut Session<'_>) {
    for Merged { account, outcome: how, .. } in merged {
        let name = &account.name;
        match how {
            MergeOutcome::New => session.ui.status(format_args!("+ {name}: only in the other vault")),
            MergeOutcome::Numbered { wanted } => {
                session.ui.status(format_args!("+ {name}: '{wanted}' is a different account in this vault"));
            }
            MergeOutcome::CounterAdvanced => {
                let counter = account.key.counter().unwrap_or_default();
                session
                    .ui
                    .status(format_args!("~ {name}: its counter is higher in the other vault: {counter}"));
            }
            MergeOutcome::AlreadyPresent => {}
        }
    }
    let in_both: HashSet<&str> = merged.iter().flat_map(both_names).collect();
    for name in names.iter().filter(|name| !in_both.contains(name.as_str())) {
        session.ui.status(format_args!("  {name}: only in this vault (new here, or removed there)"));
    }
}
