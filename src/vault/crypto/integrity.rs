//! Tamper detection: whether an encrypted vault was changed without its key, and which accounts differ.

use std::collections::HashSet;

use toml::{Table, Value};

use super::file_mac::listed_keys;
use super::keys::VaultKeys;
use crate::text::redact;

/// A part of a file that does not match the key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub(crate) enum TamperFinding {
    /// A field of the record was edited, but not its MAC: this account alone cannot be trusted.
    #[error("the account '{}' was edited", redact(.0))]
    RecordEdited(String),
    /// Listed, but not present
    #[error("the account '{}' was removed", redact(.0))]
    RecordMissing(String),
    /// Present, but not listed
    #[error("the account '{}' was added", redact(.0))]
    RecordAdded(String),
    /// The records are not in the order of the list.
    #[error("the accounts were reordered")]
    RecordsMoved,
    /// The MAC of the file does not match.
    #[error(
        "a key slot, the header, or the MAC of an account was edited, or comes from another time or another vault"
    )]
    FileEdited,
}

impl VaultKeys {
    /// Verifies the file around the records, and their MACs as they are in the file.
    ///
    /// A finding means that no account of the file can be trusted: a record may be an older or a newer one.
    pub(crate) fn verify_file(&self, root: &Table) -> Vec<TamperFinding> {
        let listed = listed_keys(root);
        let mut findings = Self::compare_keys(root, &listed);
        if !self.verify_file_mac(root) {
            findings.push(TamperFinding::FileEdited);
        }
        findings
    }

    /// Compares the keys of the records with the list, as sets and in their order.
    fn compare_keys(root: &Table, listed: &[&str]) -> Vec<TamperFinding> {
        let is_in_order = || present(root).map(|(key, _)| key).eq(listed.iter().copied());
        if is_in_order() {
            return Vec::new();
        }
        let expected: HashSet<&str> = listed.iter().copied().collect();
        let actual: HashSet<&str> = present(root).map(|(key, _)| key).collect();
        let missing = listed.iter().filter(|key| !actual.contains(*key));
        let added = present(root).map(|(key, _)| key).filter(|key| !expected.contains(key));
        let mut findings: Vec<TamperFinding> = missing
            .map(|key| TamperFinding::RecordMissing((*key).to_owned()))
            .chain(added.map(|key| TamperFinding::RecordAdded(key.to_owned())))
            .collect();
        if findings.is_empty() {
            findings.push(TamperFinding::RecordsMoved);
        }
        findings
    }

    /// Verifies the MAC of the record with this key.
    pub(crate) fn verify_record_of(&self, root: &Table, key: &str) -> bool {
        let record = root.get("accounts").and_then(|accounts| accounts.get(key)).and_then(Value::as_table);
        record.is_some_and(|record| self.verify_record(key, record))
    }

    /// Returns a finding for each record whose own MAC does not match.
    pub(crate) fn verify_records(&self, root: &Table) -> Vec<TamperFinding> {
        let is_edited = |key: &str, value: &Value| {
            !value.as_table().is_some_and(|record| self.verify_record(key, record))
        };
        let edited = present(root).filter(|(key, value)| is_edited(key, value));
        edited.map(|(key, _)| TamperFinding::RecordEdited(key.to_owned())).collect()
    }
}

fn present(root: &Table) -> impl Iterator<Item = (&str, &Value)> {
    let accounts = root.get("accounts").and_then(Value::as_table);
    accounts.into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}
