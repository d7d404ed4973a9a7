//! Numbers and texts, as loosely as apps tell them apart.

use std::borrow::Cow;

use serde_json::Value;

use crate::formats::raw_account::InvalidAccount;

/// One field as it stands in a file; apps write numbers as texts, too, and leave texts empty
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
    /// Without the blanks around it; none where nothing is left
    pub(super) fn text(&self, field: &'static str) -> Result<Option<Cow<'_, str>>, InvalidAccount> {
        match self {
            Self::Missing => Ok(None),
            Self::Number(number) => Ok(Some(number.to_string().into())),
            Self::Text(text) => Ok(Some(text.trim()).filter(|text| !text.is_empty()).map(Cow::from)),
            Self::Wrong => Err(InvalidAccount::NotText(field)),
        }
    }

    pub(super) fn number(&self, field: &'static str) -> Result<Option<u64>, InvalidAccount> {
        match self {
            Self::Missing => Ok(None),
            Self::Number(number) => Ok(Some(*number)),
            Self::Text(text) => {
                let Some(text) = Some(text.trim()).filter(|text| !text.is_empty()) else { return Ok(None) };
                whole_number(text).map(Some).ok_or(InvalidAccount::NotNumber(field))
            }
            Self::Wrong => Err(InvalidAccount::NotNumber(field)),
        }
    }
}

/// Decimal digits, and behind a point zeros only
fn whole_number(text: &str) -> Option<u64> {
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
