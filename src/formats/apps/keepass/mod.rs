//! KeePass and KeePassXC: their tables (CSV), their XML, and their databases (KDBX).

mod entry;
mod kdbx;
mod xml;

use crate::formats::codec::csv_table::Table;
use crate::formats::{Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised};
use kdbx::Database;

pub(crate) const CSV: Format = Format {
    app: APP,
    detect: |probe| probe.has_columns(&["Group", "Title", "Username", "TOTP"]),
    read: |probe| of_table(probe.text().unwrap_or_default()).map(Recognised::Plain),
};

pub(crate) const XML: Format = Format {
    app: APP,
    detect: |probe| probe.is_xml() && probe.text().is_some_and(|text| text.contains("<KeePassFile")),
    read: |probe| {
        let entries = xml::entries(probe.text().unwrap_or_default(), &mut |_| {})?;
        Ok(Recognised::Plain(entry::contents(&entries)))
    },
};

pub(crate) const KDBX: Format = Format { app: APP, detect: Database::is_one, read: of_database };

pub(crate) const APP: &str = "KeePass";

/// What KeePassXC calls it in English; a table does not tell otherwise
pub(crate) const RECYCLE_BIN: &str = "Recycle Bin";

fn of_database(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let database = Database::parse(probe.bytes())?;
    Ok(Recognised::encrypted(APP, move |password| {
        let opened = database.open(password)?;
        let mut mask = opened.mask;
        let entries = xml::entries(&opened.xml, &mut |bytes| mask.apply(bytes))?;
        Ok(entry::contents(&entries))
    }))
}

fn of_table(text: &str) -> Result<ParsedFile, FormatError> {
    let mut contents = ParsedFile::new(APP);
    let mut table = Table::parse(text)?;
    while let Some(row) = table.next()? {
        let totp = row.get("TOTP");
        if totp.trim().is_empty() {
            continue;
        }
        let groups: Vec<&str> = row.get("Group").split('/').skip(1).collect();
        if groups.first() == Some(&RECYCLE_BIN) {
            contents.pass_over(row.get("Title"), totp, entry::IN_BIN);
            continue;
        }
        let user = row.get("Username");
        let draft = RawAccount {
            issuer: row.get("Title").into(),
            account_name: user.into(),
            secret: RawSecret::Uri(totp.into()),
            tags: vec![groups.join("/")],
            ..RawAccount::default()
        };
        contents.take(draft.finish().map(|found| of_user(user, found)));
    }
    Ok(contents)
}

/// The account of a user: where an entry has none, KeePassXC puts `none` into its URI
fn of_user(user: &str, mut found: Found) -> Found {
    let label = &mut found.enrolment.label;
    if user.trim().is_empty() && label.account_name == "none" {
        label.account_name.clear();
    }
    found
}

#[cfg(test)]
mod tests;
