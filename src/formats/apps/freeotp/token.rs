//! A token as all three apps write it, but for its secret and its counter.

use serde_json::Value;
use zeroize::Zeroizing;

use crate::formats::{Field, RawAccount, RawSecret};

/// All three show letters where the issuer has this name, whatever else a token says
const STEAM: &str = "Steam";

/// The token without secret and counter; what the user has renamed has the user's name
pub(super) fn draft(token: &Value) -> RawAccount<'_> {
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

/// The secret of FreeOTP 1 and of FreeOTP+
pub(super) fn secret(token: &Value) -> Option<RawSecret<'_>> {
    match &token["secret"] {
        Value::Null => Some(RawSecret::Missing),
        secret => bytes(secret).map(RawSecret::Bytes),
    }
}

/// FreeOTP 1 and FreeOTP+ keep the number before the next one
pub(super) fn next_counter(token: &Value) -> Field<'_> {
    let counter = &token["counter"];
    let next = counter.as_i64().and_then(|counter| u64::try_from(i128::from(counter) + 1).ok());
    next.map_or_else(|| counter.into(), Field::from)
}

/// Bytes as Java counts them: -128 to 127
pub(super) fn bytes(list: &Value) -> Option<Zeroizing<Vec<u8>>> {
    let byte = |number: &Value| i8::try_from(number.as_i64()?).ok().map(i8::cast_unsigned);
    list.as_array()?.iter().map(byte).collect::<Option<_>>().map(Zeroizing::new)
}

fn first_filled<'a>(token: &'a Value, fields: &[&str]) -> &'a Value {
    let mut values = fields.iter().map(|field| &token[field]);
    values.find(|value| !value.is_null() && *value != "").unwrap_or(&Value::Null)
}
