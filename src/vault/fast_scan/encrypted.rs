//! Reads an encrypted vault as mfa writes it.
//!
//! The parser reads the head, up to the first line `[accounts.KEY]`. If that line is part of a multi-line string, the
//! head alone is no TOML, and the scan gives up. The records after it are scanned line by line.

use std::collections::HashSet;
use std::fmt;

use memchr::memmem;
use toml::{Table, Value};
use unicode_normalization::UnicodeNormalization as _;

use super::scanner::{require_supported, skip_line_end, split_record_key};
use super::value::RawValue;
use crate::vault::crypto::{VaultHeader, VaultKeys};
use crate::vault::document::ENCRYPTED;
use crate::vault::record::{Record, RecordForm};

/// The fields of an encrypted record
const FIELDS: [&str; 13] = [
    "sealed",
    "tag",
    "generation",
    "label",
    "issuer",
    "account",
    "type",
    "algorithm",
    "digits",
    "period",
    "counter",
    "serial",
    "tags",
];

/// The fields of a record, in the order of the file
type Fields<'t> = Vec<(&'static str, RawValue<'t>)>;

/// An encrypted vault with hidden names, of which only the head was read
#[derive(Clone, PartialEq, Eq)]
pub(in crate::vault) struct Unread {
    bytes: Vec<u8>,
    /// The offset of the records in bytes
    start: usize,
    /// The name to look up
    name: String,
}

impl fmt::Debug for Unread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unread").field("name", &self.name).finish_non_exhaustive()
    }
}

/// An encrypted vault as far as it was read to look up one account
#[derive(Debug)]
pub(in crate::vault) struct Scanned {
    pub(in crate::vault) header: VaultHeader,
    /// The file; of the other records no more than the MAC of the file covers
    pub(in crate::vault) root: Table,
    pub(in crate::vault) account: ScannedAccount,
}

/// The account that is looked up
#[derive(Debug)]
pub(in crate::vault) enum ScannedAccount {
    Found(Record),
    /// The names are hidden: the records need the key
    Unread(Unread),
}

/// Reads an encrypted vault to look up the account with this name. Returns `None` if only the parser can tell.
pub(in crate::vault) fn scan_encrypted(bytes: &[u8], name: &str) -> Option<Scanned> {
    let start = memmem::find(bytes, b"\n[accounts.")? + 1;
    let (head, records) = bytes.split_at(start);
    let mut root: Table = std::str::from_utf8(head).ok()?.parse().ok()?;
    if root.get("version") != Some(&Value::Integer(ENCRYPTED)) || root.contains_key("accounts") {
        return None;
    }
    let header = VaultHeader::read(&root).ok()?;
    require_supported(records)?;
    if header.hides_names {
        let mut keys = HashSet::new();
        for_each_record(records, |key, _| keys.insert(key).then_some(()))?;
        let unread = Unread { bytes: bytes.to_vec(), start, name: name.to_owned() };
        return Some(Scanned { header, root, account: ScannedAccount::Unread(unread) });
    }
    // only the parser compares names in different Unicode forms
    let is_wanted = |key: &str, _: &Fields<'_>| {
        let is_other_form = key != name && !key.is_ascii() && key.nfc().eq(name.nfc());
        (!is_other_form).then_some(key == name)
    };
    let (record, accounts) = read_records(records, RecordForm::Encrypted, is_wanted)?;
    root.insert("accounts".to_owned(), accounts.into());
    Some(Scanned { header, root, account: ScannedAccount::Found(record) })
}

impl Unread {
    /// Returns the record with the wanted name, and the table of all records as in [`Scanned`], or `None` if only
    /// the parser can tell.
    pub(in crate::vault) fn read(&self, keys: &VaultKeys) -> Option<(Record, Table)> {
        if !self.name.is_ascii() {
            return None;
        }
        read_records(&self.bytes[self.start..], RecordForm::HiddenName, |key, fields| {
            let (_, label) = fields.iter().find(|(field, _)| *field == "label")?;
            let RawValue::String(label) = label else { return None };
            keys.label_has_name(std::str::from_utf8(label).ok()?, key, &self.name).ok()
        })
    }

    /// Returns the text of the whole vault.
    pub(in crate::vault) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Reads the one record that `is_wanted` accepts, and of the others the field `tag`.
fn read_records(
    records: &[u8],
    form: RecordForm,
    is_wanted: impl Fn(&str, &Fields<'_>) -> Option<bool>,
) -> Option<(Record, Table)> {
    let (mut accounts, mut found) = (Table::new(), None);
    for_each_record(records, |key, fields| {
        let is_wanted = is_wanted(key, &fields)?;
        let kept = fields.into_iter().filter(|(field, _)| is_wanted || *field == "tag");
        let parse = |(field, value): (&'static str, RawValue<'_>)| Some((field, value.parse()?));
        let fields: Vec<(&str, Value)> = kept.map(parse).collect::<Option<_>>()?;
        if is_wanted && found.replace(Record::from_fields(key, &fields, form)).is_some() {
            return None;
        }
        let table: Table = fields.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
        accounts.insert(key.to_owned(), table.into()).is_none().then_some(())
    })?;
    Some((found?, accounts))
}

/// Passes each record to `take`. Returns `None` at text that only the parser can judge, or if `take` does.
fn for_each_record<'t>(
    mut text: &'t [u8],
    mut take: impl FnMut(&'t str, Fields<'t>) -> Option<()>,
) -> Option<()> {
    let mut current: Option<(&str, Fields<'t>)> = None;
    while let Some(first) = text.first() {
        let rest = match first {
            b'\n' | b'#' | b' ' | b'\t' => text,
            b'[' => {
                let (key, rest) = split_record_key(text)?;
                if let Some((key, fields)) = current.replace((std::str::from_utf8(key).ok()?, Fields::new()))
                {
                    take(key, fields)?;
                }
                rest
            }
            _ => scan_field(text, &mut current.as_mut()?.1)?,
        };
        text = skip_line_end(rest)?;
    }
    let (key, fields) = current?;
    take(key, fields)
}

/// Scans the line `FIELD = VALUE`. Returns the text after the value.
fn scan_field<'t>(line: &'t [u8], fields: &mut Fields<'t>) -> Option<&'t [u8]> {
    let (name, value) = line.split_at(line.iter().position(|&byte| byte == b' ')?);
    let field = FIELDS.into_iter().find(|field| field.as_bytes() == name)?;
    if fields.iter().any(|(other, _)| *other == field) {
        return None;
    }
    let (value, rest) = RawValue::split_from(value.strip_prefix(b" = ")?)?;
    fields.push((field, value));
    Some(rest)
}
