//! cloak, a command: a table (TOML) an account.

use toml::{Table, Value};

use crate::formats::{
    Field, Format, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};

pub(in crate::formats) const FORMAT: Format = Format {
    app: "cloak",
    detect: |probe| tables(probe).is_some(),
    read: |probe| {
        let mut contents = ParsedFile::new(FORMAT.app);
        for (name, fields) in &tables(probe).unwrap_or_default() {
            contents.take(account(name, fields));
        }
        Ok(Recognised::Plain(contents))
    },
};

/// Tables only, and in each what the app never leaves out
fn tables(probe: &Probe<'_>) -> Option<Table> {
    let is_account =
        |value: &Value| ["key", "totp", "hash_function"].iter().all(|key| value.get(key).is_some());
    probe.toml().filter(|table| !table.is_empty() && table.values().all(is_account))
}

fn account(name: &str, fields: &Value) -> Result<Found, RejectedAccount> {
    let field = |name: &str| match fields.get(name) {
        None => Field::Missing,
        Some(Value::String(text)) => text.as_str().into(),
        Some(Value::Integer(number)) => u64::try_from(*number).map_or(Field::Wrong, Field::Number),
        Some(_) => Field::Wrong,
    };
    let is_timed = fields.get("totp").and_then(Value::as_bool);
    let draft = RawAccount {
        kind: if is_timed == Some(false) { "hotp".into() } else { Field::Missing },
        account_name: name.into(),
        secret: RawSecret::Base32(field("key")),
        algorithm: field("hash_function"),
        counter: field("counter"),
        ..RawAccount::default()
    };
    if is_timed.is_none() {
        Err(draft.refused("the field 'totp' is neither true nor false"))
    } else {
        draft.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    #[test]
    fn a_hash_function_that_is_not_known_is_refused() {
        let file = b"[a]\nkey = 'JBSWY3DPEHPK3PXP'\ntotp = true\nhash_function = 'SHA384'\n\
                     [b]\nkey = 'JBSWY3DPEHPK3PXP'\ntotp = 1\nhash_function = 'SHA1'\n";
        let Ok(Recognised::Plain(contents)) = recognise(file) else { panic!() };
        let reasons: Vec<&str> = contents.refused.iter().map(|refused| refused.reason.as_str()).collect();
        assert_eq!(reasons, ["unsupported algorithm 'SHA384'", "the field 'totp' is neither true nor false"]);
    }
}
