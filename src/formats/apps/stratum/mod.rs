//! Reads backups of Stratum, formerly Authenticator Pro, plain-text and encrypted.

mod encrypted;

use std::collections::HashMap;

use serde_json::Value;

use crate::formats::codec::json::Json;
use crate::formats::{
    Field, Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
    collect_tags,
};
use encrypted::EncryptedBackup;

pub(in crate::formats) const FORMAT: Format = Format {
    app: "Stratum",
    detect: |probe| probe.has_keys(&["Authenticators"]) || EncryptedBackup::is_encrypted(probe.bytes()),
    read,
};

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    if let Some(json) = probe.json() {
        return parse_entries(json).map(Recognised::Plain);
    }
    let backup = EncryptedBackup::parse(probe.bytes())?;
    Ok(Recognised::encrypted(FORMAT.app, move |password| {
        let plain = backup.decrypt(password)?;
        let json = std::str::from_utf8(&plain).ok().and_then(|text| Json::parse(text).ok());
        parse_entries(&*json.ok_or(FormatError::WrongPasswordOrDamaged)?)
    }))
}

fn parse_entries(json: &Value) -> Result<ParsedFile, FormatError> {
    let entries =
        json["Authenticators"].as_array().ok_or(FormatError::Damaged("it has no list of accounts"))?;
    let categories = categories_by_secret(json);
    let mut parsed = ParsedFile::new(FORMAT.app);
    for entry in entries {
        parsed.take(parse_account(entry, &categories));
    }
    Ok(parsed)
}

/// Returns the categories of each account by its secret, which the file uses as its id.
fn categories_by_secret(json: &Value) -> HashMap<&str, Vec<&str>> {
    let list = |name: &str| json[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let names = list("Categories").iter();
    let names: HashMap<&str, &str> =
        names.filter_map(|category| Some((category["Id"].as_str()?, category["Name"].as_str()?))).collect();
    let mut categories: HashMap<&str, Vec<&str>> = HashMap::new();
    for member in list("AuthenticatorCategories") {
        let name = member["CategoryId"].as_str().and_then(|id| names.get(id));
        if let (Some(name), Some(secret)) = (name, member["AuthenticatorSecret"].as_str()) {
            categories.entry(secret).or_default().push(name);
        }
    }
    categories
}

fn parse_account(entry: &Value, categories: &HashMap<&str, Vec<&str>>) -> Result<Found, RejectedAccount> {
    let tags = entry["Secret"].as_str().and_then(|secret| categories.get(secret)).into_iter().flatten();
    let raw = RawAccount {
        kind: kind_name(&entry["Type"]),
        issuer: (&entry["Issuer"]).into(),
        account_name: (&entry["Username"]).into(),
        secret: RawSecret::Base32((&entry["Secret"]).into()),
        algorithm: algorithm_name(&entry["Algorithm"]),
        digits: (&entry["Digits"]).into(),
        period: (&entry["Period"]).into(),
        counter: (&entry["Counter"]).into(),
        tags: collect_tags(tags.copied()),
        ..RawAccount::default()
    };
    raw.finish()
}

fn kind_name(code: &Value) -> Field<'static> {
    match code.as_u64() {
        Some(1) => "hotp".into(),
        Some(2) => "totp".into(),
        Some(3) => "motp".into(),
        Some(4) => "steam".into(),
        Some(5) => "yandex".into(),
        _ => format!("code {code}").into(),
    }
}

fn algorithm_name(code: &Value) -> Field<'static> {
    match code.as_u64() {
        Some(0) => "SHA1".into(),
        Some(1) => "SHA256".into(),
        Some(2) => "SHA512".into(),
        _ => format!("code {code}").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    fn parse(json: &str) -> ParsedFile {
        match recognise(json.as_bytes()) {
            Ok(Recognised::Plain(parsed)) => parsed,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn category_becomes_a_tag() {
        let parsed = parse(
            r#"{"Authenticators": [{"Type": 2, "Issuer": "A", "Secret": "JBSWY3DPEHPK3PXP", "Algorithm": 0}],
                "Categories": [{"Id": "1", "Name": "Work"}],
                "AuthenticatorCategories": [{"CategoryId": "1", "AuthenticatorSecret": "JBSWY3DPEHPK3PXP"}]}"#,
        );
        assert_eq!(parsed.found[0].enrolment.tags, ["Work"]);
    }

    #[test]
    fn unknown_code_is_rejected() {
        for (field, reason) in [
            (r#""Type": 5, "Algorithm": 0"#, "unsupported type 'yandex'"),
            (r#""Type": 9, "Algorithm": 0"#, "unsupported type 'code 9'"),
            (r#""Algorithm": 0"#, "unsupported type 'code null'"),
            (r#""Type": 2, "Algorithm": 3"#, "unsupported algorithm 'code 3'"),
        ] {
            let parsed = parse(&format!(
                r#"{{"Authenticators": [{{"Issuer": "A", "Secret": "JBSWY3DPEHPK3PXP", {field}}}]}}"#
            ));
            assert_eq!(parsed.rejected[0].reason, reason);
        }
    }
}
