//! Writes the `[vault]` table of an encrypted vault and the MACs of its records.

use std::collections::HashSet;

use toml::Table;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, TableLike, Value, value};

use super::error::DocumentError;
use super::table_edit::set_value;
use super::version::{ENCRYPTED, PLAIN, set_version};
use crate::vault::crypto::{KeySlot, VaultHeader, VaultKeys, has_same_content};
use crate::vault::encrypted::EncryptedVault;

/// The records that get a new MAC
pub(super) enum MacScope {
    /// Those whose fields changed
    Changed,
    /// Those whose fields changed, and those with these keys, which the user accepted
    Accepted(HashSet<String>),
    /// All: the key of the vault changed
    All,
}

/// Updates the version, the `[vault]` table and the MACs to the rest of the text.
///
/// A record outside of `scope` keeps its MAC: one that was edited without the key must not become authentic.
///
/// # Errors
/// `NotEditable` if a record or `[vault]` is not a table; `LastGeneration`.
pub(super) fn write(
    document: &mut DocumentMut,
    encryption: &EncryptedVault,
    keys: &VaultKeys,
    scope: &MacScope,
) -> Result<(), DocumentError> {
    set_version(document, ENCRYPTED);
    let mut root = reparse(document)?;
    let none = toml::Table::new();
    let before = encryption.root.get("accounts").and_then(toml::Value::as_table).unwrap_or(&none);
    let after = root.get_mut("accounts").and_then(toml::Value::as_table_mut);
    let mut after: Vec<(&String, &mut toml::Value)> = after.into_iter().flatten().collect();
    write_header(document, &encryption.header, after.iter().map(|(key, _)| key.as_str()))?;
    let generation = to_integer(encryption.header.generation)?;
    for (key, record) in &mut after {
        let record = record.as_table_mut().ok_or(DocumentError::NotEditable)?;
        if scope.includes(key, record, before.get(*key)) {
            record.insert("generation".to_owned(), generation.into());
            let table = document.get_mut("accounts").and_then(|accounts| accounts.get_mut(key.as_str()));
            let table = table.and_then(Item::as_table_like_mut).ok_or(DocumentError::NotEditable)?;
            set_value(table, "generation", Some(generation.into()));
            set_value(table, "tag", Some(keys.record_mac(key, record).into()));
        }
    }
    let mac = keys.file_mac(&reparse(document)?);
    set_value(vault_table(document)?, "mac", Some(mac.into()));
    Ok(())
}

impl MacScope {
    fn includes(&self, key: &str, record: &Table, before: Option<&toml::Value>) -> bool {
        let is_changed =
            || !before.and_then(toml::Value::as_table).is_some_and(|before| has_same_content(before, record));
        match self {
            Self::All => true,
            Self::Accepted(keys) => keys.contains(key) || is_changed(),
            Self::Changed => is_changed(),
        }
    }
}

/// Removes the fields that only an encrypted vault has, and keeps those that the user has added.
pub(super) fn remove(document: &mut DocumentMut) {
    set_version(document, PLAIN);
    let Ok(vault) = vault_table(document) else { return };
    for key in ["id", "generation", "hide_names", "accounts", "mac", "slot"] {
        vault.remove(key);
    }
    if vault.is_empty() {
        document.remove("vault");
    }
}

fn to_integer(generation: u64) -> Result<i64, DocumentError> {
    i64::try_from(generation).map_err(|_| DocumentError::LastGeneration)
}

fn reparse(document: &DocumentMut) -> Result<Table, DocumentError> {
    document.to_string().parse().map_err(|_| DocumentError::NotEditable)
}

fn write_header<'a>(
    document: &mut DocumentMut,
    header: &VaultHeader,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), DocumentError> {
    let generation = to_integer(header.generation)?;
    let vault = vault_table(document)?;
    set_value(vault, "id", Some(header.id.to_base64().into()));
    set_value(vault, "generation", Some(generation.into()));
    set_value(vault, "hide_names", header.hides_names.then(|| true.into()));
    set_value(vault, "accounts", Some(one_per_line(names)));
    // It must precede the slots, which are tables with header lines.
    if vault.get("mac").is_none() {
        vault.insert("mac", value(""));
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
