//! `mfa vault passwd`

use std::path::PathBuf;

use clap::Args;

use super::key_args::passphrase_slot;
use crate::error::{CommandError, Result};
use crate::session::Session;
use crate::session::unlock::new_passphrase;
use crate::vault::crypto::{KeySlot, SlotKind, VaultHeader};

/// Change the passphrase of the vault
#[derive(Debug, Args)]
pub(crate) struct Passwd {
    /// Read the new passphrase from this file, or - for stdin [default: a prompt]
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
}

impl Passwd {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let header = session.encrypted_header()?;
        let number = self.change_slot(&header, session)? + 1;
        session.ui.status(format_args!("changed the passphrase (key {number})"));
        session.ui.status(
            "the backup still opens with the old passphrase; if it may have leaked, run 'mfa vault rekey'",
        );
        Ok(())
    }

    /// Replaces the slot of the passphrase, and returns its position.
    fn change_slot(&self, header: &VaultHeader, session: &mut Session<'_>) -> Result<usize> {
        let passphrases: Vec<usize> = (0..header.slots.len())
            .filter(|&position| header.slots[position].kind == SlotKind::Passphrase)
            .collect();
        if passphrases.is_empty() {
            return Err(CommandError::failed("the vault has no passphrase")
                .hint("add one with 'mfa vault keys add --passphrase'"));
        }
        let unlocked = session.unlock_slot(header)?;
        let used = unlocked.slot.filter(|position| passphrases.contains(position));
        let position = match (used, &passphrases[..]) {
            (Some(position), _) => position,
            (None, [position]) => *position,
            _ => {
                let message = "the vault has several passphrases, and none of them unlocked it";
                return Err(CommandError::usage(message)
                    .hint("unlock it with the passphrase to change, or run 'mfa vault keys remove N'"));
            }
        };
        let passphrase = new_passphrase(self.new_passphrase_file.as_deref(), false, session)?;
        let slot = passphrase_slot(&passphrase, header.id, &unlocked.key)?;
        let old = &header.slots[position];
        replace_slot(old, KeySlot { label: old.label.clone(), ..slot }, session)?;
        Ok(position)
    }
}

fn replace_slot(old: &KeySlot, new: KeySlot, session: &mut Session<'_>) -> Result<()> {
    session.update(|vault| {
        let mut slots = vault.header().map(|header| header.slots.clone()).unwrap_or_default();
        let Some(slot) = slots.iter_mut().find(|slot| slot.data == old.data) else {
            return Err(CommandError::failed("another process changed the key slots"));
        };
        *slot = new;
        vault.set_slots(slots);
        Ok(())
    })
}
