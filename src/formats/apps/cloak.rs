//! Reads the file of the command cloak: TOML with one table per account.

use toml::{Table, Value};

use crate::formats::{
    Field, Format, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};

pub(in crate::formats) const FORMAT: Format = Format {
    app: "cloak",
    detect: |probe| parse_tables(probe).is_some(),
    read: |probe| {
        let mut parsed = ParsedFile::new(FORMAT.app);
        for (name, fields) in &parse_tables(probe).unwrap_or_default() {
            parsed.take(parse_account(name, fields));
        }
        Ok(Recognised::Plain(parsed))
    },
};

/// Returns the tables if there is nothing else, and each has the fields that the app always writes.
fn parse_tables(probe: &Probe<'_>) -> Option<Table> {
    let is_account =
        |value: &Value| ["key", "totp", "hash_function"].iter().all(|key| value.get(key).is_some());
    probe.toml().filter(|table| !table.is_empty() && table.values().all(is_account))
}

fn parse_account(name: &str, fields: &Value) -> Result<Found, RejectedAccount> {
    let field = |name: &str| match fields.get(name) {
        None => Field::Missing,
        Some(Value::String(text)) => text.as_str().into(),
        Some(Value::Integer(number)) => u64::try_from(*number).map_or(Field::Wrong, Field::Number),
        Some(_) => Field::Wrong,
    };
    let is_timed = fields.get("totp").and_then(Value::as_bool);
    let raw = RawAccount {
        kind: if is_timed == Some(false) { "hotp".into() } else { Field::Missing },
        account_name: name.into(),
        secret: RawSecret::Base32(field("key")),
        algorithm: field("hash_function"),
        counter: field("counter"),
        ..RawAccount::default()
    };
    if is_timed.is_none() {
        Err(raw.reject("the field 'totp' is neither true nor false"))
    } else {
        raw.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    #[test]
    fn unknown_hash_function_is_rejected() {
        let file = b"[a]\nkey = 'JBSWY3DPEHPK3PXP'\ntotp = true\nhash_function = 'SHA384'\n\
                     [b]\nkey = 'JBSWY3DPEHPK3PXP'\ntotp = 1\nhash_function = 'SHA1'\n";
        let Ok(Recognised::Plain(parsed)) = recognise(file) else { panic!() };
        let reasons: Vec<&str> = parsed.rejected.iter().map(|refused| refused.reason.as_str()).collect();
        assert_eq!(reasons, ["unsupported algorithm 'SHA384'", "the field 'totp' is neither true nor false"]);
    }
}
