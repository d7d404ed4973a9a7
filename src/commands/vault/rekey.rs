//! `mfa vault rekey`

use clap::Args;

use super::decrypt::reject_unreadable;
use super::key_args::KeyArgs;
use super::key_store::{forget_old_key, has_key, pin_key, with_key_in_store};
use super::slot_summary::summaries;
use crate::error::Result;
use crate::session::Session;
use crate::vault::crypto::{DataKey, VaultHeader, VaultId};
use crate::vault::{BackupPolicy, WriteOptions};

/// Re-encrypt the vault with a new key and the given recipients; old keys stop working
#[derive(Debug, Args)]
pub(crate) struct Rekey {
    #[command(flatten)]
    keys: KeyArgs,
}

impl Rekey {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let old = session.encrypted_header()?;
        session.data_key(&old)?;
        let old_id = old.id.to_base64();
        let was_in_key_store = has_key(&old_id, session);
        let (id, key) = (VaultId::generate(), DataKey::generate());
        let header = with_key_in_store(self.keys.key_store, id, &key, session, |session| {
            self.write_encrypted(id, &key, session)
        })?;
        forget_old_key(&old_id, was_in_key_store);
        let keys = summaries(&header.slots);
        session.ui.status(format_args!("re-encrypted all secrets with a new key, for: {keys}"));
        session.ui.status(
            "old copies still open with the old keys; if one may have leaked, re-enrol those accounts",
        );
        if self.keys.key_store { pin_key(&header, &key, session) } else { Ok(()) }
    }

    fn write_encrypted(&self, id: VaultId, key: &DataKey, session: &mut Session<'_>) -> Result<VaultHeader> {
        let slots = self.keys.create_slots(id, key, false, session)?;
        let options =
            WriteOptions { key: session.key(), backup: BackupPolicy::NewVersion, ..WriteOptions::default() };
        session.vault.update(&options, |vault| {
            reject_unreadable(vault)?;
            let (generation, hides_names) =
                vault.header().map_or((0, false), |header| (header.generation, header.hides_names));
            let header = VaultHeader { id, generation, hides_names, slots };
            vault.encrypt(key, header.clone());
            Ok(header)
        })
    }
}
