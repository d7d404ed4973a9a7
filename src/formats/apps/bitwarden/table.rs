//! Reads the CSV, whose columns differ from version to version.

use super::{FORMAT, to_raw_account};
use crate::formats::codec::csv_table::{Row, Table};
use crate::formats::{FormatError, ParsedFile, RawAccount};

/// A column that no other app has
pub(super) const TOTP: &str = "login_totp";

/// Reads the rows that have a key.
pub(super) fn parse(text: &str) -> Result<ParsedFile, FormatError> {
    let mut table = Table::parse_flexible(text)?;
    let mut parsed = ParsedFile::new(FORMAT.app);
    while let Some(row) = table.next()? {
        let Some(totp) = cell(&row, TOTP) else { continue };
        let collections = cell(&row, "collections").into_iter().flat_map(|names| names.split(','));
        let tags = cell(&row, "folder").into_iter().chain(collections).map(str::to_owned).collect();
        let (name, user) = (cell(&row, "name").into(), cell(&row, "login_username").into());
        let raw = to_raw_account(name, user, totp.into(), tags);
        parsed.take(RawAccount { note: cell(&row, "notes").into(), ..raw }.finish());
    }
    Ok(parsed)
}

/// Returns the field of a column, or `None` if it is missing or blank.
fn cell<'a>(row: &'a Row<'_>, column: &str) -> Option<&'a str> {
    Some(row.get(column)).filter(|cell| !cell.trim().is_empty())
}
