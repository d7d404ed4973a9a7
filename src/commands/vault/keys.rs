//! `mfa vault keys`

use clap::{Args, Subcommand};

use super::key_args::KeyArgs;
use super::key_list::print_keys;
use super::key_removal::RemoveKey;
use super::key_store::{pin_key, put_key, with_key_in_store};
use super::slot_summary::summary;
use crate::error::{CommandError, Result};
use crate::session::Session;
use crate::text::sanitize;
use crate::vault::Vault;
use crate::vault::crypto::{DataKey, KeySlot, VaultHeader};

/// The length limit of a label, in characters
const MAX_LABEL: usize = 64;

/// List, add and remove the passphrases and keys of the vault
#[derive(Debug, Args)]
pub(crate) struct Keys {
    /// Print the list as JSON
    #[arg(short, long)]
    json: bool,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    Add(AddKey),
    Remove(RemoveKey),
}

/// Add a passphrase, a public key, or the system's key store
#[derive(Debug, Args)]
struct AddKey {
    #[command(flatten)]
    keys: KeyArgs,
    /// Describe the key in the list of keys [default: the comment or the ends of a public key]
    #[arg(long, value_name = "TEXT", value_parser = parse_label)]
    label: Option<String>,
}

impl Keys {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let mut vault = session.load_locked()?;
        let Some(header) = vault.header().cloned() else {
            return Err(CommandError::failed("the vault has no key slots: it is not encrypted"));
        };
        match &self.action {
            None => print_keys(&header, self.json, session),
            Some(_) if self.json => Err(CommandError::usage("only the list of keys can be printed as JSON")),
            Some(Action::Add(add)) => add.run(&header, &mut vault, session),
            Some(Action::Remove(remove)) => remove.run(&header, session),
        }
    }
}

impl AddKey {
    fn run(&self, header: &VaultHeader, vault: &mut Vault, session: &mut Session<'_>) -> Result<()> {
        let needs_no_slot = self.keys.is_empty() && self.keys.key_store;
        if needs_no_slot && self.label.is_some() {
            return Err(CommandError::usage("the key store has no label"));
        }
        // The trust check comes first: the key store must not get the key of a vault that replaced this one.
        session.unlock_all(vault)?;
        let key = session.data_key(header)?;
        if needs_no_slot {
            return put_key(header, &key, session);
        }
        let (first, added) = with_key_in_store(self.keys.key_store, header.id, &key, session, |session| {
            self.write_slots(header, &key, session)
        })?;
        for (number, slot) in (first..).zip(&added) {
            session.ui.status(format_args!("added key {number} ({})", summary(slot)));
        }
        if self.keys.key_store { pin_key(header, &key, session) } else { Ok(()) }
    }

    /// Adds the slots to the vault, and returns them with the number of the first.
    fn write_slots(
        &self,
        header: &VaultHeader,
        key: &DataKey,
        session: &mut Session<'_>,
    ) -> Result<(usize, Vec<KeySlot>)> {
        let mut added = self.keys.create_slots(header.id, key, false, session)?;
        match (&self.label, &mut added[..]) {
            (None, _) => {}
            (Some(label), [slot]) => slot.label = Some(label.clone()),
            (Some(_), _) => {
                return Err(CommandError::usage("a label describes one key: add the keys one by one"));
            }
        }
        session.update(|vault| {
            let slots = vault.header().map(|header| header.slots.clone()).unwrap_or_default();
            let first = slots.len() + 1;
            vault.set_slots([slots, added.clone()].concat());
            Ok((first, added))
        })
    }
}

/// Rejects a label that 'mfa vault keys remove' would take for a number or for the key store.
fn parse_label(text: &str) -> Result<String, &'static str> {
    if text.trim().is_empty() || text.chars().count() > MAX_LABEL {
        return Err("a label has 1 to 64 characters");
    }
    if sanitize(text) != text {
        return Err("a label has only printable characters");
    }
    if text == super::KEY_STORE || text.chars().all(|c| c.is_ascii_digit()) {
        return Err("a label is neither a number nor 'key-store'");
    }
    Ok(text.to_owned())
}
