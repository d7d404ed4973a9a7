//! The arguments of `mfa undo`, and the order of its steps.

use clap::Args;

use super::compare::{print_differences, renames};
use super::open::{OpenBackup, open_both};
use crate::error::Result;
use crate::session::Session;
use crate::state::UsedCodes;
use crate::vault::{Vault, WriteOptions};

/// Undo the last change: swap the vault and its backup
#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// Show the differences, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Do not ask for confirmation
    #[arg(short, long)]
    yes: bool,
}

impl Undo {
    pub(in crate::commands) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let (current, backup) = open_both(session)?;
        let is_open = current.is_some();
        let current = current.unwrap_or_default();
        session.vault.check_backup_origin(&current, &backup.vault)?;
        print_differences(&current, &backup.vault, session);
        if !is_open && backup.vault.accounts().any(|account| account.key.counter().is_some()) {
            session
                .ui
                .warn("HOTP counters continue from the backup: the next codes may have been used", None);
        }
        if !self.is_confirmed(session)? {
            session.ui.status("nothing was changed");
            return Ok(());
        }
        self.restore(&current, is_open, &backup, session)?;
        let was_plain = is_open && !current.is_encrypted();
        session.ui.status(if was_plain && backup.vault.is_encrypted() {
            "restored the version before the last change; the plain-text version is the backup now: \
             'mfa vault decrypt' returns to plain text"
        } else {
            "restored the version before the last change; 'mfa undo' again reverses this"
        });
        Ok(())
    }

    fn is_confirmed(&self, session: &mut Session<'_>) -> Result<bool> {
        Ok(!self.dry_run && (self.yes || session.ui.confirm("restore the backup?", "confirm with -y")?))
    }

    /// Swaps the vault and its backup, and carries the used codes over to the names in the backup.
    fn restore(
        &self,
        current: &Vault,
        is_open: bool,
        backup: &OpenBackup,
        session: &mut Session<'_>,
    ) -> Result<()> {
        let current_options = WriteOptions {
            key: session.key().filter(|_| current.is_encrypted()),
            allow_tampered: true,
            ..WriteOptions::default()
        };
        let backup_options =
            WriteOptions { key: backup.key.as_ref().map(|(id, key)| (*id, key)), ..WriteOptions::default() };
        // Copy the used codes before the swap, and again after it: another process may have used one in between.
        copy_used_codes(current, &backup.vault, session);
        let shown = (!self.yes).then_some([current, &backup.vault]);
        let newer = session.vault.restore(is_open.then_some(&current_options), &backup_options, shown)?;
        copy_used_codes(current, &backup.vault, session);
        for name in newer {
            session.ui.status(format_args!("'{name}' keeps its newer counter, so that no code repeats"));
        }
        Ok(())
    }
}

/// Copies the used codes of each renamed account to its name in the backup.
fn copy_used_codes(current: &Vault, backup: &Vault, session: &Session<'_>) {
    for (from, to) in renames(current, backup) {
        UsedCodes::copy(session.vault.path(), from, to);
    }
}
