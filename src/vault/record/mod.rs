//! Records: `[accounts.NAME]` tables, read field by field, so that an error names the field without showing its value.

mod read;

use std::collections::HashMap;

use toml::Value;
use toml::de::DeValue;

use crate::otp::{Account, KeyError, Name, NameError, NoteTooLong, Parameters, SecretError};
use crate::vault::crypto::{DecryptError, VaultKeys, random_bytes};
use crate::vault::entry::{Entry, StoredSecret};

pub(super) use read::Field;
use read::{read_entry, read_hidden};

/// A record of the file: an account, or the reason why it cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// The key in the file, byte for byte
    pub(super) key: String,
    /// Whether the key shows no name
    hides_name: bool,
    pub(super) entry: Result<Entry, Problem>,
}

/// How the vault stores its records
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RecordForm {
    Plain,
    /// The secret and the note are encrypted
    Encrypted,
    /// The name, the label and the tags are encrypted too
    HiddenName,
}

/// An error of a record: names the field and the rule, never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    #[error("its name is hidden, and the vault is locked")]
    Hidden(Box<HiddenRecord>),
    #[error("it was edited without the key of the vault")]
    Edited,
    #[error(transparent)]
    Encrypted(DecryptError),
    #[error("not a table")]
    NotATable,
    #[error(transparent)]
    Name(#[from] NameError),
    #[error("the field '{0}' is missing")]
    Missing(&'static str),
    #[error("the field '{field}' is not {expected}")]
    WrongType { field: &'static str, expected: &'static str },
    #[error("the field 'secret': {0}")]
    Secret(#[from] SecretError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("the field 'algorithm' is not SHA1, SHA256 or SHA512")]
    Algorithm,
    #[error("the field 'serial' is not the ARN of an MFA device")]
    Serial,
    #[error("the field 'tags' is not a list of strings")]
    Tags,
    #[error("the field 'note': {0}")]
    Note(#[from] NoteTooLong),
    #[error("the field 'type' has an unknown value")]
    UnknownType,
    #[error(
        "another account has the same name in a different Unicode form; rename this one in the vault file"
    )]
    DuplicateName,
}

/// The fields of a record whose name is still encrypted
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HiddenRecord {
    label: String,
    secret: String,
    parameters: Parameters,
}

impl Problem {
    /// Returns whether the record does not match the key of the vault.
    pub(crate) fn is_about_encryption(&self) -> bool {
        matches!(self, Self::Edited | Self::Encrypted(_))
    }
}

impl Record {
    /// Creates the record of a new account. Its key is its name, unless the vault hides names.
    pub(super) fn from_account(account: Account, hides_names: bool) -> Self {
        let key = if hides_names { random_record_key() } else { account.name.as_str().to_owned() };
        Self { key, hides_name: hides_names, entry: Ok(account.into()) }
    }

    /// Gives the record a key that shows no name, or the account's name as its key. Returns the old and the new key if
    /// they differ.
    pub(super) fn set_key(&mut self, hides_names: bool) -> Option<(String, String)> {
        let key = if hides_names { random_record_key() } else { self.name().to_owned() };
        self.hides_name = hides_names;
        if key == self.key {
            return None;
        }
        Some((std::mem::replace(&mut self.key, key.clone()), key))
    }

    /// Decrypts a hidden name. Returns whether it was hidden.
    pub(super) fn reveal(&mut self, keys: &VaultKeys) -> bool {
        let Err(Problem::Hidden(hidden)) = &mut self.entry else { return false };
        let revealed = keys.decrypt_label(&hidden.label, &self.key);
        let (secret, parameters) = (std::mem::take(&mut hidden.secret), hidden.parameters);
        self.entry = revealed.map_err(Problem::Encrypted).map(|(name, label, tags)| {
            let secret = StoredSecret::Encrypted(secret);
            Entry { name, label, tags, parameters, secret }
        });
        true
    }

    /// Reads a value of the table `accounts`.
    pub(super) fn read(key: &str, value: &DeValue<'_>, form: RecordForm) -> Self {
        let table = value.as_table().ok_or(Problem::NotATable);
        let entry = table.and_then(|table| match form {
            RecordForm::HiddenName => {
                read_hidden(table).and_then(|hidden| Err(Problem::Hidden(Box::new(hidden))))
            }
            form => read_entry(key, table, form),
        });
        Self { key: key.to_owned(), hides_name: form == RecordForm::HiddenName, entry }
    }

    /// Reads the fields that the fast scan found.
    pub(super) fn from_fields(key: &str, fields: &[(&str, Value)], form: RecordForm) -> Self {
        let hides_name = form == RecordForm::HiddenName;
        let entry = if hides_name {
            read_hidden(fields).and_then(|hidden| Err(Problem::Hidden(Box::new(hidden))))
        } else {
            read_entry(key, fields, form)
        };
        Self { key: key.to_owned(), hides_name, entry }
    }

    /// Rejects each record whose key is the name of another record in a different Unicode form.
    ///
    /// Only the record whose key is the name itself stays usable: no look-up could distinguish the others from it.
    pub(super) fn reject_duplicate_names(records: &mut [Self]) {
        if records.iter().all(Self::is_named_by_key) {
            return;
        }
        let mut counts: HashMap<String, usize> = HashMap::new();
        for record in records.iter() {
            *counts.entry(record.name().to_owned()).or_default() += 1;
        }
        for record in records {
            if !record.is_named_by_key() && counts[record.name()] > 1 {
                record.entry = Err(Problem::DuplicateName);
            }
        }
    }

    fn is_named_by_key(&self) -> bool {
        self.name() == self.key
    }

    /// Returns whether the written text gave this record again.
    ///
    /// A duplicate may become usable, once the record with the other key was removed. A record that does not match the
    /// key of the vault may do so for another reason.
    pub(super) fn is_same_as_reread(&self, reread: &Self) -> bool {
        let is_same_problem = match (&self.entry, &reread.entry) {
            (Err(one), Err(other)) => one.is_about_encryption() && other.is_about_encryption(),
            _ => false,
        };
        let is_duplicate = self.entry == Err(Problem::DuplicateName);
        self.key == reread.key && (self.entry == reread.entry || is_duplicate || is_same_problem)
    }

    pub(super) fn has_name(&self, name: &Name) -> bool {
        self.name() == name.as_str()
    }

    /// Returns the key in the file, or the account's name if the key does not show it.
    pub(super) fn handle(&self) -> &str {
        if self.hides_name { self.name() } else { &self.key }
    }

    /// Returns the name of the account, or the key in the file if that is not a valid name.
    pub(super) fn name(&self) -> &str {
        self.entry.as_ref().map_or(&self.key, |entry| entry.name.as_str())
    }
}

/// Returns a random key for a record that hides its name: 20 letters from a to p, 80 bits.
fn random_record_key() -> String {
    let nibbles = random_bytes::<10>().into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.map(|nibble| char::from(b'a' + nibble)).collect()
}
