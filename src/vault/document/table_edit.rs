//! Edits of single fields that keep the format and the comments around them.

use std::collections::{HashMap, HashSet};

use toml_edit::{Item, Key, TableLike, Value};

/// Sets a field, or removes it if the value is `None`. Leaves a field alone whose text is the same.
pub(super) fn set_value(table: &mut dyn TableLike, field: &str, value: Option<Value>) {
    match (value, table.get_mut(field).and_then(Item::as_value_mut)) {
        (Some(value), Some(current)) if current.to_string().trim() == value.to_string().trim() => {}
        (Some(mut value), Some(current)) => {
            *value.decor_mut() = current.decor().clone();
            *current = value;
        }
        (Some(value), None) => {
            table.insert(field, Item::Value(value));
        }
        (None, _) => {
            table.remove(field);
        }
    }
}

/// Renames a field, or a record, without moving it; keeps the comments above and behind it.
pub(super) fn rename_key(table: &mut dyn TableLike, from: &str, to: &str) {
    if from != to && table.contains_key(from) {
        table.remove(to);
        rename_keys(table, &HashMap::from([(from.to_owned(), to.to_owned())]));
    }
}

/// Renames records without moving them, in one pass.
pub(super) fn rename_keys(table: &mut dyn TableLike, names: &HashMap<String, String>) {
    for (key, item) in take_all(table) {
        let key = match names.get(key.get()) {
            Some(to) => Key::new(to)
                .with_leaf_decor(key.leaf_decor().clone())
                .with_dotted_decor(key.dotted_decor().clone()),
            None => key,
        };
        table.entry_format(&key).or_insert(item);
    }
}

/// Removes records, in one pass.
pub(super) fn remove_keys(table: &mut dyn TableLike, removed: &HashSet<&str>) {
    for (key, item) in take_all(table) {
        if !removed.contains(key.get()) {
            table.entry_format(&key).or_insert(item);
        }
    }
}

/// Empties a table, and returns its fields in their order.
fn take_all(table: &mut dyn TableLike) -> Vec<(Key, Item)> {
    let keys: Vec<Key> = table.iter().filter_map(|(key, _)| table.key(key).cloned()).collect();
    // from the end, because a table moves all fields behind a removed one
    let take = |key: Key| table.remove(key.get()).map(|item| (key, item));
    let mut fields: Vec<(Key, Item)> = keys.into_iter().rev().filter_map(take).collect();
    fields.reverse();
    fields
}
