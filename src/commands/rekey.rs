//! `mfa rekey`

use anyhow::Result;
use clap::Args;

use super::Context;
use super::locks::{Locks, described, put_into_key_store};
use crate::failure::Failure;
use crate::keystore::{cache, store};
use crate::vault::seal::{DataKey, Head, VaultId};
use crate::vault::{Backup, Writing};

/// Encrypt all secrets with a new key, for exactly what is said here: what opened the vault before no longer does
#[derive(Debug, Args)]
pub(crate) struct Rekey {
    #[command(flatten)]
    locks: Locks,
}

impl Rekey {
    pub(super) fn run(&self, cx: &mut Context<'_>) -> Result<()> {
        let Some(old) = cx.encrypted_head()? else {
            return Err(Failure::usage("an opaque vault has no key of its own")
                .hint("'mfa decrypt', then 'mfa encrypt --opaque' anew")
                .into());
        };
        cx.data_key(&old)?;
        let was_in_key_store = cx.vault.known().is_some_and(|known| known.has_key_of(&old.id.to_base64()));
        let (id, key) = (VaultId::generate(), DataKey::generate());
        let slots = self.locks.slots(id, &key, false, cx)?;
        let writing = Writing { key: cx.key(), backup: Backup::After, ..Writing::default() };
        let head = cx.vault.update::<_, anyhow::Error>(&writing, |vault| {
            super::decrypt::refuse_sealed_rest(vault)?;
            let generation = vault.head().map_or(0, |head| head.generation);
            let head = Head { id, generation, slots };
            vault.seal(&key, head.clone());
            Ok(head)
        })?;
        let old = old.id.to_base64();
        let _ = cache::forget(&old);
        if was_in_key_store {
            let _ = store::forget(&old);
        }
        let slots: Vec<String> = head.slots.iter().map(described).collect();
        cx.ui.say(format_args!("all secrets have a new key, for: {}", slots.join(", ")));
        cx.ui.say("copies of the vault from before still open as before: what may have leaked is best enrolled anew");
        if self.locks.key_store { put_into_key_store(&head, &key, cx) } else { Ok(()) }
    }
}
