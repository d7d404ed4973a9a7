//! Reads the archive (1PUX) and the table (CSV) of 1Password. Apple Passwords writes the same columns.

use serde_json::Value;

use crate::formats::codec::csv_table::Table;
use crate::formats::codec::json::Json;
use crate::formats::codec::zip_archive;
use crate::formats::{Format, FormatError, ParsedFile, Probe, RawAccount, RawSecret, Recognised};

pub(in crate::formats) const PUX: Format = Format {
    app: "1Password",
    detect: |probe| zip_archive::has_member(probe, MEMBER),
    read: |probe| {
        let bytes = zip_archive::unpack(probe.bytes(), MEMBER, None)?;
        let text = std::str::from_utf8(&bytes).map_err(|_| FormatError::Damaged("its list is not text"))?;
        parse_list(&*Json::parse(text)?).map(Recognised::Plain)
    },
};

pub(in crate::formats) const CSV: Format = Format {
    app: "1Password",
    detect: |probe| probe.has_columns(&["Title", "Username", "OTPAuth"]),
    read: |probe: &Probe<'_>| parse_table(probe.text().unwrap_or_default()).map(Recognised::Plain),
};

const MEMBER: &str = "export.data";

const ARCHIVED: &str = "it is archived";

fn parse_list(json: &Value) -> Result<ParsedFile, FormatError> {
    let accounts = json["accounts"].as_array().ok_or(FormatError::Damaged("it has no list of accounts"))?;
    let mut parsed = ParsedFile::new(PUX.app);
    for account in accounts {
        for item in list(&account["vaults"]).iter().flat_map(|vault| list(&vault["items"])) {
            parse_item(item, &mut parsed);
        }
    }
    Ok(parsed)
}

fn parse_item(item: &Value, parsed: &mut ParsedFile) {
    let sections = list(&item["details"]["sections"]).iter();
    let fields = sections.flat_map(|section| list(&section["fields"]));
    let totps: Vec<&Value> =
        fields.map(|field| &field["value"]["totp"]).filter(|totp| !is_empty(totp)).collect();
    let (title, tags) = (&item["overview"]["title"], &item["overview"]["tags"]);
    if let ("archived", Some(totp)) = (item["state"].as_str().unwrap_or_default(), totps.first()) {
        let (title, totp) = (title.as_str().unwrap_or_default(), totp.as_str().unwrap_or_default());
        parsed.note_skipped(title, totp, ARCHIVED);
        return;
    }
    let user = list(&item["details"]["loginFields"]).iter().find(|field| field["designation"] == "username");
    let user = user.map_or(&Value::Null, |field| &field["value"]);
    for totp in totps {
        let raw = RawAccount {
            issuer: title.into(),
            account_name: user.into(),
            secret: RawSecret::Uri(totp.into()),
            tags: list(tags).iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            note: (&item["details"]["notesPlain"]).into(),
            ..RawAccount::default()
        };
        parsed.take(raw.finish());
    }
}

fn parse_table(text: &str) -> Result<ParsedFile, FormatError> {
    let mut parsed = ParsedFile::new(CSV.app);
    let mut table = Table::parse(text)?;
    while let Some(row) = table.next()? {
        let totp = row.get("OTPAuth");
        if totp.trim().is_empty() {
            continue;
        }
        if row.get("Archived").eq_ignore_ascii_case("true") {
            parsed.note_skipped(row.get("Title"), totp, ARCHIVED);
            continue;
        }
        let raw = RawAccount {
            issuer: row.get("Title").into(),
            account_name: row.get("Username").into(),
            secret: RawSecret::Uri(totp.into()),
            tags: row.get("Tags").split(';').map(str::to_owned).collect(),
            note: row.get("Notes").into(),
            ..RawAccount::default()
        };
        parsed.take(raw.finish());
    }
    Ok(parsed)
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    fn parse(file: &[u8]) -> ParsedFile {
        match recognise(file) {
            Ok(Recognised::Plain(parsed)) => parsed,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn archived_item_is_skipped_with_a_note() {
        let archive = include_bytes!("../../../../tests/fixtures/import/onepassword/1password-export.1pux");
        let notes = parse(archive).notes;
        assert_eq!(notes, ["skipped 'Old': it is archived"]);
    }

    #[test]
    fn table_is_read_by_its_columns() {
        let parsed = parse(
            b"Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\n\
              ACME,,bob,pw,jbsw y3dp ehpk 3pxp,false,false,Work;x,\n\
              None,,eve,pw,,false,false,,\n\
              Old,,eve,pw,JBSWY3DPEHPK3PXP,false,true,,\n\
              Uri,,,pw,otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP&digits=8,false,false,,\n",
        );
        let first = &parsed.found[0].enrolment;
        assert_eq!((first.label.issuer.as_str(), first.label.account_name.as_str()), ("ACME", "bob"));
        assert_eq!(first.tags, ["Work", "x"]);
        assert_eq!(parsed.found[1].enrolment.key.parameters().digits(), 8);
        assert_eq!((parsed.found.len(), parsed.rejected.len(), parsed.notes.len()), (2, 0, 1));
    }

    #[test]
    fn apple_passwords_has_the_same_columns() {
        let parsed = parse(
            b"Title,URL,Username,Password,Notes,OTPAuth\n\
              a.example (bob),https://a.example,bob,pw,,otpauth://totp/A:b?secret=JBSWY3DPEHPK3PXP\n",
        );
        assert_eq!(parsed.found[0].enrolment.label.issuer, "A");
    }
}
