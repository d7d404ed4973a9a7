//! Databases out of a rooted phone, which are recognised only to say what to do with them.

use crate::formats::{Format, FormatError, Probe};

pub(crate) const MICROSOFT: Format = Format {
    app: "",
    detect: |probe| is_database_with(probe, b"oath_secret_key"),
    read: |_| {
        Err(FormatError::Unsupported(
            "it is the database of Microsoft Authenticator, which exports nothing; make lines of it with \
             sqlite3 PhoneFactor \"SELECT printf('otpauth://totp/%s:%s?secret=%s', replace(name, ' ', '%20'), \
             username, oath_secret_key) FROM accounts WHERE account_type = 0\" and import those; \
             set up anew what is of a Microsoft account, for work or school, with 'a different authenticator app'",
        ))
    },
};

pub(crate) const OTHER: Format = Format {
    app: "",
    detect: |probe| is_database_with(probe, b""),
    read: |_| {
        Err(FormatError::Unsupported(
            "it is a database of SQLite; let the app itself export: Google Authenticator shows QR codes under \
             'Transfer accounts', whose pictures can be imported",
        ))
    },
};

/// A database has the text of its schema in it, as it was typed
fn is_database_with(probe: &Probe<'_>, column: &[u8]) -> bool {
    probe.starts_with(b"SQLite format 3\0")
        && (column.is_empty() || probe.bytes().windows(column.len()).any(|window| window == column))
}

#[cfg(test)]
mod tests {
    use crate::formats::recognise;

    #[test]
    fn a_database_is_told_apart_by_its_columns() {
        let message = |bytes: &[u8]| recognise(bytes).unwrap_err().to_string();
        let microsoft = b"SQLite format 3\0...CREATE TABLE accounts (oath_secret_key TEXT)\xff";
        let told = message(microsoft);
        assert!(told.contains("Microsoft"));
        let command = told.split_inclusive('"').nth(1).unwrap();
        assert!(include_str!("../../manual/import.md").contains(command), "{command}");
        assert!(message(b"SQLite format 3\0...CREATE TABLE accounts (email TEXT)\xff").contains("Transfer"));
    }
}
