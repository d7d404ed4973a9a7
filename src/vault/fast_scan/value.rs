//! Values and quoted keys in the forms that mfa writes.

use memchr::memchr2;
use toml::Value;

/// The text between two elements of a list
const SEPARATOR: &str = "\", \"";

/// The most digits of a number: any 18 digits fit into 64 bits
const MAX_DIGITS: usize = 18;

/// The bytes of a value.
pub(super) enum RawValue<'t> {
    String(&'t [u8]),
    Number(&'t [u8]),
    /// Strings: everything between the first and the last quote
    List(&'t [u8]),
}

impl<'t> RawValue<'t> {
    /// Splits off the value at the beginning of a text. Returns it and the rest.
    pub(super) fn split_from(text: &'t [u8]) -> Option<(Self, &'t [u8])> {
        match text.first()? {
            b'"' => split_quoted(text).map(|(text, rest)| (Self::String(text), rest)),
            b'[' => split_list(text),
            _ => split_number(text),
        }
    }

    pub(super) fn parse(self) -> Option<Value> {
        let (Self::String(bytes) | Self::Number(bytes) | Self::List(bytes)) = self;
        let text = std::str::from_utf8(bytes).ok()?;
        Some(match self {
            Self::String(_) => text.into(),
            Self::Number(_) => text.parse::<i64>().ok()?.into(),
            Self::List(_) => text.split(SEPARATOR).collect::<Vec<_>>().into(),
        })
    }
}

/// Splits off a string in quotes, all in one line. Returns its content and the rest.
pub(super) fn split_quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = text.strip_prefix(b"\"")?;
    let end = memchr2(b'"', b'\n', text)?;
    (text[end] == b'"').then(|| (&text[..end], &text[end + 1..]))
}

/// Splits off a list of strings, separated by a comma and a blank.
fn split_list(text: &[u8]) -> Option<(RawValue<'_>, &[u8])> {
    let first = text.strip_prefix(b"[")?;
    let (_, mut rest) = split_quoted(first)?;
    while let Some(next) = rest.strip_prefix(b", ") {
        (_, rest) = split_quoted(next)?;
    }
    let strings = &first[1..first.len() - rest.len() - 1];
    Some((RawValue::List(strings), rest.strip_prefix(b"]")?))
}

/// Splits off a number that is not negative.
fn split_number(text: &[u8]) -> Option<(RawValue<'_>, &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(length);
    let is_canonical = length == 1 || digits.first() != Some(&b'0');
    ((1..=MAX_DIGITS).contains(&length) && is_canonical).then_some((RawValue::Number(digits), rest))
}
