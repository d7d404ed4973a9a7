//! Recognises databases copied from a rooted phone, only to say how to get at their accounts.

use crate::formats::{Format, FormatError, Probe};

pub(in crate::formats) const MICROSOFT: Format = Format {
    app: "",
    detect: |probe| is_database_with(probe, b"oath_secret_key"),
    read: |_| {
        Err(FormatError::Unsupported(
            "it is the database of Microsoft Authenticator; convert it with \
             sqlite3 PhoneFactor \"SELECT printf('otpauth://totp/%s:%s?secret=%s', replace(name, ' ', '%20'), \
             username, oath_secret_key) FROM accounts WHERE account_type = 0\" and import the output; \
             set up MFA of Microsoft accounts for work or school again with 'a different authenticator app'",
        ))
    },
};

pub(in crate::formats) const OTHER: Format = Format {
    app: "",
    detect: |probe| is_database_with(probe, b""),
    read: |_| {
        Err(FormatError::Unsupported(
            "it is an SQLite database; export from the app instead: Google Authenticator shows QR codes under \
             'Transfer accounts', and mfa imports pictures of them",
        ))
    },
};

/// Returns whether a file is a database with a column. A database contains the text of its schema.
fn is_database_with(probe: &Probe<'_>, column: &[u8]) -> bool {
    probe.starts_with(b"SQLite format 3\0")
        && (column.is_empty() || probe.bytes().windows(column.len()).any(|window| window == column))
}

#[cfg(test)]
mod tests {
    use crate::formats::recognise;

    #[test]
    fn database_is_recognised_by_its_columns() {
        let message = |bytes: &[u8]| recognise(bytes).unwrap_err().to_string();
        let microsoft = b"SQLite format 3\0...CREATE TABLE accounts (oath_secret_key TEXT)\xff";
        let advice = message(microsoft);
        assert!(advice.contains("Microsoft"));
        let command = advice.split_inclusive('"').nth(1).unwrap();
        assert!(include_str!("../../manual/import.md").contains(command), "{command}");
        assert!(message(b"SQLite format 3\0...CREATE TABLE accounts (email TEXT)\xff").contains("Transfer"));
    }
}
