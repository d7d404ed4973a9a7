//! One `[accounts.NAME]` table: read field by field, so that a bad one is named and never shown.

use std::collections::HashMap;

use toml::Value;
use toml::de::{DeTable, DeValue};

use crate::otp::{
    Account, Algorithm, KeyError, Kind, Label, Name, NameError, Parameters, Secret, SecretError,
};
use crate::vault::entry::{Entry, StoredSecret};

/// A record of the file: an account, or why it is none
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// As it stands in the file
    pub(super) key: String,
    pub(super) entry: Result<Entry, Problem>,
}

/// What is wrong with a record: the field and the rule, never the value
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    #[error("it is not a table")]
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
    #[error("the field 'algorithm' is none of SHA1, SHA256 and SHA512")]
    Algorithm,
    #[error("the field 'serial' is not the ARN of an MFA device")]
    Serial,
    #[error("the field 'tags' is not a list of texts")]
    Tags,
    #[error("the field 'type' is none that this version knows")]
    UnknownType,
    #[error(
        "another account has this name, written in other bytes; give it one of its own in the vault file"
    )]
    DuplicateName,
}

impl Record {
    pub(super) fn of(account: Account) -> Self {
        Self { key: account.name.as_str().to_owned(), entry: Ok(account.into()) }
    }

    /// `sealed`: whether the vault has its secrets sealed
    pub(super) fn read(key: &str, value: &DeValue<'_>, sealed: bool) -> Self {
        let table = value.as_table().ok_or(Problem::NotATable);
        let entry = table.and_then(|table| entry(key, table, sealed));
        Self { key: key.to_owned(), entry }
    }

    /// As `read`, of a plain vault
    pub(super) fn of_fields(key: &str, fields: &[(&str, Value)]) -> Self {
        Self { key: key.to_owned(), entry: entry(key, fields, false) }
    }

    /// Of two keys that are one name, only the one that is that name itself keeps it: the other could not be told from it.
    pub(super) fn reject_duplicate_names(records: &mut [Self]) {
        if records.iter().all(Self::is_called_by_key) {
            return;
        }
        let mut times: HashMap<String, usize> = HashMap::new();
        for record in records.iter() {
            *times.entry(record.name().to_owned()).or_default() += 1;
        }
        for record in records {
            if !record.is_called_by_key() && times[record.name()] > 1 {
                record.entry = Err(Problem::DuplicateName);
            }
        }
    }

    fn is_called_by_key(&self) -> bool {
        self.name() == self.key
    }

    /// Whether it is what another reading of the text gives: a twin is none any more once the other has gone
    pub(super) fn is_again(&self, other: &Self) -> bool {
        self.key == other.key && (self.entry == other.entry || self.entry == Err(Problem::DuplicateName))
    }

    pub(super) fn has_name(&self, name: &Name) -> bool {
        self.name() == name.as_str()
    }

    /// What is in the file, where that is no name
    pub(super) fn name(&self) -> &str {
        self.entry.as_ref().map_or(&self.key, |entry| entry.name.as_str())
    }
}

/// A value, as far as a record has such
pub(super) enum Field<'a> {
    Text(&'a str),
    Number(i64),
    Texts(Vec<&'a str>),
    Other,
}

impl<'a> From<&'a DeValue<'_>> for Field<'a> {
    fn from(value: &'a DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => Self::Text(text),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).map_or(Self::Other, Self::Number)
            }
            DeValue::Array(values) => {
                let texts = values.iter().map(|value| value.get_ref().as_str());
                texts.collect::<Option<_>>().map_or(Self::Other, Self::Texts)
            }
            _ => Self::Other,
        }
    }
}

impl<'a> From<&'a Value> for Field<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::String(text) => Self::Text(text),
            Value::Integer(number) => Self::Number(*number),
            Value::Array(values) => {
                values.iter().map(Value::as_str).collect::<Option<_>>().map_or(Self::Other, Self::Texts)
            }
            _ => Self::Other,
        }
    }
}

/// What a record's fields are kept in
trait Fields {
    fn get(&self, field: &str) -> Option<Field<'_>>;
}

