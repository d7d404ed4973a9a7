//! Records: `[accounts.NAME]` tables, read field by field, so that an error names the field without showing its value.

use std::collections::HashMap;

use toml::Value;
use toml::de::{DeTable, DeValue};

use crate::otp::{
    Account, Algorithm, KeyError, Kind, Label, Name, NameError, Parameters, Secret, SecretError,
};
use crate::vault::entry::{Entry, StoredSecret};

/// A record of the file: an account, or the reason why it cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// The key in the file, byte for byte
    pub(super) key: String,
    pub(super) entry: Result<Entry, Problem>,
}

/// An error of a record: names the field and the rule, never the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
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
    #[error("the field 'type' has an unknown value")]
    UnknownType,
    #[error(
        "another account has the same name in a different Unicode form; rename this one in the vault file"
    )]
    DuplicateName,
}

impl Record {
    /// Creates the record of an account that is added or renamed: its key is its name.
    pub(super) fn from_account(account: Account) -> Self {
        Self { key: account.name.as_str().to_owned(), entry: Ok(account.into()) }
    }

    /// Reads a value of the table `accounts`.
    pub(super) fn read(key: &str, value: &DeValue<'_>, is_encrypted: bool) -> Self {
        let table = value.as_table().ok_or(Problem::NotATable);
        let entry = table.and_then(|table| read_entry(key, table, is_encrypted));
        Self { key: key.to_owned(), entry }
    }

    /// Reads the fields of a record in a plain-text vault.
    pub(super) fn from_plain_fields(key: &str, fields: &[(&str, Value)]) -> Self {
        Self { key: key.to_owned(), entry: read_entry(key, fields, false) }
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
    /// A duplicate may become usable, once the record with the other key was removed.
    pub(super) fn is_same_as_reread(&self, reread: &Self) -> bool {
        self.key == reread.key && (self.entry == reread.entry || self.entry == Err(Problem::DuplicateName))
    }

    pub(super) fn has_name(&self, name: &Name) -> bool {
        self.name() == name.as_str()
    }

    /// Returns the name of the account, or the key in the file if that is not a valid name.
    pub(super) fn name(&self) -> &str {
        self.entry.as_ref().map_or(&self.key, |entry| entry.name.as_str())
    }
}

/// A value of one of the types that the fields of a record have.
pub(super) enum Field<'a> {
    String(&'a str),
    Number(i64),
    Strings(Vec<&'a str>),
    Other,
}

impl<'a> From<&'a DeValue<'_>> for Field<'a> {
    fn from(value: &'a DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => Self::String(text),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).map_or(Self::Other, Self::Number)
            }
            DeValue::Array(values) => {
                let texts = values.iter().map(|value| value.get_ref().as_str());
                texts.collect::<Option<_>>().map_or(Self::Other, Self::Strings)
            }
            _ => Self::Other,
        }
    }
}

impl<'a> From<&'a Value> for Field<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::String(text) => Self::String(text),
            Value::Integer(number) => Self::Number(*number),
            Value::Array(values) => {
                values.iter().map(Value::as_str).collect::<Option<_>>().map_or(Self::Other, Self::Strings)
            }
            _ => Self::Other,
        }
    }
}

/// A collection of the fields of a record.
trait Fields {
    fn get(&self, field: &str) -> Option<Field<'_>>;
}

// A linear search: a record has too few fields for hashing to be faster.
impl Fields for DeTable<'_> {
    fn get(&self, field: &str) -> Option<Field<'_>> {
        self.iter().find(|(name, _)| name.get_ref() == field).map(|(_, value)| value.get_ref().into())
    }
}

// No table: the fast scan reads one record only, and building a table costs more than it saves.
impl Fields for [(&str, Value)] {
    fn get(&self, field: &str) -> Option<Field<'_>> {
        self.iter().find(|(name, _)| *name == field).map(|(_, value)| value.into())
    }
}

fn read_entry(key: &str, table: &(impl Fields + ?Sized), is_encrypted: bool) -> Result<Entry, Problem> {
    let name: Name = key.parse()?;
    Ok(Entry {
        name,
        label: read_label(table)?,
        tags: read_tags(table)?,
        secret: read_secret(table, is_encrypted)?,
        parameters: read_parameters(table)?,
    })
}

fn read_label(table: &(impl Fields + ?Sized)) -> Result<Label, Problem> {
    let serial = read_string(table, "serial")?.map(|serial| serial.parse().map_err(|_| Problem::Serial));
    Ok(Label {
        issuer: read_string(table, "issuer")?.unwrap_or_default().to_owned(),
        account_name: read_string(table, "account")?.unwrap_or_default().to_owned(),
        serial: serial.transpose()?,
    })
}

fn read_tags(table: &(impl Fields + ?Sized)) -> Result<Vec<String>, Problem> {
    match table.get("tags") {
        None => Ok(Vec::new()),
        Some(Field::Strings(tags)) => Ok(tags.into_iter().map(str::to_owned).collect()),
        Some(_) => Err(Problem::Tags),
    }
}

fn read_secret(table: &(impl Fields + ?Sized), is_encrypted: bool) -> Result<StoredSecret, Problem> {
    if is_encrypted {
        let text = read_string(table, "sealed")?.ok_or(Problem::Missing("sealed"))?;
        return Ok(StoredSecret::Encrypted(text.to_owned()));
    }
    let text = read_string(table, "secret")?.ok_or(Problem::Missing("secret"))?;
    let (secret, _) = Secret::from_base32(text)?;
    Ok(StoredSecret::Plain(secret))
}

fn read_parameters(table: &(impl Fields + ?Sized)) -> Result<Parameters, Problem> {
    let algorithm = match read_string(table, "algorithm")? {
        Some(algorithm) => algorithm.parse().map_err(|_| Problem::Algorithm)?,
        None => Algorithm::default(),
    };
    let kind = match read_string(table, "type")?.unwrap_or("totp") {
        "totp" => {
            let period = read_number(table, "period")?.unwrap_or(Parameters::DEFAULT_PERIOD.into());
            Kind::Totp { period: u32::try_from(period).map_err(|_| KeyError::Period(period))? }
        }
        "hotp" => Kind::Hotp { counter: read_number(table, "counter")?.ok_or(Problem::Missing("counter"))? },
        "steam" => Kind::Steam,
        _ => return Err(Problem::UnknownType),
    };
    let default = if kind == Kind::Steam { Parameters::STEAM } else { Parameters::DEFAULT };
    let digits = read_number(table, "digits")?.unwrap_or(default.digits().into());
    let digits = u8::try_from(digits).map_err(|_| KeyError::Digits(digits))?;
    Ok(Parameters::from_kind(kind, algorithm, digits)?)
}

fn read_string<'a>(
    table: &'a (impl Fields + ?Sized),
    field: &'static str,
) -> Result<Option<&'a str>, Problem> {
    match table.get(field) {
        None => Ok(None),
        Some(Field::String(text)) => Ok(Some(text)),
        Some(_) => Err(Problem::WrongType { field, expected: "a string" }),
    }
}

fn read_number(table: &(impl Fields + ?Sized), field: &'static str) -> Result<Option<u64>, Problem> {
    let wrong = Problem::WrongType { field, expected: "a whole number" };
    match table.get(field) {
        None => Ok(None),
        Some(Field::Number(number)) => u64::try_from(number).map(Some).map_err(|_| wrong),
        Some(_) => Err(wrong),
    }
}
