//! Reads the fields of a token, which all three apps spell the same except for secret and counter.

use serde_json::Value;
use zeroize::Zeroizing;

use crate::formats::{Field, RawAccount, RawSecret};

/// The issuer for which all three apps show Steam codes, whatever the other fields say
const STEAM: &str = "Steam";

/// Parses a token without secret and counter. A name that the user set takes precedence.
pub(super) fn to_raw_account(token: &Value) -> RawAccount<'_> {
    let kind = &token["type"];
    let is_steam = token["issuerExt"] == STEAM && (kind.is_null() || kind == "TOTP");
    RawAccount {
        kind: if is_steam { "steam".into() } else { kind.into() },
        issuer: first_filled(token, &["issuerAlt", "issuerExt", "issuerInt"]).into(),
        account_name: first_filled(token, &["labelAlt", "label"]).into(),
        algorithm: (&token["algo"]).into(),
        digits: (&token["digits"]).into(),
        period: (&token["period"]).into(),
        tags: token["category"].as_str().map(str::to_owned).into_iter().collect(),
        ..RawAccount::default()
    }
}

/// Parses the secret of FreeOTP 1 and FreeOTP+, or returns `None` if it is not a list of bytes.
pub(super) fn parse_secret(token: &Value) -> Option<RawSecret<'_>> {
    match &token["secret"] {
        Value::Null => Some(RawSecret::Missing),
        secret => parse_bytes(secret).map(RawSecret::Bytes),
    }
}

/// Returns the next counter: FreeOTP 1 and FreeOTP+ store the one before it.
pub(super) fn next_counter(token: &Value) -> Field<'_> {
    let counter = &token["counter"];
    let next = counter.as_i64().and_then(|counter| u64::try_from(i128::from(counter) + 1).ok());
    next.map_or_else(|| counter.into(), Field::from)
}

/// Parses a list of Java's signed bytes, -128 to 127.
pub(super) fn parse_bytes(list: &Value) -> Option<Zeroizing<Vec<u8>>> {
    let byte = |number: &Value| i8::try_from(number.as_i64()?).ok().map(i8::cast_unsigned);
    list.as_array()?.iter().map(byte).collect::<Option<_>>().map(Zeroizing::new)
}

fn first_filled<'a>(token: &'a Value, fields: &[&str]) -> &'a Value {
    let mut values = fields.iter().map(|field| &token[field]);
    values.find(|value| !value.is_null() && *value != "").unwrap_or(&Value::Null)
}
