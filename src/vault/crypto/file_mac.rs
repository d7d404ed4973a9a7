//! The tag of the whole file, and the marks that tell which part of it was changed.

use hmac::Mac;
use toml::{Table, Value};

use crate::vault::crypto::base64;
use crate::vault::crypto::canonical::MacInput;
use crate::vault::crypto::entry_mac::tag_of;
use crate::vault::crypto::keys::VaultKeys;

const MARK_BYTES: usize = 8;

/// What the marks are for, in their order
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Generation,
    Slots,
    Names,
    Tags,
    Rest,
}

impl Section {
    pub(super) const ALL: [Self; 5] = [Self::Generation, Self::Slots, Self::Names, Self::Tags, Self::Rest];

    fn context(self) -> &'static str {
        match self {
            Self::Generation => "mfa v2 mark generation",
            Self::Slots => "mfa v2 mark slots",
            Self::Names => "mfa v2 mark names",
            Self::Tags => "mfa v2 mark tags",
            Self::Rest => "mfa v2 mark rest",
        }
    }
}

/// The two values of `[vault]` that follow from all else in the file
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FileMac {
    /// For `vault.marks`
    pub(crate) marks: String,
    /// For `vault.mac`
    pub(crate) mac: String,
}

impl VaultKeys {
    /// Signs a file as it stands: its entries have their tags, `[vault]` has `id`, `generation`, `accounts` and `slot`.
    pub(crate) fn sign(&self, root: &Table) -> FileMac {
        let marks: Vec<u8> = Section::ALL.iter().flat_map(|part| self.mark(root, *part)).collect();
        let marks = base64::encode(&marks);
        let mac = self.hmac(&whole(root, &marks)).finalize().into_bytes();
        FileMac { mac: base64::encode(&mac), marks }
    }

    /// Whether `vault.mac` fits everything but the contents of the entries, which have their own tags, and their order
    pub(crate) fn verify_mac(&self, root: &Table) -> bool {
        in_vault(root, "marks").and_then(Value::as_str).is_some_and(|marks| self.mac_fits_with(root, marks))
    }

    /// Whether it would, were these the marks
    pub(super) fn mac_fits_with(&self, root: &Table, marks: &str) -> bool {
        in_vault(root, "mac")
            .and_then(Value::as_str)
            .and_then(base64::decode)
            .is_some_and(|mac| self.hmac(&whole(root, marks)).verify_slice(&mac).is_ok())
    }

    /// The parts whose marks do not fit; none where there are no five marks
    pub(super) fn changed_parts(&self, root: &Table) -> Option<Vec<Section>> {
        let marks: [u8; 5 * MARK_BYTES] = base64::decode_exactly(in_vault(root, "marks")?.as_str()?)?;
        let fits =
            |part: Section, mark: &[u8]| self.hmac(&content(root, part)).verify_truncated_left(mark).is_ok();
        let pairs = Section::ALL.into_iter().zip(marks.chunks_exact(MARK_BYTES));
        Some(pairs.filter(|(part, mark)| !fits(*part, mark)).map(|(part, _)| part).collect())
    }

    fn mark(&self, root: &Table, part: Section) -> [u8; MARK_BYTES] {
        let mac = self.hmac(&content(root, part)).finalize().into_bytes();
        *mac.first_chunk().expect("a SHA-256 is longer than a mark")
    }
}

/// The names that `vault.accounts` lists; what is no text in it is left out
pub(super) fn listed(root: &Table) -> Vec<&str> {
    let names = in_vault(root, "accounts").and_then(Value::as_array);
    names.into_iter().flatten().filter_map(Value::as_str).collect()
}

pub(super) fn in_vault<'a>(root: &'a Table, key: &str) -> Option<&'a Value> {
    root.get("vault")?.get(key)
}

pub(super) fn record<'a>(root: &'a Table, name: &str) -> Option<&'a Table> {
    root.get("accounts")?.get(name)?.as_table()
}

/// What `vault.mac` is made over
fn whole(root: &Table, marks: &str) -> MacInput {
    let message = MacInput::of("mfa v2 list")
        .table_except(root, &["accounts", "vault"])
        .table_except(vault(root), &["marks", "mac"])
        .field(marks.as_bytes());
    tags(message, root)
}

/// What a mark is made over
fn content(root: &Table, part: Section) -> MacInput {
    let message = MacInput::of(part.context());
    let of_value = |message: MacInput, key| match in_vault(root, key) {
        Some(value) => message.value(value),
        None => message,
    };
    match part {
        Section::Generation => of_value(message, "generation"),
        Section::Slots => of_value(message, "slot"),
        Section::Names => of_value(message, "accounts"),
        Section::Tags => tags(message, root),
        Section::Rest => message
            .table_except(root, &["accounts", "vault"])
            .table_except(vault(root), &["generation", "slot", "accounts", "marks", "mac"]),
    }
}

/// The tag of each listed entry; an empty field where it has none
fn tags(message: MacInput, root: &Table) -> MacInput {
    listed(root).into_iter().fold(message, |message, name| {
        let tag = record(root, name).and_then(tag_of);
        message.field(tag.as_ref().map_or(&[], |tag| &tag[..]))
    })
}

fn vault(root: &Table) -> &Table {
    static NONE: std::sync::LazyLock<Table> = std::sync::LazyLock::new(Table::new);
    root.get("vault").and_then(Value::as_table).unwrap_or(&NONE)
}
