//! Fields that are numbers or texts. Apps do not distinguish them strictly.

use std::borrow::Cow;

use serde_json::Value;

use super::error::InvalidAccount;

/// The raw value of a field. Apps also write numbers as texts, and empty texts for missing values.
#[derive(Default)]
pub(in crate::formats) enum Field<'a> {
    #[default]
    Missing,
    Number(u64),
    Text(Cow<'a, str>),
    /// Neither a number nor a text
    Wrong,
}

impl Field<'_> {
    /// Returns the text without surrounding blanks, or `None` if it is missing or blank.
    pub(super) fn text(&self, field: &'static str) -> Result<Option<Cow<'_, str>>, InvalidAccount> {
        match self {
            Self::Missing => Ok(None),
            Self::Number(number) => Ok(Some(number.to_string().into())),
            Self::Text(text) => Ok(Some(text.trim()).filter(|text| !text.is_empty()).map(Cow::from)),
            Self::Wrong => Err(InvalidAccount::NotText(field)),
        }
    }

    /// Returns the number, or `None` if it is missing or blank.
    pub(super) fn number(&self, field: &'static str) -> Result<Option<u64>, InvalidAccount> {
        match self {
            Self::Missing => Ok(None),
            Self::Number(number) => Ok(Some(*number)),
            Self::Text(text) => {
                let Some(text) = Some(text.trim()).filter(|text| !text.is_empty()) else { return Ok(None) };
                parse_whole_number(text).map(Some).ok_or(InvalidAccount::NotNumber(field))
            }
            Self::Wrong => Err(InvalidAccount::NotNumber(field)),
        }
    }
}

/// Parses decimal digits, with nothing but zeros after a point.
fn parse_whole_number(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_whole = !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0');
    (is_whole && whole.bytes().all(|byte| byte.is_ascii_digit())).then(|| whole.parse().ok())?
}

impl<'a> From<&'a Value> for Field<'a> {
    fn from(value: &'a Value) -> Self {
        match value {
            Value::Null => Self::Missing,
            Value::String(text) => text.as_str().into(),
            Value::Number(number) => match number.as_u64() {
                Some(number) => Self::Number(number),
                None => Self::Text(number.to_string().into()),
            },
            Value::Bool(_) | Value::Array(_) | Value::Object(_) => Self::Wrong,
        }
    }
}

impl<'a> From<&'a str> for Field<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Field<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<u64> for Field<'_> {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl<'a, T: Into<Field<'a>>> From<Option<T>> for Field<'a> {
    fn from(field: Option<T>) -> Self {
        field.map_or(Self::Missing, Into::into)
    }
}
