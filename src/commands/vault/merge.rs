//! `mfa merge`

use std::collections::HashSet;
use std::path::PathBuf;

use clap::Args;

use crate::error::{CommandError, Context as _, Result};
use crate::otp::Account;
use crate::session::Session;
use crate::text::{redact, shown_path};
use crate::vault::VaultFile;
use crate::vault::merge::{AccountMerger, MergeOutcome, Merged};

/// Take over what another copy of the vault has and this one has not, after showing it
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The other vault file, plain or encrypted
    file: PathBuf,
    /// Show the difference, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

impl Merge {
    pub(crate) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let mut here = session.load()?;
        session.unlock_all(&mut here)?;
        let (theirs, left) = self.theirs(session)?;
        let names: Vec<String> = here.entries().map(|entry| entry.name.to_string()).collect();
        let mut intake = AccountMerger::new(&mut here);
        let taken: Vec<Merged> = theirs.iter().map(|account| intake.merge(account.clone())).collect();
        let news = taken.iter().filter(|taken| taken.outcome != MergeOutcome::AlreadyPresent).count();
        let there: HashSet<&str> = taken.iter().flat_map(names_there).collect();
        tell(&taken, names.iter().filter(|name| !there.contains(name.as_str())), session);
        if news == 0 {
            session.ui.status("nothing to take over");
            return refusal(left);
        }
        if self.dry_run
            || !(self.yes
                || session.ui.confirm("take over what is only there?", "-y does it without asking")?)
        {
            session.ui.status("nothing was changed");
            return refusal(left);
        }
        session.update(|vault| {
            let mut intake = AccountMerger::new(vault);
            for account in theirs {
                intake.merge(account);
            }
            Ok(())
        })?;
        session.ui.status(format_args!("took over {news} of {} accounts", taken.len()));
        refusal(left)
    }

    /// The accounts of the other file, which may have another key, and how many of its records are none
    fn theirs(&self, session: &mut Session<'_>) -> Result<(Vec<Account>, usize)> {
        let file = VaultFile::locate(Some(self.file.clone()))?;
        let there = self.file.metadata();
        there.with_context(|| format!("could not read '{}'", shown_path(&self.file)))?;
        let key = session.key.clone();
        let mut other = Session::new(&file, &mut *session.ui, session.identity);
        other.key = key;
        let mut vault = other.load()?;
        if let Some(head) = vault.header().cloned() {
            let key = other.data_key(&head)?;
            for finding in vault.unlock(&key) {
                other.ui.warn(format_args!("there: {finding}"), None);
            }
        }
        let closed = vault.entries().find(|entry| entry.account().is_none());
        if closed.is_some() {
            return Err(CommandError::failed(format!(
                "not all secrets in '{}' open",
                shown_path(&self.file)
            )));
        }
        for (name, problem) in vault.damaged() {
            other.ui.warn_skipped(format_args!("not taken: the account '{}': {problem}", redact(name)));
        }
        let accounts: Vec<Account> = vault.accounts().collect();
        (!accounts.is_empty())
            .then(|| (accounts, vault.damaged().count()))
            .ok_or_else(|| CommandError::failed(format!("no account in '{}'", shown_path(&self.file))))
    }
}

/// The exit code says that something stayed behind
fn refusal(left: usize) -> Result<()> {
    if left == 0 {
        return Ok(());
    }
    let message = format!("{left} of the accounts there could not be taken");
    Err(CommandError::incomplete(message))
}

/// The name of an account here, and the one that it has there
fn names_there(taken: &Merged) -> impl Iterator<Item = &str> {
    let wanted =
        if let MergeOutcome::Numbered { wanted } = &taken.outcome { Some(wanted.as_str()) } else { None };
    wanted.into_iter().chain([taken.account.name.as_str()])
}

fn tell<'a>(taken: &[Merged], only_here: impl Iterator<Item = &'a String>, session: &mut Session<'_>) {
    for Merged { account, outcome: how } in taken {
        match how {
            MergeOutcome::New => session.ui.status(format_args!("+ {}: only there", account.name)),
            MergeOutcome::Numbered { wanted } => {
                session.ui.status(format_args!(
                    "+ {}: '{wanted}' is another account there than here",
                    account.name
                ));
            }
            MergeOutcome::CounterAdvanced => session.ui.status(format_args!(
                "~ {}: its counter is further on there, at {}",
                account.name,
                account.key.counter().unwrap_or_default()
            )),
            MergeOutcome::AlreadyPresent => {}
        }
    }
    for name in only_here {
        session.ui.status(format_args!("  {name}: only here (new here, or removed there)"));
    }
}
