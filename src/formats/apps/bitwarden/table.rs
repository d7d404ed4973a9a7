//! Reads the CSV, whose columns differ from version to version.

use csv::{ReaderBuilder, StringRecord};

use super::{FORMAT, to_raw_account};
use crate::formats::{FormatError, ParsedFile};

/// A column that no other app has
pub(super) const TOTP: &str = "login_totp";

/// Positions of the columns, found once instead of in each row
struct Columns {
    totp: Option<usize>,
    name: Option<usize>,
    user: Option<usize>,
    folder: Option<usize>,
    collections: Option<usize>,
}

/// Reads the rows that have a key.
pub(super) fn parse(text: &str) -> Result<ParsedFile, FormatError> {
    let damaged = FormatError::Damaged("it is not a CSV file of Bitwarden");
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let columns = Columns::find(reader.headers().map_err(|_| damaged.clone())?);
    let mut parsed = ParsedFile::new(FORMAT.app);
    for row in reader.records() {
        let row = row.map_err(|_| damaged.clone())?;
        let Some(totp) = cell(&row, columns.totp) else { continue };
        let collections = cell(&row, columns.collections).into_iter().flat_map(|names| names.split(','));
        let tags = cell(&row, columns.folder).into_iter().chain(collections).map(str::to_owned).collect();
        let (name, user) = (cell(&row, columns.name).into(), cell(&row, columns.user).into());
        parsed.take(to_raw_account(name, user, totp.into(), tags).finish());
    }
    Ok(parsed)
}

impl Columns {
    fn find(header: &StringRecord) -> Self {
        let column = |column: &str| header.iter().position(|name| name.trim() == column);
        Self {
            totp: column(TOTP),
            name: column("name"),
            user: column("login_username"),
            folder: column("folder"),
            collections: column("collections"),
        }
    }
}

fn cell(row: &StringRecord, column: Option<usize>) -> Option<&str> {
    row.get(column?).filter(|cell| !cell.trim().is_empty())
}
