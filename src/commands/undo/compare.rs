//! Compares the vault with its backup.

use std::collections::BTreeMap;

use crate::commands::account_json::named_summary;
use crate::session::Session;
use crate::text::redact;
use crate::vault::{Entry, Vault};

/// Prints a line for each account that would change, and one if the encryption would.
pub(super) fn print_differences(current: &Vault, backup: &Vault, session: &mut Session<'_>) {
    let differences = differences(current, backup);
    for line in &differences {
        session.ui.status(line);
    }
    if differences.is_empty() {
        session.ui.status("no account changed since the backup");
    }
    if let Some(line) = encryption_difference(current, backup) {
        session.ui.status(line);
    }
}

/// Returns the name in the vault and the name in the backup of each account that was renamed.
pub(super) fn renames<'a>(current: &'a Vault, backup: &'a Vault) -> Vec<(&'a str, &'a str)> {
    let only_in = |one: &'a Vault, other: &Vault| -> Vec<&'a Entry> {
        one.entries().filter(|entry| !other.has(&entry.name)).collect()
    };
    let (removed, restored) = (only_in(current, backup), only_in(backup, current));
    let same_secret = |entry: &&'a Entry| {
        removed.iter().find(|other| entry.secret().is_some() && other.secret() == entry.secret())
    };
    restored
        .iter()
        .filter_map(|entry| Some((same_secret(entry)?.name.as_str(), entry.name.as_str())))
        .collect()
}

fn encryption_difference(current: &Vault, backup: &Vault) -> Option<&'static str> {
    match (current.is_encrypted(), backup.is_encrypted()) {
        (true, false) => Some("the secrets in the backup are plain text"),
        (false, true) => Some("the secrets in the backup are encrypted"),
        _ if current.header().map(|header| &header.slots) != backup.header().map(|header| &header.slots) => {
            Some("the backup has other passphrases or keys; 'mfa vault keys' lists the current ones")
        }
        _ => None,
    }
}

fn differences(current: &Vault, backup: &Vault) -> Vec<String> {
    let unusable = [unusable_only_in(current, backup, '-'), unusable_only_in(backup, current, '+')].concat();
    let (current, backup) = (entries_by_name(current), entries_by_name(backup));
    let removed = current.iter().filter(|(name, _)| !backup.contains_key(*name));
    let restored = backup.iter().filter(|(name, _)| !current.contains_key(*name));
    let changed = backup.iter().filter_map(|(name, entry)| {
        let other = current.get(name).filter(|other| *other != entry)?;
        let secret = if other.secret() == entry.secret() { "" } else { ", with another secret" };
        Some(format!("~ {}{secret}", named_summary(name, entry)))
    });
    removed
        .map(|(name, entry)| format!("- {}", named_summary(name, entry)))
        .chain(restored.map(|(name, entry)| format!("+ {}", named_summary(name, entry))))
        .chain(changed)
        .chain(unusable)
        .collect()
}

fn entries_by_name(vault: &Vault) -> BTreeMap<&str, &Entry> {
    vault.entries().map(|entry| (entry.name.as_str(), entry)).collect()
}

fn unusable_only_in(one: &Vault, other: &Vault, sign: char) -> Vec<String> {
    let is_missing = |name: &str| !other.damaged().any(|(damaged, _)| damaged == name);
    let names = one.damaged().map(|(name, _)| name).filter(|name| is_missing(name));
    names.map(|name| format!("{sign} {}, which cannot be used", redact(name))).collect()
}
