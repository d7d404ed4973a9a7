//! Reads the fields of a record.

use toml::Value;
use toml::de::{DeTable, DeValue};
use zeroize::Zeroizing;

use super::{HiddenRecord, Problem, RecordForm};
use crate::otp::{Algorithm, KeyError, Kind, Label, Name, Note, Parameters, Secret};
use crate::vault::entry::{Entry, StoredSecret};

/// A value of one of the types that the fields of a record have.
pub(in crate::vault) enum Field<'a> {
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
pub(super) trait Fields {
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

pub(super) fn read_hidden(table: &(impl Fields + ?Sized)) -> Result<HiddenRecord, Problem> {
    let text = |field| read_string(table, field)?.map(str::to_owned).ok_or(Problem::Missing(field));
    let (label, secret) = (text("label")?, text("sealed")?);
    Ok(HiddenRecord { label, secret, parameters: read_parameters(table)? })
}

pub(super) fn read_entry(
    key: &str,
    table: &(impl Fields + ?Sized),
    form: RecordForm,
) -> Result<Entry, Problem> {
    let name: Name = key.parse()?;
    Ok(Entry {
        name,
        label: read_label(table)?,
        tags: read_tags(table)?,
        secret: read_secret(table, form)?,
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

fn read_secret(table: &(impl Fields + ?Sized), form: RecordForm) -> Result<StoredSecret, Problem> {
    if form != RecordForm::Plain {
        let text = read_string(table, "sealed")?.ok_or(Problem::Missing("sealed"))?;
        return Ok(StoredSecret::Encrypted(text.to_owned()));
    }
    let text = read_string(table, "secret")?.ok_or(Problem::Missing("secret"))?;
    let (secret, _) = Secret::from_base32(text)?;
    Ok(StoredSecret::Plain(secret, read_note(table)?))
}

/// Reads a note: a string, or a list of its lines.
fn read_note(table: &(impl Fields + ?Sized)) -> Result<Note, Problem> {
    Ok(match table.get("note") {
        None => Note::default(),
        Some(Field::String(text)) => Note::new(text)?,
        Some(Field::Strings(lines)) => Note::new(&Zeroizing::new(lines.join("\n")))?,
        Some(_) => {
            return Err(Problem::WrongType { field: "note", expected: "a string or a list of strings" });
        }
    })
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
