//! `mfa vault keys`

use clap::{Args, Subcommand};

use super::key_args::KeyArgs;
use super::key_store::{has_key, put_key, remove_key};
use super::slot_summary::summary;
use crate::error::{CommandError, Result};
use crate::session::Session;
use crate::text::redact;
use crate::vault::Vault;
use crate::vault::crypto::{KeySlot, SlotKind, VaultHeader};

/// List, add and remove the passphrases and keys of the vault
#[derive(Debug, Args)]
pub(crate) struct Keys {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Add a passphrase, a public key, or the system's key store
    Add(KeyArgs),
    /// Remove a passphrase or key
    Remove {
        /// Its number in the output of 'mfa vault keys', or key-store
        slot: String,
    },
}

impl Keys {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let mut vault = session.load()?;
        let Some(header) = vault.header().cloned() else {
            return Err(CommandError::failed("the vault has no key slots: it is not encrypted"));
        };
        match &self.action {
            None => list(&header, session),
            Some(Action::Add(keys)) => add(keys, &header, &mut vault, session),
            Some(Action::Remove { slot }) if slot == "key-store" => {
                remove_key(&header.id.to_base64(), session)
            }
            Some(Action::Remove { slot }) => remove(slot, session),
        }
    }
}

fn list(header: &VaultHeader, session: &mut Session<'_>) -> Result<()> {
    let mut lines: Vec<String> =
        (1..).zip(&header.slots).map(|(number, slot)| format!("{number}\t{}\n", summary(slot))).collect();
    if has_key(&header.id.to_base64(), session) {
        lines.push("key-store\tthe system's key store, on this machine\n".to_owned());
    }
    Ok(session.ui.stdout(lines.concat().as_bytes())?)
}

fn add(keys: &KeyArgs, header: &VaultHeader, vault: &mut Vault, session: &mut Session<'_>) -> Result<()> {
    // The trust check comes first: the key store must not get the key of a vault that replaced this one.
    session.unlock_all(vault)?;
    let key = session.data_key(header)?;
    if keys.is_empty() && keys.key_store {
        return put_key(header, &key, session);
    }
    let added = keys.create_slots(header.id, &key, false, session)?;
    let summaries: Vec<String> = added.iter().map(summary).collect();
    let first = session.update(|vault| {
        let slots = vault.header().map(|header| header.slots.clone()).unwrap_or_default();
        let first = slots.len() + 1;
        vault.set_slots([slots, added].concat());
        Ok(first)
    })?;
    for (number, summary) in (first..).zip(summaries) {
        session.ui.status(format_args!("added key {number} ({summary})"));
    }
    if keys.key_store { put_key(header, &key, session) } else { Ok(()) }
}

fn remove(number: &str, session: &mut Session<'_>) -> Result<()> {
    let (removed, same_label) = session.update(|vault| remove_slot(number, vault))?;
    let summary = summary(&removed);
    match same_label {
        Some(position) => session.ui.warn(
            format_args!("key {} has the same label as the removed key: {summary}", position + 1),
            Some("if it is the same key, it still opens the vault: remove it as well"),
        ),
        None => session.ui.status(format_args!("removed key {number} ({summary})")),
    }
    session.ui.status(
        "it still opens older copies, such as the backup; if the key may have leaked, run 'mfa vault rekey'",
    );
    Ok(())
}

/// Removes the slot with this number, and returns it with the position of a remaining slot of the same label.
fn remove_slot(number: &str, vault: &mut Vault) -> Result<(KeySlot, Option<usize>)> {
    let position = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let mut slots = vault.header().map(|header| header.slots.clone()).unwrap_or_default();
    let Some(position) = position.filter(|&position| position < slots.len()) else {
        let message = format!("there is no key slot '{}'", redact(number));
        return Err(CommandError::usage(message).hint("run 'mfa vault keys' to list them"));
    };
    let removed = slots.remove(position);
    if !slots.iter().any(is_usable) {
        let message = "cannot remove the last usable key: nothing would open the vault";
        return Err(CommandError::failed(message));
    }
    let has_same_label = |slot: &KeySlot| slot.label.is_some() && summary(slot) == summary(&removed);
    let same_label = slots.iter().position(has_same_label);
    vault.set_slots(slots);
    Ok((removed, same_label))
}

fn is_usable(slot: &KeySlot) -> bool {
    !matches!(slot.kind, SlotKind::Unknown(_)) && !slot.is_damaged()
}
