//! Reads `files/duokit/accounts.json` of Duo Mobile, copied from a rooted phone: the app has no export.

use serde_json::Value;

use crate::formats::{Field, Format, Found, ParsedFile, RawAccount, RawSecret, Recognised, RejectedAccount};

pub(in crate::formats) const FORMAT: Format = Format {
    app: "Duo Mobile",
    detect: |probe| probe.lists_objects_with(&["otpGenerator"]),
    read: |probe| {
        let mut parsed = ParsedFile::new(FORMAT.app);
        for entry in probe.json().and_then(Value::as_array).into_iter().flatten() {
            parsed.take(parse_account(entry));
        }
        Ok(Recognised::Plain(parsed))
    },
};

fn parse_account(entry: &Value) -> Result<Found, RejectedAccount> {
    let generator = &entry["otpGenerator"];
    let is_counted = !generator["counter"].is_null();
    let raw = RawAccount {
        kind: if is_counted { "hotp".into() } else { Field::Missing },
        account_name: (&entry["name"]).into(),
        secret: RawSecret::Base32((&generator["otpSecret"]).into()),
        counter: (&generator["counter"]).into(),
        ..RawAccount::default()
    };
    if generator.is_null() {
        return Err(raw.reject("it belongs to Duo Push, which no other app supports"));
    }
    raw.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    #[test]
    fn account_of_duo_push_is_rejected_by_name() {
        let text = r#"[{"name": "a", "otpGenerator": {"otpSecret": "JBSWY3DPEHPK3PXP"}}, {"name": "corp"}]"#;
        let Ok(Recognised::Plain(parsed)) = recognise(text.as_bytes()) else { panic!() };
        assert_eq!((parsed.found.len(), parsed.rejected[0].what.as_str()), (1, "corp"));
    }
}
