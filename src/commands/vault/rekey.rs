//! `mfa rekey`

use clap::Args;

use crate::commands::vault::key_args::{KeyArgs, put_into_key_store, summary};
use crate::error::{CommandError, Result};
use crate::keyring::{cache, store};
use crate::session::Session;
use crate::vault::crypto::{DataKey, VaultHeader, VaultId};
use crate::vault::{BackupPolicy, WriteOptions};

/// Encrypt all secrets with a new key, for exactly what is said here: what opened the vault before no longer does
#[derive(Debug, Args)]
pub(crate) struct Rekey {
    #[command(flatten)]
    locks: KeyArgs,
}

impl Rekey {
    pub(crate) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let Some(old) = session.encrypted_header()? else {
            return Err(CommandError::usage("an opaque vault has no key of its own")
                .hint("'mfa decrypt', then 'mfa encrypt --opaque' anew"));
        };
        session.data_key(&old)?;
        let was_in_key_store =
            session.vault.pinned_state().is_some_and(|known| known.has_stored_key(&old.id.to_base64()));
        let (id, key) = (VaultId::generate(), DataKey::generate());
        let slots = self.locks.slots(id, &key, false, session)?;
        let writing =
            WriteOptions { key: session.key(), backup: BackupPolicy::NewVersion, ..WriteOptions::default() };
        let head = session.vault.update::<_, CommandError>(&writing, |vault| {
            crate::commands::vault::decrypt::refuse_sealed_rest(vault)?;
            let generation = vault.header().map_or(0, |head| head.generation);
            let head = VaultHeader { id, generation, slots };
            vault.encrypt(&key, head.clone());
            Ok(head)
        })?;
        let old = old.id.to_base64();
        let _ = cache::forget(&old);
        if was_in_key_store {
            let _ = store::forget(&old);
        }
        let slots: Vec<String> = head.slots.iter().map(summary).collect();
        session.ui.status(format_args!("all secrets have a new key, for: {}", slots.join(", ")));
        session.ui.status("copies of the vault from before still open as before: what may have leaked is best enrolled anew");
        if self.locks.key_store { put_into_key_store(&head, &key, session) } else { Ok(()) }
    }
}
