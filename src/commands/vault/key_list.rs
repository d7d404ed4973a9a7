//! The list of the keys of a vault.

use serde::Serialize;

use super::key_store::has_key;
use super::{KEY_STORE, slot_summary};
use crate::error::Result;
use crate::json::to_ascii_json;
use crate::session::Session;
use crate::ui::{Column, Table};
use crate::vault::crypto::{KeySlot, VaultHeader};

#[derive(Serialize)]
struct KeysJson {
    version: u8,
    keys: Vec<KeyRow>,
}

/// A key slot, or the key store, as the list shows it
#[derive(Serialize)]
struct KeyRow {
    /// The number of the slot; the key store has none
    number: Option<usize>,
    kind: String,
    label: Option<String>,
    /// The day of UTC, as RFC 3339 writes it
    added: Option<String>,
    damaged: bool,
    /// Whether the configured credentials open this slot; `None` if they open no slot
    in_use: Option<bool>,
}

/// Prints the keys of the vault, without a prompt.
pub(super) fn print_keys(header: &VaultHeader, json: bool, session: &mut Session<'_>) -> Result<()> {
    let rows = rows(header, session);
    if json {
        return Ok(session.ui.stdout_line(&to_ascii_json(&KeysJson { version: 1, keys: rows }))?);
    }
    let columns = ["KEY", "KIND", "LABEL", "ADDED", "STATUS"].map(Column::Left);
    let mut table = Table::new(columns.to_vec());
    for row in &rows {
        let number = row.number.map_or_else(|| KEY_STORE.to_owned(), |number| number.to_string());
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        table.push(&[&number, &row.kind, &text(&row.label), &text(&row.added), row.status()]);
    }
    let is_terminal = session.ui.stdout_is_terminal();
    let text = if is_terminal { table.to_aligned(session.ui.stdout_has_colour()) } else { table.to_tsv() };
    Ok(session.ui.stdout(text.as_bytes())?)
}

fn rows(header: &VaultHeader, session: &mut Session<'_>) -> Vec<KeyRow> {
    let position = session.slot_at_hand(header);
    let is_in_store = has_key(&header.id.to_base64(), session);
    // The key store is asked only if no other credential opens the vault.
    let is_known = position.is_some() || is_in_store;
    let slots = header.slots.iter().enumerate();
    let slots = slots.map(|(at, slot)| KeyRow::new(at + 1, slot, is_known.then_some(position == Some(at))));
    let store = is_in_store.then(|| KeyRow::for_key_store(position.is_none()));
    slots.chain(store).collect()
}

impl KeyRow {
    fn new(number: usize, slot: &KeySlot, in_use: Option<bool>) -> Self {
        Self {
            number: Some(number),
            kind: slot_summary::kind(slot),
            label: slot.label.clone(),
            added: slot.added.map(|day| day.to_string()),
            damaged: slot.is_damaged(),
            in_use,
        }
    }

    fn for_key_store(in_use: bool) -> Self {
        let label = Some("on this machine".to_owned());
        Self {
            number: None,
            kind: "key store".to_owned(),
            label,
            added: None,
            damaged: false,
            in_use: Some(in_use),
        }
    }

    fn status(&self) -> &'static str {
        match (self.damaged, self.in_use) {
            (true, _) => "damaged",
            (false, Some(true)) => "in use",
            (false, _) => "",
        }
    }
}
