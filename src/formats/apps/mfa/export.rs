//! The JSON that this program exports, and reads again without loss. ASCII throughout, so that no program on its way
//! mistakes the encoding:
//!
//! ```json
//! {
//!   "format": "mfa-export",
//!   "version": 1,
//!   "accounts": [
//!     {
//!       "name": "github-alice",
//!       "type": "totp",
//!       "issuer": "GitHub",
//!       "account": "alice@example.com",
//!       "secret": "JBSWY3DPEHPK3PXP",
//!       "algorithm": "SHA1",
//!       "digits": 6,
//!       "period": 30,
//!       "tags": ["Work"]
//!     }
//!   ]
//! }
//! ```
//!
//! `name` is the user's, `issuer` and `account` are the service's and may be empty. `type` is `totp`, `hotp` or `steam`;
//! `secret` is Base32 without padding; `algorithm` is `SHA1`, `SHA256` or `SHA512`. HOTP has a `counter`, that of the
//! next code, in the place of the `period`. An AWS MFA device may have a `serial`, its ARN. All other fields are always
//! written; fields that are not named here are passed over. What would be read wrongly by this rule gets another
//! `version`.

use serde_json::Value;

use crate::formats::{
    Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};

pub(in crate::formats) const NAME: &str = "mfa-export";

pub(in crate::formats) const VERSION: u64 = 1;

pub(in crate::formats) const FORMAT: Format = Format {
    app: "mfa",
    detect: |probe| probe.json().is_some_and(|json| json["format"] == NAME),
    read: |probe| read(probe).map(Recognised::Plain),
};

fn read(probe: &Probe<'_>) -> Result<ParsedFile, FormatError> {
    let json = probe.json().unwrap_or(&Value::Null);
    match json["version"].as_u64() {
        Some(VERSION) => {}
        Some(_) => return Err(FormatError::Unsupported("it is an export of a newer version of mfa")),
        None => return Err(FormatError::Damaged("its version is not a whole number")),
    }
    let accounts = json["accounts"].as_array().ok_or(FormatError::Damaged("it has no list of accounts"))?;
    let mut contents = ParsedFile::new(FORMAT.app);
    for entry in accounts {
        contents.take(account(entry));
    }
    Ok(contents)
}

fn account(entry: &Value) -> Result<Found, RejectedAccount> {
    let mut draft = RawAccount {
        kind: (&entry["type"]).into(),
        issuer: (&entry["issuer"]).into(),
        account_name: (&entry["account"]).into(),
        secret: RawSecret::Base32((&entry["secret"]).into()),
        algorithm: (&entry["algorithm"]).into(),
        digits: (&entry["digits"]).into(),
        period: (&entry["period"]).into(),
        counter: (&entry["counter"]).into(),
        ..RawAccount::default()
    };
    match tags(&entry["tags"]) {
        Some(tags) => draft.tags = tags,
        None => return Err(draft.refused("the field 'tags' is not a list of texts")),
    }
    let serial = match &entry["serial"] {
        Value::Null => None,
        serial => match serial.as_str().and_then(|arn| arn.parse().ok()) {
            Some(arn) => Some(arn),
            None => return Err(draft.refused("the field 'serial' is not the ARN of an MFA device")),
        },
    };
    let mut found = draft.finish()?;
    found.enrolment.label.serial = serial;
    found.suggested_name = entry["name"].as_str().and_then(|name| name.parse().ok());
    Ok(found)
}

fn tags(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Null => Some(Vec::new()),
        Value::Array(tags) => tags.iter().map(|tag| tag.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::formats::export::samples::{account, imported};
    use crate::formats::export::{Export, to_json};
    use crate::formats::recognise;
    use crate::otp::Account;

    fn contents(json: &str) -> Result<ParsedFile, FormatError> {
        match recognise(json.as_bytes())? {
            Recognised::Plain(contents) => Ok(contents),
            Recognised::Encrypted(_) => panic!("it is plain"),
        }
    }

    #[test]
    fn what_is_written_is_what_the_documentation_shows() {
        let text = include_str!("../../../../tests/fixtures/import/mfa/export.json");
        let ParsedFile { found, .. } = contents(text).unwrap();
        let accounts: Vec<Account> = found
            .into_iter()
            .map(|found| found.enrolment.named(found.suggested_name.expect("it has a name")))
            .collect();
        let Export { text: again, left_out, reduced } = to_json(&accounts);
        assert_eq!(*again, text);
        assert_eq!((left_out, reduced), (vec![], vec![]));
    }

    #[test]
    fn what_is_not_understood_is_refused() {
        let file = |version: &str, entry: &str| {
            let secret = r#""secret": "JBSWY3DPEHPK3PXP""#;
            contents(&format!(
                r#"{{"format": "mfa-export", "version": {version}, "accounts": [{{{secret}{entry}}}]}}"#
            ))
        };
        assert!(matches!(file("2", ""), Err(FormatError::Unsupported(_))));
        assert!(matches!(file("\"1\"", ""), Err(FormatError::Damaged(_))));
        assert_eq!(file("1", r#", "later": 1, "name": "a b""#).unwrap().found[0].suggested_name, None);
        for entry in [r#", "tags": "x""#, r#", "tags": [1]"#, r#", "serial": "x""#, r#", "algorithm": "MD5""#]
        {
            assert_eq!(file("1", entry).unwrap().refused.len(), 1, "{entry}");
        }
    }

    proptest! {
        #[test]
        fn reading_what_was_written_gives_the_accounts(
            accounts in prop::collection::vec(account(), 0..4),
        ) {
            let Export { text, left_out, reduced } = to_json(&accounts);
            prop_assert!(text.is_ascii() && left_out.is_empty() && reduced.is_empty());
            let ParsedFile { found, .. } = contents(&text).unwrap();
            for (account, found) in accounts.iter().zip(&found) {
                prop_assert_eq!(found.suggested_name.as_ref(), Some(&account.name));
            }
            prop_assert_eq!(imported(found), accounts);
        }
    }
}
