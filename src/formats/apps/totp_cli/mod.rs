//! totp-cli: the list in its database, which age encrypts (see `age_file`), its dump in YAML, and the database of its
//! first version.

mod first;
mod yaml;

use serde_json::Value;

use crate::formats::{
    Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};
use crate::text::redact;
use first::Sealed;

pub(in crate::formats) const FORMAT: Format = Format {
    app: APP,
    detect: |probe| is_list(probe) || probe.text().is_some_and(yaml::is_dump),
    read: |probe| {
        let contents = match probe.json() {
            Some(json) => contents(json),
            None => contents(&*yaml::parse(probe.text().unwrap_or_default())?),
        };
        Ok(Recognised::Plain(contents))
    },
};

/// Has no mark but its encoding: to be tried after everything else
pub(crate) const FIRST: Format = Format {
    app: APP,
    detect: |probe| probe.text().and_then(Sealed::parse).is_some(),
    read: |probe| {
        let sealed = probe.text().and_then(Sealed::parse).ok_or(FormatError::UnknownFile)?;
        Ok(Recognised::encrypted(APP, move |password| first::contents(&sealed, password)))
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

fn contents(json: &Value) -> ParsedFile {
    let mut contents = ParsedFile::new(APP);
    for namespace in json.as_array().into_iter().flatten() {
        for entry in accounts(namespace) {
            contents.take(account(&namespace["name"], entry));
            // which may be a PIN
            if entry["prefix"].as_str().is_some_and(|prefix| !prefix.is_empty()) {
                let name = redact(entry["name"].as_str().unwrap_or_default());
                contents
                    .notes
                    .push(format!("'{name}': {APP} shows a prefix before its codes; it was not taken over"));
            }
        }
    }
    contents
}

fn account(namespace: &Value, entry: &Value) -> Result<Found, RejectedAccount> {
    let zero_is_default = |field: &'static str| match &entry[field] {
        number if *number == 0 => &Value::Null,
        number => number,
    };
    let draft = RawAccount {
        issuer: namespace.into(),
        account_name: (&entry["name"]).into(),
        secret: RawSecret::Base32((&entry["token"]).into()),
        algorithm: (&entry["algorithm"]).into(),
        digits: zero_is_default("length").into(),
        period: zero_is_default("timePeriod").into(),
        ..RawAccount::default()
    };
    draft.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    #[test]
    fn what_the_first_versions_did_not_know_has_its_default() {
        let list =
            r#"[{"name": "A", "accounts": [{"name": "b", "token": "JBSWY3DPEHPK3PXP", "length": 0}]}]"#;
        let Ok(Recognised::Plain(contents)) = recognise(list.as_bytes()) else { panic!() };
        assert_eq!(contents.found[0].enrolment.key.parameters(), crate::otp::Parameters::DEFAULT);
    }
}
