//! Reads the database of totp-cli, which age encrypts (see `age_file`), its dump in YAML, and the database of version 1.0.

mod version_1;
mod yaml;

use serde_json::Value;

use crate::formats::{
    Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};
use crate::text::redact;
use version_1::EncryptedDatabase;

pub(in crate::formats) const FORMAT: Format = Format {
    app: APP,
    detect: |probe| is_list(probe) || probe.text().is_some_and(yaml::is_dump),
    read: |probe| {
        let parsed = match probe.json() {
            Some(json) => parse_namespaces(json),
            None => parse_namespaces(&*yaml::parse(probe.text().unwrap_or_default())?),
        };
        Ok(Recognised::Plain(parsed))
    },
};

/// Must come late: the file has no mark except its encoding.
pub(in crate::formats) const FIRST: Format = Format {
    app: APP,
    detect: |probe| probe.text().and_then(EncryptedDatabase::parse).is_some(),
    read: |probe| {
        let database = probe.text().and_then(EncryptedDatabase::parse).ok_or(FormatError::UnknownFile)?;
        Ok(Recognised::encrypted(APP, move |password| version_1::decrypt_accounts(&database, password)))
    },
};

const APP: &str = "totp-cli";

fn is_list(probe: &Probe<'_>) -> bool {
    let namespaces = probe.json().and_then(Value::as_array);
    namespaces.is_some_and(|namespaces| {
        namespaces
            .iter()
            .any(|namespace| accounts(namespace).iter().any(|account| account.get("token").is_some()))
    })
}

fn accounts(namespace: &Value) -> &[Value] {
    namespace["accounts"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn parse_namespaces(json: &Value) -> ParsedFile {
    let mut parsed = ParsedFile::new(APP);
    for namespace in json.as_array().into_iter().flatten() {
        for entry in accounts(namespace) {
            parsed.take(parse_account(&namespace["name"], entry));
            // The note must not show the prefix: it may be a PIN.
            if entry["prefix"].as_str().is_some_and(|prefix| !prefix.is_empty()) {
                let name = redact(entry["name"].as_str().unwrap_or_default());
                parsed.notes.push(format!(
                    "'{name}': {APP} shows a prefix before its codes, which mfa does not import"
                ));
            }
        }
    }
    parsed
}

fn parse_account(namespace: &Value, entry: &Value) -> Result<Found, RejectedAccount> {
    let zero_is_default = |field: &'static str| match &entry[field] {
        number if *number == 0 => &Value::Null,
        number => number,
    };
    let raw = RawAccount {
        issuer: namespace.into(),
        account_name: (&entry["name"]).into(),
        secret: RawSecret::Base32((&entry["token"]).into()),
        algorithm: (&entry["algorithm"]).into(),
        digits: zero_is_default("length").into(),
        period: zero_is_default("timePeriod").into(),
        ..RawAccount::default()
    };
    raw.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    #[test]
    fn field_that_old_versions_lack_has_its_default() {
        let list =
            r#"[{"name": "A", "accounts": [{"name": "b", "token": "JBSWY3DPEHPK3PXP", "length": 0}]}]"#;
        let Ok(Recognised::Plain(parsed)) = recognise(list.as_bytes()) else { panic!() };
        assert_eq!(parsed.found[0].enrolment.key.parameters(), crate::otp::Parameters::DEFAULT);
    }
}
