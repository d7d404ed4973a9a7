//! The CSV, whose columns differ from version to version.

use csv::{ReaderBuilder, StringRecord};

use super::{FORMAT, draft};
use crate::formats::{Contents, Field, FormatError};

/// The column that no other app has
pub(super) const TOTP: &str = "login_totp";

pub(super) fn contents(text: &str) -> Result<Contents, FormatError> {
    let damaged = FormatError::Damaged("it is no table of Bitwarden's");
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|_| damaged.clone())?.clone();
    let mut contents = Contents::new(FORMAT.app);
    for row in reader.records() {
        let row = row.map_err(|_| damaged.clone())?;
        let cell = |column: &str| cell(&header, &row, column);
        let Some(totp) = cell(TOTP) else { continue };
        let collections = cell("collections").into_iter().flat_map(|names| names.split(','));
        let tags = cell("folder").into_iter().chain(collections).map(str::to_owned).collect();
        let field = |column: &str| Field::from(cell(column));
        contents.take(draft(field("name"), field("login_username"), totp.into(), tags).finish());
    }
    Ok(contents)
}

fn cell<'a>(header: &StringRecord, row: &'a StringRecord, column: &str) -> Option<&'a str> {
    let index = header.iter().position(|name| name.trim() == column)?;
    row.get(index).filter(|cell| !cell.trim().is_empty())
}
