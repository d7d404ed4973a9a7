//! One `[accounts.NAME]` table: read field by field, so that a bad one is named and never shown.

use toml::{Table, Value};

use crate::otp::{Account, Key, KeyError, Label, Name, NameError, Parameters, Secret, SecretError};

/// A record of the file: an account, or why it is none
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// As it stands in the file
    pub(super) key: String,
    pub(super) account: Result<Account, Problem>,
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
    #[error("the field 'type' is none that this version knows")]
    UnknownType,
}

impl Record {
    pub(super) fn of(account: Account) -> Self {
        Self { key: account.name.as_str().to_owned(), account: Ok(account) }
    }

    pub(super) fn read(key: &str, value: &Value) -> Self {
        Self { key: key.to_owned(), account: account(key, value) }
    }

    pub(super) fn has_name(&self, name: &Name) -> bool {
        match &self.account {
            Ok(account) => account.name == *name,
            Err(_) => self.key == name.as_str(),
        }
    }
}

fn account(key: &str, value: &Value) -> Result<Account, Problem> {
    let name: Name = key.parse()?;
    let table = value.as_table().ok_or(Problem::NotATable)?;
    if string(table, "type")?.is_some_and(|kind| kind != "totp") {
        return Err(Problem::UnknownType);
    }
    Ok(Account { name, label: label(table)?, tags: Vec::new(), key: key_of(table)? })
}

fn label(table: &Table) -> Result<Label, Problem> {
    let serial = string(table, "serial")?.map(|serial| serial.parse().map_err(|_| Problem::Serial));
    Ok(Label {
        issuer: string(table, "issuer")?.unwrap_or_default().to_owned(),
        account_name: string(table, "account")?.unwrap_or_default().to_owned(),
        serial: serial.transpose()?,
    })
}

fn key_of(table: &Table) -> Result<Key, Problem> {
    let text = string(table, "secret")?.ok_or(Problem::Missing("secret"))?;
    let (secret, _) = Secret::from_base32(text)?;
    Ok(Key::new(secret, parameters(table)?))
}

fn parameters(table: &Table) -> Result<Parameters, Problem> {
    let default = Parameters::DEFAULT;
    let algorithm = match string(table, "algorithm")? {
        Some(algorithm) => algorithm.parse().map_err(|_| Problem::Algorithm)?,
        None => default.algorithm(),
    };
    let digits = number(table, "digits")?.unwrap_or(default.digits().into());
    let period = number(table, "period")?.unwrap_or(Parameters::DEFAULT_PERIOD.into());
    let digits = u8::try_from(digits).map_err(|_| KeyError::Digits(digits))?;
    let period = u32::try_from(period).map_err(|_| KeyError::Period(period))?;
    Ok(Parameters::new(algorithm, digits, period)?)
}

fn string<'a>(table: &'a Table, field: &'static str) -> Result<Option<&'a str>, Problem> {
    match table.get(field) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Problem::WrongType { field, expected: "a text" }),
    }
}

fn number(table: &Table, field: &'static str) -> Result<Option<u64>, Problem> {
    let wrong = Problem::WrongType { field, expected: "a whole number" };
    match table.get(field) {
        None => Ok(None),
        Some(Value::Integer(number)) => u64::try_from(*number).map(Some).map_err(|_| wrong),
        Some(_) => Err(wrong),
    }
}
