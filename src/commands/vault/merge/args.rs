//! The arguments of `mfa vault merge`, and the order of its steps.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::copies::Copy;
use super::report::{conflict_line, format_conflicts, print_differences, print_renumbered, print_slots};
use crate::commands::account_json::format_count;
use crate::error::{CommandError, Result};
use crate::otp::Account;
use crate::session::Session;
use crate::vault::Vault;
use crate::vault::merge::{AccountMerge, Conflict, Side, merge_accounts};

/// Merge the changes of another copy of the vault
#[derive(Debug, Args)]
pub(crate) struct Merge {
    /// The other vault file, plain text or encrypted
    #[arg(required_unless_present_any = ["driver", "install_driver"])]
    file: Option<PathBuf>,
    /// The vault file from which both copies come: what only one of them changed needs no question
    #[arg(long, value_name = "FILE")]
    base: Option<PathBuf>,
    /// Settle each conflict with the value in this vault (here) or in the other copy (there)
    #[arg(long, value_name = "SIDE")]
    take: Option<Take>,
    /// Show the differences, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Do not ask for confirmation
    #[arg(short, long)]
    yes: bool,
    /// Make git merge the vault with mfa, in the repository that holds it
    #[arg(long, conflicts_with_all = ["file", "base", "take", "dry_run", "yes", "driver"])]
    install_driver: bool,
    /// Merge as a merge driver of git: its %O %A %B %P
    #[arg(
        long,
        num_args = 4,
        value_names = ["BASE", "OURS", "THEIRS", "PATH"],
        allow_hyphen_values = true,
        conflicts_with_all = ["file", "base", "take", "dry_run", "yes"]
    )]
    driver: Option<Vec<PathBuf>>,
}

/// The side that settles each conflict
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Take {
    Here,
    There,
}

impl Merge {
    pub(in crate::commands::vault) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        match (&self.driver, &self.file) {
            (Some(files), _) => super::driver::run(files, session),
            (None, Some(file)) => self.merge(file, session),
            (None, None) => super::install::run(session),
        }
    }

    fn merge(&self, file: &Path, session: &mut Session<'_>) -> Result<()> {
        let mut vault = session.load()?;
        session.unlock_all(&mut vault)?;
        let there = Copy::load(file, session)?;
        let damaged = there.vault.damaged().count();
        // with a base, a damaged account would look removed
        if self.base.is_some() && damaged > 0 {
            return Err(CommandError::incomplete("could not merge with a base; nothing was changed"));
        }
        let base = self.base.as_ref().map(|base| Copy::load(base, session)).transpose()?;
        let here: Vec<Account> = vault.accounts().collect();
        let base_accounts = base.as_ref().map(|base| &base.accounts[..]);
        let mut merges = merge_accounts(base_accounts, &here, &there.accounts);
        print_differences(&merges, session);
        let base = base.as_ref().map(|base| &base.vault);
        // on the copy in memory, to see whether the key slots differ
        let slots = vault.merge_slots(base, &there.vault);
        print_slots(&slots, session);
        let is_change = |merge: &AccountMerge| merge.is_change() || merge.conflicts().next().is_some();
        if !slots.is_change() && !merges.iter().any(is_change) {
            session.ui.status("nothing to merge");
        } else if self.dry_run {
            session.ui.status("nothing was changed");
        } else {
            self.settle(&mut merges, session)?;
            self.write(&here, &merges, slots.is_change(), (base, &there.vault), session)?;
        }
        if damaged == 0 {
            return Ok(());
        }
        Err(CommandError::incomplete(format!("could not merge {}", format_count(damaged))))
    }

    /// Settles the conflicts with `--take`, or as the user answers.
    ///
    /// # Errors
    /// There is a conflict, and the user cannot be prompted.
    fn settle(&self, merges: &mut [AccountMerge], session: &mut Session<'_>) -> Result<()> {
        let count: usize = merges.iter().map(|merge| merge.conflicts().count()).sum();
        if count > 0 && self.take.is_none() && !session.ui.can_prompt() {
            let message = format!("{}; nothing was changed", format_conflicts(count));
            return Err(CommandError::failed(message)
                .hint("run it on a terminal, which asks, or settle all with --take here or --take there"));
        }
        for merge in merges {
            let all: Vec<Conflict> = merge.conflicts().collect();
            for conflict in all {
                let side = match self.take {
                    Some(Take::Here) => Side::Here,
                    Some(Take::There) => Side::There,
                    None => ask(merge, conflict, session)?,
                };
                merge.resolve(conflict, side);
            }
        }
        Ok(())
    }

    fn write(
        &self,
        here: &[Account],
        merges: &[AccountMerge],
        slots_differ: bool,
        (base, there): (Option<&Vault>, &Vault),
        session: &mut Session<'_>,
    ) -> Result<()> {
        let changed = merges.iter().filter(|merge| merge.is_change()).count();
        if changed == 0 && !slots_differ {
            session.ui.status("nothing to merge");
            return Ok(());
        }
        if !self.yes && !session.ui.confirm("merge the other copy into this vault?", "confirm with -y")? {
            session.ui.status("nothing was changed");
            return Ok(());
        }
        let renumbered = session.update(|vault| {
            if !vault.accounts().eq(here.iter().cloned()) {
                return Err(CommandError::failed("the vault was changed by another process")
                    .hint("run 'mfa vault merge' again"));
            }
            let renumbered = vault.apply_merge(merges);
            vault.merge_slots(base, there);
            vault.follow(there);
            Ok(renumbered)
        })?;
        print_renumbered(&renumbered, session);
        session.ui.status(format_args!("merged {changed} of {}", format_count(merges.len())));
        Ok(())
    }
}

/// Asks until the user picks a side.
fn ask(merge: &AccountMerge, conflict: Conflict, session: &mut Session<'_>) -> Result<Side> {
    let choices = ["here", "there"].map(str::to_owned);
    session.ui.status(conflict_line(merge, conflict));
    loop {
        match session.ui.choose(&choices)? {
            Some(0) => return Ok(Side::Here),
            Some(_) => return Ok(Side::There),
            None => session.ui.status("type 1 to keep this vault's side, or 2 to take the other copy's"),
        }
    }
}
