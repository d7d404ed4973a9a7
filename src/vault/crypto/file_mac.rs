//! The MAC of the whole file, and the marks that show which section of it was changed.

use std::sync::LazyLock;

use hmac::Mac;
use toml::{Table, Value};

use super::base64;
use super::canonical::MacInput;
use super::entry_mac::stored_entry_mac;
use super::keys::VaultKeys;

/// HMAC-SHA256, truncated: a mark protects nothing, it only narrows a finding down
const MARK_LEN: usize = 8;

/// A section of the file that has a mark, in the order of the marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Generation,
    Slots,
    Names,
    EntryMacs,
    Rest,
}

impl Section {
    pub(super) const ALL: [Self; 5] =
        [Self::Generation, Self::Slots, Self::Names, Self::EntryMacs, Self::Rest];

    fn context(self) -> &'static str {
        match self {
            Self::Generation => "mfa v2 mark generation",
            Self::Slots => "mfa v2 mark slots",
            Self::Names => "mfa v2 mark names",
            Self::EntryMacs => "mfa v2 mark tags",
            Self::Rest => "mfa v2 mark rest",
        }
    }
}

/// The two fields of `[vault]` that are computed from the rest of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileMac {
    /// The value of `vault.marks`
    pub(crate) marks: String,
    /// The value of `vault.mac`
    pub(crate) mac: String,
}

impl VaultKeys {
    /// Computes the MAC of a file: its entries have their MACs, `[vault]` has `id`, `generation`, `accounts` and `slot`.
    pub(crate) fn file_mac(&self, root: &Table) -> FileMac {
        let marks: Vec<u8> = Section::ALL.iter().flat_map(|section| self.mark(root, *section)).collect();
        let marks = base64::encode(&marks);
        let mac = self.hmac(&mac_input(root, &marks)).finalize().into_bytes();
        FileMac { mac: base64::encode(&mac), marks }
    }

    /// Returns whether `vault.mac` matches the file. It covers neither the order nor the contents of the entries,
    /// which have their own MACs.
    pub(super) fn verify_mac(&self, root: &Table) -> bool {
        vault_field(root, "marks")
            .and_then(Value::as_str)
            .is_some_and(|marks| self.verify_mac_with_marks(root, marks))
    }

    /// Returns whether `vault.mac` would match if `vault.marks` were these marks.
    pub(super) fn verify_mac_with_marks(&self, root: &Table, marks: &str) -> bool {
        vault_field(root, "mac")
            .and_then(Value::as_str)
            .and_then(base64::decode)
            .is_some_and(|mac| self.hmac(&mac_input(root, marks)).verify_slice(&mac).is_ok())
    }

    /// Returns the sections whose marks do not match, or `None` if `vault.marks` does not hold five marks.
    pub(super) fn changed_sections(&self, root: &Table) -> Option<Vec<Section>> {
        let marks: [u8; 5 * MARK_LEN] = base64::decode_exactly(vault_field(root, "marks")?.as_str()?)?;
        let is_changed = |section: Section, mark: &[u8]| {
            self.hmac(&mark_input(root, section)).verify_truncated_left(mark).is_err()
        };
        let pairs = Section::ALL.into_iter().zip(marks.chunks_exact(MARK_LEN));
        Some(pairs.filter(|(section, mark)| is_changed(*section, mark)).map(|(section, _)| section).collect())
    }

    fn mark(&self, root: &Table, section: Section) -> [u8; MARK_LEN] {
        let mac = self.hmac(&mark_input(root, section)).finalize().into_bytes();
        *mac.first_chunk().expect("a SHA-256 is longer than a mark")
    }
}

/// Returns the names in `vault.accounts`; skips values that are not strings.
pub(super) fn listed_names(root: &Table) -> Vec<&str> {
    let names = vault_field(root, "accounts").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str).collect()
}

pub(super) fn vault_field<'a>(root: &'a Table, key: &str) -> Option<&'a Value> {
    root.get("vault")?.get(key)
}

pub(super) fn record<'a>(root: &'a Table, name: &str) -> Option<&'a Table> {
    root.get("accounts")?.get(name)?.as_table()
}

/// Returns the input of `vault.mac`.
fn mac_input(root: &Table, marks: &str) -> MacInput {
    let input = MacInput::new("mfa v2 list")
        .table_except(root, &["accounts", "vault"])
        .table_except(vault(root), &["marks", "mac"])
        .field(marks.as_bytes());
    append_entry_macs(input, root)
}

/// Returns the input of a section's mark.
fn mark_input(root: &Table, section: Section) -> MacInput {
    let input = MacInput::new(section.context());
    let append_field = |input: MacInput, key| match vault_field(root, key) {
        Some(value) => input.value(value),
        None => input,
    };
    match section {
        Section::Generation => append_field(input, "generation"),
        Section::Slots => append_field(input, "slot"),
        Section::Names => append_field(input, "accounts"),
        Section::EntryMacs => append_entry_macs(input, root),
        Section::Rest => input
            .table_except(root, &["accounts", "vault"])
            .table_except(vault(root), &["generation", "slot", "accounts", "marks", "mac"]),
    }
}

/// Appends the MAC of each listed entry, or an empty field if it has none.
fn append_entry_macs(input: MacInput, root: &Table) -> MacInput {
    listed_names(root).into_iter().fold(input, |input, name| {
        let mac = record(root, name).and_then(stored_entry_mac);
        input.field(mac.as_ref().map_or(&[], |mac| &mac[..]))
    })
}

fn vault(root: &Table) -> &Table {
    static EMPTY: LazyLock<Table> = LazyLock::new(Table::new);
    root.get("vault").and_then(Value::as_table).unwrap_or(&EMPTY)
}
