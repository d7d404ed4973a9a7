//! Reads the export of LastPass Authenticator (JSON), and the keys in the export of the LastPass vault (CSV).

use std::collections::HashMap;

use serde_json::Value;

use crate::formats::codec::csv_table::Table;
use crate::formats::{
    Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};

pub(in crate::formats) const FORMAT: Format =
    Format { app: "LastPass", detect: |probe| is_list(probe) || is_table(probe), read };

fn is_list(probe: &Probe<'_>) -> bool {
    let accounts = probe.json().and_then(|json| json["accounts"].as_array());
    accounts.is_some_and(|accounts| accounts.iter().any(|account| account.get("issuerName").is_some()))
}

fn is_table(probe: &Probe<'_>) -> bool {
    probe.has_columns(&["url", "totp", "extra", "grouping"])
}

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let parsed = match probe.json() {
        Some(json) => parse_list(json),
        None => parse_table(probe.text().unwrap_or_default())?,
    };
    Ok(Recognised::Plain(parsed))
}

fn parse_list(json: &Value) -> ParsedFile {
    let list = |name: &str| json[name].as_array().map(Vec::as_slice).unwrap_or_default();
    let folders = list("folders").iter();
    let folders = folders.filter(|folder| !folder["id"].is_null());
    let folders = folders.filter_map(|folder| Some((folder["id"].to_string(), folder["name"].as_str()?)));
    let folders: HashMap<String, &str> = folders.collect();
    let mut parsed = ParsedFile::new(FORMAT.app);
    for entry in list("accounts") {
        parsed.take(parse_account(entry, &folders));
    }
    parsed
}

fn parse_account(entry: &Value, folders: &HashMap<String, &str>) -> Result<Found, RejectedAccount> {
    let folder = folders.get(&entry["folderData"]["folderId"].to_string());
    let raw = RawAccount {
        issuer: (&entry["issuerName"]).into(),
        account_name: (&entry["userName"]).into(),
        secret: RawSecret::Base32((&entry["secret"]).into()),
        algorithm: (&entry["algorithm"]).into(),
        digits: (&entry["digits"]).into(),
        period: (&entry["timeStep"]).into(),
        tags: folder.map(|&name| name.to_owned()).into_iter().collect(),
        ..RawAccount::default()
    };
    raw.finish()
}

fn parse_table(text: &str) -> Result<ParsedFile, FormatError> {
    let mut parsed = ParsedFile::new(FORMAT.app);
    let mut table = Table::parse(text)?;
    while let Some(row) = table.next()? {
        let secret = row.get("totp");
        if !secret.trim().is_empty() {
            let raw = RawAccount {
                issuer: row.get("name").into(),
                account_name: row.get("username").into(),
                secret: RawSecret::Uri(secret.into()),
                tags: vec![row.get("grouping").to_owned()],
                note: row.get("extra").into(),
                ..RawAccount::default()
            };
            parsed.take(raw.finish());
        }
    }
    Ok(parsed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;
    use crate::otp::Enrolment;

    fn parse(text: &str) -> ParsedFile {
        match recognise(text.as_bytes()) {
            Ok(Recognised::Plain(parsed)) => parsed,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn folder_becomes_a_tag() {
        let entry = r#"{"issuerName": "A", "secret": "JBSWY3DPEHPK3PXP", "folderData": {"folderId": 3}}"#;
        let found = parse(&format!(
            r#"{{"accounts": [{entry}], "folders": [{{"id": 3, "name": "Work"}}, {{"id": 4}}]}}"#
        ));
        assert_eq!(found.found[0].enrolment.tags, ["Work"]);
    }

    #[test]
    fn passwords_without_a_key_are_skipped() {
        let parsed = parse(
            "url,username,password,totp,extra,name,grouping,fav\n\
             https://a.example,bob,pw,jbsw y3dp ehpk 3pxp,\"a\nnote\",ACME,Work,0\n\
             http://sn,,,,note,Note,,0\n\
             https://b.example,eve,pw,JBSWY3DP!,,Bad,,0\n",
        );
        let Enrolment { label, tags, .. } = &parsed.found[0].enrolment;
        assert_eq!((label.issuer.as_str(), label.account_name.as_str()), ("ACME", "bob"));
        assert_eq!((tags.as_slice(), parsed.found.len()), (["Work".to_owned()].as_slice(), 1));
        assert_eq!(parsed.rejected[0].what, "Bad:eve");
    }
}
