//! What in a sealed vault was changed by someone who does not have its key, told as exactly as it can be.

use std::collections::HashSet;

use toml::{Table, Value};

use crate::text::redact;
use crate::vault::crypto::file_mac::{Section, listed, record};
use crate::vault::crypto::keys::VaultKeys;

/// One thing in a file that does not fit its key
#[derive(Debug, Clone, PartialEq, Eq, Hash, thiserror::Error)]
pub(crate) enum TamperFinding {
    /// Nothing fits: the vault's id was edited, or the key is that of another vault
    #[error("nothing in it fits the key: its id was edited, or the key is another vault's")]
    OtherVault,
    /// The record, its name or its tag was edited, or the record is not this vault's
    #[error("the account '{}' was edited", redact(.0))]
    EntryEdited(String),
    /// Listed, but not there
    #[error("the account '{}' was removed", redact(.0))]
    EntryMissing(String),
    /// There, but not listed; `with_key`: its tag fits, so it was made for this vault, as by a merge of two copies
    #[error("the account '{}' was added {}", redact(name), if *with_key { "by a copy of this vault" } else { "without the key" })]
    EntryAdded { name: String, with_key: bool },
    /// The entries stand in another order than the list
    #[error("the accounts were put into another order")]
    EntriesMoved,
    /// Each entry fits for itself, but one at least is an older or newer copy of itself
    #[error("an account was put back to an older state")]
    EntriesMixed,
    /// The list of names was edited, or is of another time
    #[error("the list of the accounts was edited")]
    ListEdited,
    /// A slot was added, removed, moved or edited
    #[error("a slot was added, removed or edited")]
    SlotsChanged,
    /// The generation was edited
    #[error("the generation was edited")]
    GenerationEdited,
    /// Another key of the file was edited, or added: the version, or one that this program does not know
    #[error("an entry outside of the accounts was edited")]
    HeadEdited,
    /// The marks were edited, and nothing else; they protect nothing
    #[error("the marks were edited, and nothing else")]
    MarksEdited,
    /// The mac was edited, or the parts of the file fit for themselves but are of different times
    #[error("the signature was edited, or parts are of different times")]
    MacEdited,
}

impl TamperFinding {
    /// Whether an account is not what it was, so that one may be found by a name that was another's
    pub(crate) fn is_of_accounts(&self) -> bool {
        matches!(
            self,
            Self::OtherVault | Self::EntryEdited(_) | Self::EntryMissing(_) | Self::EntryAdded { .. }
        )
    }
}

impl VaultKeys {
    /// Whether this entry, and the file around it, are as they were signed: what a code needs, fast
    pub(crate) fn verifies_entry(&self, root: &Table, name: &str) -> bool {
        self.verify_mac(root)
            && listed(root).contains(&name)
            && record(root, name).is_some_and(|record| self.verify_entry(name, record))
    }

    /// Checks everything; no finding where the file is as it was signed
    pub(crate) fn verify(&self, root: &Table) -> Vec<TamperFinding> {
        if self.is_other_vault(root) {
            return vec![TamperFinding::OtherVault];
        }
        let mut findings = self.entries(root);
        findings.extend(order(root));
        if !self.verify_mac(root) {
            let parts = self.parts(root, &findings);
            findings.extend(parts);
        }
        findings
    }

    /// Whether an account that fits for itself may be of another time than it was signed at: what the mac is made over of the
    /// accounts is not there any more, for whatever reason
    pub(crate) fn may_contain_old_entries(&self, root: &Table) -> bool {
        let tags_fit = || self.changed_parts(root).is_some_and(|parts| !parts.contains(&Section::Tags));
        let but_for_marks = || self.mac_fits_with(root, &self.sign(root).marks);
        !self.verify_mac(root) && !tags_fit() && !but_for_marks()
    }

    fn is_other_vault(&self, root: &Table) -> bool {
        let no_mark_fits = self.changed_parts(root).is_some_and(|parts| parts.len() == Section::ALL.len());
        let no_entry_fits = || !present(root).any(|(name, value)| self.value_fits(name, value));
        no_mark_fits && no_entry_fits() && !self.verify_mac(root)
    }

    fn entries(&self, root: &Table) -> Vec<TamperFinding> {
        let listed = listed(root);
        let known: HashSet<&str> = listed.iter().copied().collect();
        let there: HashSet<&str> = present(root).map(|(name, _)| name).collect();
        let missing = listed.iter().filter(|name| !there.contains(*name));
        let missing = missing.map(|name| TamperFinding::EntryMissing((*name).to_owned()));
        let wrong = present(root).filter_map(|(name, value)| {
            let with_key = self.value_fits(name, value);
            match known.contains(name) {
                true if with_key => None,
                true => Some(TamperFinding::EntryEdited(name.to_owned())),
                false => Some(TamperFinding::EntryAdded { name: name.to_owned(), with_key }),
            }
        });
        missing.chain(wrong).collect()
    }

    fn value_fits(&self, name: &str, value: &Value) -> bool {
        value.as_table().is_some_and(|record| self.verify_entry(name, record))
    }

    /// What of the head was changed, where the mac does not fit
    fn parts(&self, root: &Table, entries: &[TamperFinding]) -> Vec<TamperFinding> {
        if self.mac_fits_with(root, &self.sign(root).marks) {
            return vec![TamperFinding::MarksEdited];
        }
        let changed = self.changed_parts(root).unwrap_or_default();
        let named = changed.contains(&Section::Names) || entries.iter().any(explains_tags);
        let findings: Vec<TamperFinding> = changed
            .into_iter()
            .filter_map(|part| match part {
                Section::Generation => Some(TamperFinding::GenerationEdited),
                Section::Slots => Some(TamperFinding::SlotsChanged),
                Section::Names => Some(TamperFinding::ListEdited),
                Section::Tags => (!named).then_some(TamperFinding::EntriesMixed),
                Section::Rest => Some(TamperFinding::HeadEdited),
            })
            .collect();
        let untold = findings.is_empty() && !entries.iter().any(explains_tags);
        if untold { vec![TamperFinding::MacEdited] } else { findings }
    }
}

/// Whether an entry's finding is reason enough for the tags to differ from what the mac was made over
fn explains_tags(finding: &TamperFinding) -> bool {
    matches!(finding, TamperFinding::EntryEdited(_) | TamperFinding::EntryMissing(_))
}

/// Whether the entries that are both listed and there stand in the order of the list
fn order(root: &Table) -> Option<TamperFinding> {
    let listed = listed(root);
    let known: HashSet<&str> = listed.iter().copied().collect();
    let there: HashSet<&str> = present(root).map(|(name, _)| name).collect();
    let signed = listed.iter().copied().filter(|name| there.contains(name));
    let found = present(root).map(|(name, _)| name).filter(|name| known.contains(name));
    (!signed.eq(found)).then_some(TamperFinding::EntriesMoved)
}

fn present(root: &Table) -> impl Iterator<Item = (&str, &Value)> {
    let accounts = root.get("accounts").and_then(Value::as_table);
    accounts.into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}
