//! `mfa vault keys remove`

use clap::Args;

use super::KEY_STORE;
use super::key_store::remove_key;
use super::slot_summary::summary;
use crate::error::{CommandError, ExitCode, Result};
use crate::session::Session;
use crate::text::redact;
use crate::vault::Vault;
use crate::vault::crypto::{KeySlot, SlotKind, VaultHeader};

/// Remove a passphrase or key
#[derive(Debug, Args)]
pub(super) struct RemoveKey {
    /// Its number or label in the output of 'mfa vault keys', or key-store
    key: String,
    /// Do not ask for confirmation
    #[arg(short, long)]
    yes: bool,
}

impl RemoveKey {
    pub(super) fn run(&self, header: &VaultHeader, session: &mut Session<'_>) -> Result<()> {
        if self.key == KEY_STORE {
            return if self.is_confirmed("remove the key from the key store?", session)? {
                remove_key(&header.id.to_base64(), session)
            } else {
                Ok(())
            };
        }
        let position = find_slot(&self.key, &header.slots)?;
        require_another(&header.slots, position)?;
        let key = format!("key {} ({})", position + 1, summary(&header.slots[position]));
        if session.slot_at_hand(header) == Some(position) {
            session.ui.warn(format_args!("{key} is the one that unlocks the vault now"), None);
        }
        if !self.is_confirmed(&format!("remove {key}?"), session)? {
            return Ok(());
        }
        let same_label = session.update(|vault| remove_slot(&header.slots[position], vault))?;
        report(&key, &header.slots[position], same_label, session);
        Ok(())
    }

    fn is_confirmed(&self, question: &str, session: &mut Session<'_>) -> Result<bool> {
        let is_confirmed = self.yes || session.ui.confirm(question, "confirm with -y")?;
        if !is_confirmed {
            session.ui.status("nothing was changed");
        }
        Ok(is_confirmed)
    }
}

/// Returns the position of the slot with this number, or else with this label.
///
/// # Errors
/// No slot, or several, have it.
fn find_slot(key: &str, slots: &[KeySlot]) -> Result<usize> {
    let position = key.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    if let Some(position) = position.filter(|&position| position < slots.len()) {
        return Ok(position);
    }
    let labelled = (0..slots.len()).filter(|&position| slots[position].label.as_deref() == Some(key));
    match labelled.collect::<Vec<_>>()[..] {
        [] => {
            let message = format!("there is no key slot '{}'", redact(key));
            Err(CommandError::usage(message).hint("run 'mfa vault keys' to list them"))
        }
        [position] => Ok(position),
        ref several => {
            let numbers: Vec<String> = several.iter().map(|position| (position + 1).to_string()).collect();
            let message = format!("the label '{}' fits several keys: {}", redact(key), numbers.join(", "));
            Err(CommandError::new(ExitCode::Ambiguous, message).hint("give the number of the key"))
        }
    }
}

/// Rejects the removal of the last usable slot.
fn require_another(slots: &[KeySlot], position: usize) -> Result<()> {
    let is_usable = |slot: &KeySlot| !matches!(slot.kind, SlotKind::Unknown(_)) && !slot.is_damaged();
    if slots.iter().enumerate().any(|(other, slot)| other != position && is_usable(slot)) {
        return Ok(());
    }
    Err(CommandError::failed("cannot remove the last usable key: nothing would open the vault"))
}

/// Removes a slot, and returns the position of a remaining slot of the same label.
fn remove_slot(removed: &KeySlot, vault: &mut Vault) -> Result<Option<usize>> {
    let mut slots = vault.header().map(|header| header.slots.clone()).unwrap_or_default();
    let Some(position) = slots.iter().position(|slot| slot.data == removed.data) else {
        return Err(CommandError::failed("another process changed the key slots"));
    };
    require_another(&slots, position)?;
    slots.remove(position);
    let has_same_label = |slot: &KeySlot| slot.label.is_some() && summary(slot) == summary(removed);
    let same_label = slots.iter().position(has_same_label);
    vault.set_slots(slots);
    Ok(same_label)
}

fn report(key: &str, removed: &KeySlot, same_label: Option<usize>, session: &mut Session<'_>) {
    match same_label {
        Some(position) => session.ui.warn(
            format_args!("key {} has the same label as the removed key: {}", position + 1, summary(removed)),
            Some("if it is the same key, it still opens the vault: remove it as well"),
        ),
        None => session.ui.status(format_args!("removed {key}")),
    }
    session.ui.status(
        "it still opens older copies, such as the backup; if the key may have leaked, run 'mfa vault rekey'",
    );
}