/// So few are faster looked through than hashed
impl Fields for DeTable<'_> {
    fn get(&self, field: &str) -> Option<Field<'_>> {
        self.iter().find(|(name, _)| name.get_ref() == field).map(|(_, value)| value.get_ref().into())
    }
}

/// For one record, a table with its hashes is much to set up
impl Fields for [(&str, Value)] {
    fn get(&self, field: &str) -> Option<Field<'_>> {
        self.iter().find(|(name, _)| *name == field).map(|(_, value)| value.into())
    }
}

fn entry(key: &str, table: &(impl Fields + ?Sized), sealed: bool) -> Result<Entry, Problem> {
    let name: Name = key.parse()?;
    Ok(Entry {
        name,
        label: label(table)?,
        tags: tags(table)?,
        secret: secret(table, sealed)?,
        parameters: parameters(table)?,
    })
}

fn label(table: &(impl Fields + ?Sized)) -> Result<Label, Problem> {
    let serial = string(table, "serial")?.map(|serial| serial.parse().map_err(|_| Problem::Serial));
    Ok(Label {
        issuer: string(table, "issuer")?.unwrap_or_default().to_owned(),
        account_name: string(table, "account")?.unwrap_or_default().to_owned(),
        serial: serial.transpose()?,
    })
}

fn tags(table: &(impl Fields + ?Sized)) -> Result<Vec<String>, Problem> {
    match table.get("tags") {
        None => Ok(Vec::new()),
        Some(Field::Texts(tags)) => Ok(tags.into_iter().map(str::to_owned).collect()),
        Some(_) => Err(Problem::Tags),
    }
}

fn secret(table: &(impl Fields + ?Sized), sealed: bool) -> Result<StoredSecret, Problem> {
    if sealed {
        let text = string(table, "sealed")?.ok_or(Problem::Missing("sealed"))?;
        return Ok(StoredSecret::EncryptedVault(text.to_owned()));
    }
    let text = string(table, "secret")?.ok_or(Problem::Missing("secret"))?;
    let (secret, _) = Secret::from_base32(text)?;
    Ok(StoredSecret::Open(secret))
}

fn parameters(table: &(impl Fields + ?Sized)) -> Result<Parameters, Problem> {
    let algorithm = match string(table, "algorithm")? {
        Some(algorithm) => algorithm.parse().map_err(|_| Problem::Algorithm)?,
        None => Algorithm::default(),
    };
    let kind = match string(table, "type")?.unwrap_or("totp") {
        "totp" => {
            let period = number(table, "period")?.unwrap_or(Parameters::DEFAULT_PERIOD.into());
            Kind::Totp { period: u32::try_from(period).map_err(|_| KeyError::Period(period))? }
        }
        "hotp" => Kind::Hotp { counter: number(table, "counter")?.ok_or(Problem::Missing("counter"))? },
        "steam" => Kind::Steam,
        _ => return Err(Problem::UnknownType),
    };
    let default = if kind == Kind::Steam { Parameters::STEAM } else { Parameters::DEFAULT };
    let digits = number(table, "digits")?.unwrap_or(default.digits().into());
    let digits = u8::try_from(digits).map_err(|_| KeyError::Digits(digits))?;
    Ok(Parameters::from_kind(kind, algorithm, digits)?)
}

fn string<'a>(table: &'a (impl Fields + ?Sized), field: &'static str) -> Result<Option<&'a str>, Problem> {
    match table.get(field) {
        None => Ok(None),
        Some(Field::Text(text)) => Ok(Some(text)),
        Some(_) => Err(Problem::WrongType { field, expected: "a text" }),
    }
}

fn number(table: &(impl Fields + ?Sized), field: &'static str) -> Result<Option<u64>, Problem> {
    let wrong = Problem::WrongType { field, expected: "a whole number" };
    match table.get(field) {
        None => Ok(None),
        Some(Field::Number(number)) => u64::try_from(number).map(Some).map_err(|_| wrong),
        Some(_) => Err(wrong),
    }
}
