//! Writes the `[vault]` table of an encrypted vault and the MACs of its entries.

use toml::Table;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, TableLike, Value, value};

use super::error::DocumentError;
use super::table_edit::set_value;
use super::version::{ENCRYPTED, PLAIN, set_version};
use crate::vault::crypto::{KeySlot, VaultHeader, VaultKeys};

/// Updates the version, the `[vault]` table and the MACs of all entries to the rest of the text.
///
/// # Errors
/// `NotEditable` if an entry or `[vault]` is not a table; `LastGeneration`.
pub(super) fn write(
    document: &mut DocumentMut,
    header: &VaultHeader,
    keys: &VaultKeys,
) -> Result<(), DocumentError> {
    set_version(document, ENCRYPTED);
    let root = reparse(document)?;
    let accounts = root.get("accounts").and_then(toml::Value::as_table);
    let accounts: Vec<(&String, &toml::Value)> = accounts.into_iter().flatten().collect();
    write_header(document, header, accounts.iter().map(|(name, _)| name.as_str()))?;
    // The entries' MACs come first, because the file's MAC covers them.
    for (name, record) in accounts {
        let record = record.as_table().ok_or(DocumentError::NotEditable)?;
        let mac = keys.entry_mac(name, record);
        let table = document.get_mut("accounts").and_then(|accounts| accounts.get_mut(name));
        let table = table.and_then(Item::as_table_like_mut).ok_or(DocumentError::NotEditable)?;
        set_value(table, "tag", Some(mac.into()));
    }
    let file_mac = keys.file_mac(&reparse(document)?);
    let vault = vault_table(document)?;
    set_value(vault, "marks", Some(file_mac.marks.into()));
    set_value(vault, "mac", Some(file_mac.mac.into()));
    Ok(())
}

/// Removes the fields that only an encrypted vault has, and keeps those that the user has added.
pub(super) fn remove(document: &mut DocumentMut) {
    set_version(document, PLAIN);
    let Ok(vault) = vault_table(document) else { return };
    for key in ["id", "generation", "accounts", "marks", "mac", "slot"] {
        vault.remove(key);
    }
    if vault.is_empty() {
        document.remove("vault");
    }
}

fn reparse(document: &DocumentMut) -> Result<Table, DocumentError> {
    document.to_string().parse().map_err(|_| DocumentError::NotEditable)
}

fn write_header<'a>(
    document: &mut DocumentMut,
    header: &VaultHeader,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), DocumentError> {
    let generation = i64::try_from(header.generation).map_err(|_| DocumentError::LastGeneration)?;
    let vault = vault_table(document)?;
    set_value(vault, "id", Some(header.id.to_base64().into()));
    set_value(vault, "generation", Some(generation.into()));
    set_value(vault, "accounts", Some(one_per_line(names)));
    // They must precede the slots, which are tables with header lines.
    for key in ["marks", "mac"] {
        if vault.get(key).is_none() {
            vault.insert(key, value(""));
        }
    }
    write_slots(vault, &header.slots);
    Ok(())
}

/// Returns an array with one string per line, so that a change of one string is a diff of one line.
fn one_per_line<'a>(names: impl Iterator<Item = &'a str>) -> Value {
    let mut array = Array::new();
    for name in names {
        let mut name = Value::from(name);
        name.decor_mut().set_prefix("\n    ");
        array.push_formatted(name);
    }
    if !array.is_empty() {
        array.set_trailing_comma(true);
        array.set_trailing("\n");
    }
    Value::Array(array)
}

/// Writes the slots; a slot that is in the text already keeps its format and comments.
fn write_slots(vault: &mut dyn TableLike, slots: &[KeySlot]) {
    let current = vault.get("slot").and_then(Item::as_array_of_tables).cloned().unwrap_or_default();
    let is_for = |table: &toml_edit::Table, slot: &KeySlot| {
        table.get("data").and_then(Item::as_str) == Some(slot.data.as_str())
    };
    if current.len() == slots.len() && current.iter().zip(slots).all(|(table, slot)| is_for(table, slot)) {
        return;
    }
    let mut tables = ArrayOfTables::new();
    for slot in slots {
        let table = current.iter().find(|table| is_for(table, slot)).cloned();
        tables.push(table.unwrap_or_else(|| to_table(slot)));
    }
    vault.insert("slot", Item::ArrayOfTables(tables));
}

fn to_table(slot: &KeySlot) -> toml_edit::Table {
    let mut table = toml_edit::Table::new();
    table.decor_mut().set_prefix("\n");
    table.insert("kind", value(slot.kind.as_str()));
    if let Some(label) = &slot.label {
        table.insert("label", value(label));
    }
    if let Some(added) = slot.added {
        table.insert("added", value(added));
    }
    if let Some(check) = &slot.check {
        table.insert("check", value(check));
    }
    table.insert("data", value(&slot.data));
    table
}

fn vault_table(document: &mut DocumentMut) -> Result<&mut dyn TableLike, DocumentError> {
    if document.get("vault").is_none() {
        let mut table = toml_edit::Table::new();
        table.decor_mut().set_prefix("\n");
        table.set_position(Some(0));
        document.insert("vault", Item::Table(table));
    }
    document.get_mut("vault").and_then(Item::as_table_like_mut).ok_or(DocumentError::NotEditable)
}
