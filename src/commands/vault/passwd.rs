//! `mfa passwd`

use std::path::PathBuf;

use clap::Args;

use crate::commands::vault::key_args::passphrase_slot;
use crate::error::{CommandError, Result};
use crate::session::Session;
use crate::session::unlock::new_passphrase;
use crate::vault::crypto::{SlotKind, VaultHeader};
use crate::vault::{WholeFileCipher, WriteOptions};

/// Change the passphrase of the vault
#[derive(Debug, Args)]
pub(crate) struct Passwd {
    /// Take the new passphrase from this file, or - for stdin [default: a prompt]
    #[arg(long, value_name = "FILE")]
    new_passphrase_file: Option<PathBuf>,
}

impl Passwd {
    pub(crate) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let head = session.encrypted_header()?;
        match &head {
            Some(head) => self.change_slot(head, session)?,
            None => self.change_envelope(session)?,
        }
        session.ui.status("the passphrase is changed");
        if head.is_some() {
            session.ui.status("the backup still opens with the one before: if that has leaked, 'mfa rekey'");
        } else {
            session.ui.status("the backup still opens with the one before");
        }
        Ok(())
    }

    fn change_slot(&self, head: &VaultHeader, session: &mut Session<'_>) -> Result<()> {
        let places: Vec<usize> =
            (0..head.slots.len()).filter(|&place| head.slots[place].kind == SlotKind::Passphrase).collect();
        if places.is_empty() {
            return Err(
                CommandError::failed("no passphrase opens this vault").hint("mfa slots add --passphrase")
            );
        }
        let unlocked = session.unlock_slot(head)?;
        let place = match (unlocked.slot.filter(|place| places.contains(place)), &places[..]) {
            (Some(place), _) => place,
            (None, [place]) => *place,
            _ => {
                return Err(CommandError::usage(
                    "several passphrases open this vault, and none of them was given",
                )
                .hint("unlock it with the one that shall change, or 'mfa slots remove N'"));
            }
        };
        let passphrase = new_passphrase(self.new_passphrase_file.as_deref(), false, session)?;
        let slot = passphrase_slot(&passphrase, head.id, &unlocked.key)?;
        let old = head.slots[place].data.clone();
        session.update(|vault| {
            let mut slots = vault.header().map(|head| head.slots.clone()).unwrap_or_default();
            let Some(place) = slots.iter_mut().find(|slot| slot.data == old) else {
                return Err(CommandError::failed("the slots were changed by another process"));
            };
            *place = slot;
            vault.set_slots(slots);
            Ok(())
        })
    }

    fn change_envelope(&self, session: &mut Session<'_>) -> Result<()> {
        if session.cipher.as_ref().is_some_and(WholeFileCipher::is_for_keys) {
            return Err(CommandError::failed("the vault is for public keys, not for a passphrase"));
        }
        let passphrase = new_passphrase(self.new_passphrase_file.as_deref(), false, session)?;
        let envelope = WholeFileCipher::from_passphrase(passphrase);
        let writing = WriteOptions {
            decrypt_with: session.cipher.as_ref(),
            encrypt_with: Some(&envelope),
            ..WriteOptions::default()
        };
        session.vault.update::<_, CommandError>(&writing, |vault| {
            vault.set_recipients(Vec::new());
            Ok(())
        })
    }
}
