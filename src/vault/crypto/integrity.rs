//! Tamper detection: which parts of an encrypted vault were changed without its key, as precisely as possible.

use std::collections::HashSet;

use toml::{Table, Value};

use super::file_mac::{Section, listed_names, record};
use super::keys::VaultKeys;
use crate::text::redact;

/// A part of a file that does not match the key.
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub(crate) enum TamperFinding {
    /// Neither a mark nor an entry nor the MAC matches.
    #[error("the key does not match: the vault id was edited, or the key belongs to another vault")]
    OtherVault,
    /// The record, its name or its MAC was edited, or the record comes from another vault.
    #[error("the account '{}' was edited", redact(.0))]
    EntryEdited(String),
    /// Listed, but not present
    #[error("the account '{}' was removed", redact(.0))]
    EntryMissing(String),
    /// Present, but not listed; `with_key`: its MAC matches, so it was made for this vault, as by a merge of two copies.
    #[error("the account '{}' was added {}", redact(name), if *with_key { "by a copy of this vault" } else { "without the key" })]
    EntryAdded { name: String, with_key: bool },
    /// The entries are not in the order of the list.
    #[error("the accounts were reordered")]
    EntriesMoved,
    /// Each entry matches its own MAC, but at least one is an older or newer version of itself.
    #[error("an account was rolled back to an older state")]
    EntriesMixed,
    /// The list of names was edited, or comes from another version of the file.
    #[error("the list of accounts was edited")]
    ListEdited,
    /// A slot was added, removed, moved or edited.
    #[error("a key slot was added, removed or edited")]
    SlotsChanged,
    #[error("the generation was edited")]
    GenerationEdited,
    /// A field outside the accounts was edited or added: the version, or one that this program does not know.
    #[error("a field outside the accounts was edited")]
    HeadEdited,
    /// Only the marks were edited, which protect nothing.
    #[error("only the section marks were edited")]
    MarksEdited,
    /// The MAC was edited, or sections that match their marks come from different versions of the file.
    #[error("the MAC was edited, or parts of the file are from different times")]
    MacEdited,
}

impl TamperFinding {
    /// Returns whether accounts were changed, so that a look-up may find another account than before.
    pub(crate) fn affects_accounts(&self) -> bool {
        matches!(
            self,
            Self::OtherVault | Self::EntryEdited(_) | Self::EntryMissing(_) | Self::EntryAdded { .. }
        )
    }

    /// Returns whether the finding explains that the entries' MACs differ from those that the file's MAC covers.
    fn explains_entry_macs(&self) -> bool {
        matches!(self, Self::EntryEdited(_) | Self::EntryMissing(_))
    }
}

impl VaultKeys {
    /// Returns whether one entry, and the file around it, are authentic: a fast check, for one code.
    pub(crate) fn verifies_entry(&self, root: &Table, name: &str) -> bool {
        self.verify_mac(root)
            && listed_names(root).contains(&name)
            && record(root, name).is_some_and(|record| self.verify_entry(name, record))
    }

    /// Verifies the whole file. Returns no finding if it is authentic.
    pub(crate) fn verify(&self, root: &Table) -> Vec<TamperFinding> {
        if self.is_other_vault(root) {
            return vec![TamperFinding::OtherVault];
        }
        let mut findings = self.verify_entries(root);
        findings.extend(verify_order(root));
        if !self.verify_mac(root) {
            let changed = self.findings_outside_entries(root, &findings);
            findings.extend(changed);
        }
        findings
    }

    /// Returns whether an authentic entry may come from an older version of the file: the MACs of the entries are no
    /// longer those that the file's MAC covers, for whatever reason.
    pub(crate) fn may_contain_old_entries(&self, root: &Table) -> bool {
        let entry_macs_match =
            || self.changed_sections(root).is_some_and(|changed| !changed.contains(&Section::EntryMacs));
        !self.verify_mac(root) && !entry_macs_match() && !self.are_only_marks_edited(root)
    }

    fn is_other_vault(&self, root: &Table) -> bool {
        let no_mark_matches =
            self.changed_sections(root).is_some_and(|changed| changed.len() == Section::ALL.len());
        let no_entry_matches = || !present(root).any(|(name, value)| self.verify_value(name, value));
        no_mark_matches && no_entry_matches() && !self.verify_mac(root)
    }

    fn verify_entries(&self, root: &Table) -> Vec<TamperFinding> {
        let names = listed_names(root);
        let listed: HashSet<&str> = names.iter().copied().collect();
        let found: HashSet<&str> = present(root).map(|(name, _)| name).collect();
        let missing = names.iter().filter(|name| !found.contains(*name));
        let missing = missing.map(|name| TamperFinding::EntryMissing((*name).to_owned()));
        let changed = present(root).filter_map(|(name, value)| {
            let with_key = self.verify_value(name, value);
            match listed.contains(name) {
                true if with_key => None,
                true => Some(TamperFinding::EntryEdited(name.to_owned())),
                false => Some(TamperFinding::EntryAdded { name: name.to_owned(), with_key }),
            }
        });
        missing.chain(changed).collect()
    }

    fn verify_value(&self, name: &str, value: &Value) -> bool {
        value.as_table().is_some_and(|record| self.verify_entry(name, record))
    }

    fn are_only_marks_edited(&self, root: &Table) -> bool {
        self.verify_mac_with_marks(root, &self.file_mac(root).marks)
    }

    /// Narrows down, by the marks, why the file's MAC does not match.
    fn findings_outside_entries(&self, root: &Table, entries: &[TamperFinding]) -> Vec<TamperFinding> {
        if self.are_only_marks_edited(root) {
            return vec![TamperFinding::MarksEdited];
        }
        let changed = self.changed_sections(root).unwrap_or_default();
        let is_explained = entries.iter().any(TamperFinding::explains_entry_macs);
        let is_mixed = !is_explained && !changed.contains(&Section::Names);
        let findings: Vec<TamperFinding> = changed
            .into_iter()
            .filter_map(|section| match section {
                Section::Generation => Some(TamperFinding::GenerationEdited),
                Section::Slots => Some(TamperFinding::SlotsChanged),
                Section::Names => Some(TamperFinding::ListEdited),
                Section::EntryMacs => is_mixed.then_some(TamperFinding::EntriesMixed),
                Section::Rest => Some(TamperFinding::HeadEdited),
            })
            .collect();
        if findings.is_empty() && !is_explained { vec![TamperFinding::MacEdited] } else { findings }
    }
}

/// Checks that the entries that are both listed and present are in the order of the list.
fn verify_order(root: &Table) -> Option<TamperFinding> {
    let names = listed_names(root);
    let listed: HashSet<&str> = names.iter().copied().collect();
    let found: HashSet<&str> = present(root).map(|(name, _)| name).collect();
    let expected = names.iter().copied().filter(|name| found.contains(name));
    let actual = present(root).map(|(name, _)| name).filter(|name| listed.contains(name));
    (!expected.eq(actual)).then_some(TamperFinding::EntriesMoved)
}

fn present(root: &Table) -> impl Iterator<Item = (&str, &Value)> {
    let accounts = root.get("accounts").and_then(Value::as_table);
    accounts.into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}
