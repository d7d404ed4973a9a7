//! `mfa slots`

use clap::{Args, Subcommand};

use crate::commands::vault::key_args::{KeyArgs, put_into_key_store, summary};
use crate::error::{CommandError, Result};
use crate::keyring::store;
use crate::session::Session;
use crate::vault::Vault;
use crate::vault::crypto::{KeySlot, SlotKind, VaultHeader};

/// Show, add and remove what opens the vault
#[derive(Debug, Args)]
pub(crate) struct Slots {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// One more passphrase, public key, or the system's key store
    Add(KeyArgs),
    /// No longer let this one open the vault
    Remove {
        /// Its number, as 'mfa slots' shows it, or key-store
        slot: String,
    },
    /// Show them
    List,
}

impl Slots {
    pub(crate) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let mut vault = session.load()?;
        let Some(head) = vault.header().cloned() else {
            let message = if session.cipher.is_some() {
                "the vault has no slots: it is encrypted as a whole"
            } else {
                "the vault has no slots: its secrets are not sealed"
            };
            return Err(CommandError::failed(message));
        };
        match &self.action {
            None | Some(Action::List) => {
                let lines: Vec<String> =
                    (1..).zip(&head.slots).map(|(n, slot)| format!("{n}\t{}\n", summary(slot))).collect();
                session.ui.stdout(lines.concat().as_bytes())?;
                if session
                    .vault
                    .pinned_state()
                    .is_some_and(|known| known.has_stored_key(&head.id.to_base64()))
                {
                    session.ui.stdout(b"key-store\tthe system's key store, on this machine\n")?;
                }
                Ok(())
            }
            Some(Action::Add(locks)) => add(locks, &head, &mut vault, session),
            Some(Action::Remove { slot }) if slot == "key-store" => {
                let id = head.id.to_base64();
                let was_there = store::forget(&id)?;
                if let Some(known) = session.vault.pinned_state().filter(|known| known.has_stored_key(&id)) {
                    let _ = known.with_stored_key(false).save_pin(session.vault.path());
                }
                session.ui.status(if was_there {
                    "the key is no longer in the key store"
                } else {
                    "the key was not in the key store"
                });
                Ok(())
            }
            Some(Action::Remove { slot }) => remove(slot, session),
        }
    }
}

fn add(locks: &KeyArgs, head: &VaultHeader, vault: &mut Vault, session: &mut Session<'_>) -> Result<()> {
    // no key goes into the key store for a vault that was put in the place of this one
    session.unlock_all(vault)?;
    let key = session.data_key(head)?;
    if locks.are_unsaid() && locks.key_store {
        return put_into_key_store(head, &key, session);
    }
    let added = locks.slots(head.id, &key, false, session)?;
    let told: Vec<String> = added.iter().map(summary).collect();
    session.update(|vault| {
        let there = vault.header().map(|head| head.slots.clone()).unwrap_or_default();
        vault.set_slots([there, added].concat());
        Ok(())
    })?;
    session.ui.status(format_args!("opens the vault from now on: {}", told.join(", ")));
    if locks.key_store { put_into_key_store(head, &key, session) } else { Ok(()) }
}

fn remove(number: &str, session: &mut Session<'_>) -> Result<()> {
    let place = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let (removed, alike) = session.update(|vault| {
        let mut slots = vault.header().map(|head| head.slots.clone()).unwrap_or_default();
        let Some(place) = place.filter(|&place| place < slots.len()) else {
            return Err(CommandError::usage(format!("there is no slot '{}'", crate::text::redact(number)))
                .hint("'mfa slots' shows them"));
        };
        let removed = slots.remove(place);
        if !slots.iter().any(can_open) {
            let message = "it is the only slot that can be opened: nothing would open the vault";
            return Err(CommandError::failed(message));
        }
        let is_alike = |slot: &KeySlot| slot.label.is_some() && summary(slot) == summary(&removed);
        let alike = slots.iter().position(is_alike);
        vault.set_slots(slots);
        Ok((removed, alike))
    })?;
    match alike {
        Some(place) => session.ui.warn(
            format_args!("slot {} is left, and called the same: {}", place + 1, summary(&removed)),
            Some("if it is for the same key, that still opens the vault"),
        ),
        None => session.ui.status(format_args!("no longer opens the vault: {}", summary(&removed))),
    }
    session.ui.status("it still opens older copies, the backup among them, and whoever used it may have kept the key: 'mfa rekey'");
    Ok(())
}

fn can_open(slot: &KeySlot) -> bool {
    !matches!(slot.kind, SlotKind::Unknown(_)) && !slot.is_damaged()
}
