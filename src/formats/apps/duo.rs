//! Duo Mobile, out of a rooted phone (`files/duokit/accounts.json`): the app itself exports nothing.

use serde_json::Value;

use crate::formats::{Field, Format, Found, ParsedFile, RawAccount, RawSecret, Recognised, RejectedAccount};

pub(in crate::formats) const FORMAT: Format = Format {
    app: "Duo Mobile",
    detect: |probe| probe.lists_objects_with(&["otpGenerator"]),
    read: |probe| {
        let mut contents = ParsedFile::new(FORMAT.app);
        for entry in probe.json().and_then(Value::as_array).into_iter().flatten() {
            contents.take(account(entry));
        }
        Ok(Recognised::Plain(contents))
    },
};

fn account(entry: &Value) -> Result<Found, RejectedAccount> {
    let generator = &entry["otpGenerator"];
    let is_counted = !generator["counter"].is_null();
    let draft = RawAccount {
        kind: if is_counted { "hotp".into() } else { Field::Missing },
        account_name: (&entry["name"]).into(),
        secret: RawSecret::Base32((&generator["otpSecret"]).into()),
        counter: (&generator["counter"]).into(),
        ..RawAccount::default()
    };
    if generator.is_null() {
        return Err(draft.refused("it is one of Duo Push, which no other app can take over"));
    }
    draft.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    #[test]
    fn an_account_of_duo_push_is_refused_by_name() {
        let text = r#"[{"name": "a", "otpGenerator": {"otpSecret": "JBSWY3DPEHPK3PXP"}}, {"name": "corp"}]"#;
        let Ok(Recognised::Plain(contents)) = recognise(text.as_bytes()) else { panic!() };
        assert_eq!((contents.found.len(), contents.refused[0].what.as_str()), (1, "corp"));
    }
}
