//! The `[vault]` table of a sealed vault, and the tags of its entries, as they are written.

use toml::Table;
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, TableLike, Value, value};

use crate::vault::crypto::{Slot, VaultHeader, VaultKeys};
use crate::vault::document::{DocumentError, PLAIN, SEALED};

/// Brings the version, the `[vault]` table and the tag of every entry in line with the rest of the text. The tags come
/// first, since the signature is over them.
///
/// # Errors
/// `NotEditable` where an entry is no table, or `[vault]` is none; `LastGeneration`.
pub(super) fn sign(
    document: &mut DocumentMut,
    head: &VaultHeader,
    keys: &VaultKeys,
) -> Result<(), DocumentError> {
    set_version(document, SEALED);
    let root = parsed(document)?;
    let accounts = root.get("accounts").and_then(toml::Value::as_table);
    let accounts: Vec<(&String, &toml::Value)> = accounts.into_iter().flatten().collect();
    write_head(document, head, accounts.iter().map(|(name, _)| name.as_str()))?;
    for (name, record) in accounts {
        let record = record.as_table().ok_or(DocumentError::NotEditable)?;
        let tag = keys.entry_tag(name, record);
        let table = document.get_mut("accounts").and_then(|accounts| accounts.get_mut(name));
        let table = table.and_then(Item::as_table_like_mut).ok_or(DocumentError::NotEditable)?;
        crate::vault::document::set(table, "tag", Some(tag.into()));
    }
    let signature = keys.sign(&parsed(document)?);
    let vault = vault_table(document)?;
    crate::vault::document::set(vault, "marks", Some(signature.marks.into()));
    crate::vault::document::set(vault, "mac", Some(signature.mac.into()));
    Ok(())
}

/// Notes for whom a vault is encrypted as a whole: its age file does not tell
pub(super) fn write_recipients(
    document: &mut DocumentMut,
    recipients: &[String],
) -> Result<(), DocumentError> {
    let vault = vault_table(document)?;
    let recipients = (!recipients.is_empty()).then(|| lines(recipients.iter().map(String::as_str)));
    crate::vault::document::set(vault, "recipients", recipients);
    if vault.is_empty() {
        document.remove("vault");
    }
    Ok(())
}

/// Takes away what only a sealed vault has, and leaves what the user has put there
pub(super) fn strip(document: &mut DocumentMut) {
    set_version(document, PLAIN);
    let Ok(vault) = vault_table(document) else { return };
    for key in ["id", "generation", "accounts", "marks", "mac", "slot"] {
        vault.remove(key);
    }
    if vault.is_empty() {
        document.remove("vault");
    }
}

fn set_version(document: &mut DocumentMut, version: i64) {
    crate::vault::document::set(document.as_table_mut(), "version", Some(version.into()));
    let plain = crate::vault::document::NEW.lines().next().unwrap_or_default().to_owned() + "\n";
    let (before, after) = if version == SEALED {
        (plain.as_str(), crate::vault::document::NEW_SEALED)
    } else {
        (crate::vault::document::NEW_SEALED, plain.as_str())
    };
    if let Some(mut key) = document.key_mut("version")
        && key.leaf_decor().prefix().and_then(toml_edit::RawString::as_str) == Some(before)
    {
        key.leaf_decor_mut().set_prefix(after);
    }
}

fn parsed(document: &DocumentMut) -> Result<Table, DocumentError> {
    document.to_string().parse().map_err(|_| DocumentError::NotEditable)
}

fn write_head<'a>(
    document: &mut DocumentMut,
    head: &VaultHeader,
    names: impl Iterator<Item = &'a str>,
) -> Result<(), DocumentError> {
    let generation = i64::try_from(head.generation).map_err(|_| DocumentError::LastGeneration)?;
    let vault = vault_table(document)?;
    crate::vault::document::set(vault, "id", Some(head.id.to_base64().into()));
    crate::vault::document::set(vault, "generation", Some(generation.into()));
    crate::vault::document::set(vault, "accounts", Some(lines(names)));
    // their place is before the slots, which are tables of their own
    for key in ["marks", "mac"] {
        if vault.get(key).is_none() {
            vault.insert(key, value(""));
        }
    }
    write_slots(vault, &head.slots);
    Ok(())
}

/// One name a line: a change shows, and merges, as the one line that it is
fn lines<'a>(names: impl Iterator<Item = &'a str>) -> Value {
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

/// Slots that are there stay as they stand in the text
fn write_slots(vault: &mut dyn TableLike, slots: &[Slot]) {
    let there = vault.get("slot").and_then(Item::as_array_of_tables).cloned().unwrap_or_default();
    let same = |slot: &Slot| {
        there
            .iter()
            .find(|table| table.get("data").and_then(Item::as_str) == Some(slot.data.as_str()))
            .cloned()
    };
    let is_same = there.len() == slots.len()
        && there
            .iter()
            .zip(slots)
            .all(|(table, slot)| table.get("data").and_then(Item::as_str) == Some(slot.data.as_str()));
    if is_same {
        return;
    }
    let mut tables = ArrayOfTables::new();
    for slot in slots {
        tables.push(same(slot).unwrap_or_else(|| table_of(slot)));
    }
    vault.insert("slot", Item::ArrayOfTables(tables));
}

fn table_of(slot: &Slot) -> toml_edit::Table {
    let mut table = toml_edit::Table::new();
    table.decor_mut().set_prefix("\n");
    table.insert("kind", value(slot.kind.as_str()));
    if let Some(label) = &slot.label {
        table.insert("label", value(label));
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
