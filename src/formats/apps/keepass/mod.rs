//! Reads the tables (CSV), the XML and the databases (KDBX) of KeePass and KeePassXC.

mod entry;
mod kdbx;
mod xml;

use crate::formats::codec::csv_table::Table;
use crate::formats::{Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised};
use kdbx::{Database, DecryptedDatabase};

pub(in crate::formats) const CSV: Format = Format {
    app: APP,
    detect: |probe| probe.has_columns(&["Group", "Title", "Username", "TOTP"]),
    read: |probe| parse_table(probe.text().unwrap_or_default()).map(Recognised::Plain),
};

pub(in crate::formats) const XML: Format = Format {
    app: APP,
    detect: |probe| probe.is_xml() && probe.text().is_some_and(|text| text.contains("<KeePassFile")),
    read: |probe| {
        let entries = xml::parse(probe.text().unwrap_or_default(), &mut |_| {})?;
        Ok(Recognised::Plain(entry::parse_all(&entries)))
    },
};

pub(in crate::formats) const KDBX: Format =
    Format { app: APP, detect: Database::is_database, read: read_database };

const APP: &str = "KeePass";

/// KeePassXC's English name of the recycle bin, the only mark of it in a table
pub(in crate::formats) const RECYCLE_BIN: &str = "Recycle Bin";

fn read_database(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let database = Database::parse(probe.bytes())?;
    Ok(Recognised::encrypted(APP, move |password| {
        let DecryptedDatabase { xml, mut inner_stream } = database.decrypt(password)?;
        let entries = xml::parse(&xml, &mut |bytes| inner_stream.apply(bytes))?;
        Ok(entry::parse_all(&entries))
    }))
}

fn parse_table(text: &str) -> Result<ParsedFile, FormatError> {
    let mut parsed = ParsedFile::new(APP);
    let mut table = Table::parse(text)?;
    while let Some(row) = table.next()? {
        let totp = row.get("TOTP");
        if totp.trim().is_empty() {
            continue;
        }
        let groups: Vec<&str> = row.get("Group").split('/').skip(1).collect();
        if groups.first() == Some(&RECYCLE_BIN) {
            parsed.note_skipped(row.get("Title"), totp, entry::IN_BIN);
            continue;
        }
        let user = row.get("Username");
        let raw = RawAccount {
            issuer: row.get("Title").into(),
            account_name: user.into(),
            secret: RawSecret::Uri(totp.into()),
            tags: vec![groups.join("/")],
            note: row.get("Notes").into(),
            ..RawAccount::default()
        };
        parsed.take(raw.finish().map(|found| fix_missing_user(user, found)));
    }
    Ok(parsed)
}

/// Removes the account name `none`, which KeePassXC writes into the URI of an entry without a user name.
fn fix_missing_user(user: &str, mut found: Found) -> Found {
    let label = &mut found.enrolment.label;
    if user.trim().is_empty() && label.account_name == "none" {
        label.account_name.clear();
    }
    found
}

#[cfg(test)]
mod tests;
