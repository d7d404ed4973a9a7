//! The JSON that mfa exports and imports without loss, and the refusal of its vaults.
//!
//! The JSON is ASCII throughout, so that no program on its way mistakes the encoding:
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
//! The user chose `name`; the service chose `issuer` and `account`, which may be empty. `type` is `totp`, `hotp` or
//! `steam`; `secret` is Base32 without padding; `algorithm` is `SHA1`, `SHA256` or `SHA512`. HOTP has `counter`, the
//! counter of the next code, instead of `period`. An AWS MFA device may have a `serial`, its ARN, and each account a
//! `note`. mfa always writes all other fields, and ignores fields that are not listed here. A change that would make
//! older readers err increases `version`.

use serde_json::Value;

use crate::formats::{
    Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};
use crate::otp::{Note, Warning};

pub(in crate::formats) const EXPORT_NAME: &str = "mfa-export";

pub(in crate::formats) const EXPORT_VERSION: u64 = 1;

pub(in crate::formats) const EXPORT: Format = Format {
    app: "mfa",
    detect: |probe| probe.json().is_some_and(|json| json["format"] == EXPORT_NAME),
    read: |probe| parse_export(probe).map(Recognised::Plain),
};

pub(in crate::formats) const VAULT: Format =
    Format { app: "", detect: is_vault, read: |_| Err(FormatError::OwnVault) };

/// Returns whether a file is a vault of mfa: TOML with a version, and with accounts or the header of an encrypted vault.
pub(in crate::formats) fn is_vault(probe: &Probe<'_>) -> bool {
    probe.toml().is_some_and(|table| {
        let has_version = table.get("version").is_some_and(toml::Value::is_integer);
        has_version && (table.contains_key("accounts") || table.contains_key("vault"))
    })
}

fn parse_export(probe: &Probe<'_>) -> Result<ParsedFile, FormatError> {
    let json = probe.json().unwrap_or(&Value::Null);
    match json["version"].as_u64() {
        Some(EXPORT_VERSION) => {}
        Some(_) => return Err(FormatError::Unsupported("it was exported by a newer version of mfa")),
        None => return Err(FormatError::Damaged("its version is not a whole number")),
    }
    let accounts = json["accounts"].as_array().ok_or(FormatError::Damaged("it has no list of accounts"))?;
    let mut parsed = ParsedFile::new(EXPORT.app);
    for entry in accounts {
        parsed.take(parse_account(entry));
    }
    Ok(parsed)
}

fn parse_account(entry: &Value) -> Result<Found, RejectedAccount> {
    let mut raw = RawAccount {
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
    match parse_tags(&entry["tags"]) {
        Some(tags) => raw.tags = tags,
        None => return Err(raw.reject("the field 'tags' is not a list of texts")),
    }
    let serial = match &entry["serial"] {
        Value::Null => None,
        serial => match serial.as_str().and_then(|arn| arn.parse().ok()) {
            Some(arn) => Some(arn),
            None => return Err(raw.reject("the field 'serial' is not the ARN of an MFA device")),
        },
    };
    let mut found = raw.finish()?;
    found.enrolment.label.serial = serial;
    match entry["note"].as_str().map(Note::new) {
        Some(Ok(note)) => found.enrolment.note = note,
        None if entry["note"].is_null() => {}
        _ => found.warnings.push(Warning::NoteLost),
    }
    found.suggested_name = entry["name"].as_str().and_then(|name| name.parse().ok());
    Ok(found)
}

fn parse_tags(value: &Value) -> Option<Vec<String>> {
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
    use crate::formats::{self, recognise};
    use crate::otp::Account;

    fn parse(json: &str) -> Result<ParsedFile, FormatError> {
        match recognise(json.as_bytes())? {
            Recognised::Plain(parsed) => Ok(parsed),
            Recognised::Encrypted(_) => panic!("the export is plain text"),
        }
    }

    #[test]
    fn export_writes_the_documented_json() {
        let text = include_str!("../../../tests/fixtures/import/mfa/export.json");
        let ParsedFile { found, .. } = parse(text).unwrap();
        let accounts: Vec<Account> = found
            .into_iter()
            .map(|found| found.enrolment.named(found.suggested_name.expect("it has a name")))
            .collect();
        let Export { text: again, left_out, reduced } = to_json(&accounts);
        assert_eq!(*again, text);
        assert_eq!((left_out, reduced), (vec![], vec![]));
    }

    #[test]
    fn export_with_an_unknown_value_is_rejected() {
        let file = |version: &str, entry: &str| {
            let secret = r#""secret": "JBSWY3DPEHPK3PXP""#;
            parse(&format!(
                r#"{{"format": "mfa-export", "version": {version}, "accounts": [{{{secret}{entry}}}]}}"#
            ))
        };
        assert!(matches!(file("2", ""), Err(FormatError::Unsupported(_))));
        assert!(matches!(file("\"1\"", ""), Err(FormatError::Damaged(_))));
        assert_eq!(file("1", r#", "later": 1, "name": "a b""#).unwrap().found[0].suggested_name, None);
        for entry in [r#", "tags": "x""#, r#", "tags": [1]"#, r#", "serial": "x""#, r#", "algorithm": "MD5""#]
        {
            assert_eq!(file("1", entry).unwrap().rejected.len(), 1, "{entry}");
        }
    }

    #[test]
    fn vault_is_rejected() {
        let plain = include_bytes!("../../../tests/fixtures/import/mfa/vault.toml");
        let encrypted = include_bytes!("../../../tests/fixtures/import/mfa/vault-sealed.toml");
        let newer = b"version = 9\n[accounts]\n";
        for vault in [&plain[..], encrypted, newer] {
            assert_eq!(recognise(vault).unwrap_err(), FormatError::OwnVault);
            let text = std::str::from_utf8(vault).unwrap();
            assert_eq!(formats::read(text), Err(FormatError::OwnVault));
        }
        for other in [&b"version = 1"[..], b"version = 'x'\n[accounts]", b"x = 1\n[accounts]"] {
            assert_eq!(recognise(other).unwrap_err(), FormatError::UnknownFile);
        }
    }

    proptest! {
        #[test]
        fn export_round_trips(
            accounts in prop::collection::vec(account(), 0..4),
        ) {
            let Export { text, left_out, reduced } = to_json(&accounts);
            prop_assert!(text.is_ascii() && left_out.is_empty() && reduced.is_empty());
            let ParsedFile { found, .. } = parse(&text).unwrap();
            for (account, found) in accounts.iter().zip(&found) {
                prop_assert_eq!(found.suggested_name.as_ref(), Some(&account.name));
            }
            prop_assert_eq!(imported(found), accounts);
        }
    }
}
