//! CSV tables of password managers (RFC 4180), with columns found by name.

use std::collections::HashMap;

use csv::{ReaderBuilder, StringRecord, StringRecordsIntoIter};

use crate::formats::FormatError;

/// The largest table that is read
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A table that is read row by row
pub(crate) struct Table<'a> {
    columns: HashMap<String, usize>,
    rows: StringRecordsIntoIter<&'a [u8]>,
}

/// A row, in which a missing field is empty
pub(crate) struct Row<'a> {
    columns: &'a HashMap<String, usize>,
    fields: StringRecord,
}

impl<'a> Table<'a> {
    /// Reads the first line, which names the columns. Each row must have as many fields.
    ///
    /// # Errors
    /// Returns `TooLarge`, or `Damaged` if the first line is invalid.
    pub(crate) fn parse(text: &'a str) -> Result<Self, FormatError> {
        Self::build(text, &ReaderBuilder::new())
    }

    /// Reads the first line, which names the columns. Rows may have more or fewer fields.
    ///
    /// # Errors
    /// Returns `TooLarge`, or `Damaged` if the first line is invalid.
    pub(crate) fn parse_flexible(text: &'a str) -> Result<Self, FormatError> {
        Self::build(text, ReaderBuilder::new().flexible(true))
    }

    fn build(text: &'a str, builder: &ReaderBuilder) -> Result<Self, FormatError> {
        if text.len() > MAX_BYTES {
            return Err(FormatError::TooLarge(MAX_BYTES >> 20));
        }
        let mut reader = builder.from_reader(text.as_bytes());
        let names = reader.headers().map_err(|_| FormatError::Damaged("its first line is not a table"))?;
        let mut columns = HashMap::new();
        for (index, name) in names.iter().enumerate() {
            columns.entry(name.trim().to_ascii_lowercase()).or_insert(index);
        }
        Ok(Self { columns, rows: reader.into_records() })
    }

    /// Returns the next row, or `None` at the end.
    ///
    /// # Errors
    /// Returns the line of a row that has more or fewer fields than the first line: quotes may be missing.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>, FormatError> {
        let fields = self.rows.next().transpose().map_err(|error| row_error(&error))?;
        Ok(fields.map(|fields| Row { columns: &self.columns, fields }))
    }
}

fn row_error(error: &csv::Error) -> FormatError {
    match error.position() {
        Some(position) => FormatError::InLine {
            line: usize::try_from(position.line()).unwrap_or(usize::MAX),
            error: Box::new(FormatError::Damaged("it has more or fewer fields than the first line")),
        },
        None => FormatError::Damaged("it is not a table"),
    }
}

impl Row<'_> {
    /// Returns the field of a column, or an empty text if it is missing. Ignores the case of the name.
    pub(crate) fn get(&self, column: &str) -> &str {
        let index = self.columns.get(&column.to_ascii_lowercase());
        index.and_then(|&index| self.fields.get(index)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_found_by_its_name() {
        let mut table = Table::parse("a,\" B \"\r\n1,\"x\ny\"\"\"\r\n2,\n").unwrap();
        let row = table.next().unwrap().unwrap();
        assert_eq!((row.get("A"), row.get("b"), row.get("c")), ("1", "x\ny\"", ""));
        assert_eq!(table.next().unwrap().unwrap().get("b"), "");
        assert!(table.next().unwrap().is_none());
    }

    #[test]
    fn a_longer_or_shorter_row_is_reported_by_line() {
        let error = Table::parse("a,b\n1,2\n3\n").and_then(|mut table| {
            table.next()?;
            table.next().map(|_| ())
        });
        assert!(matches!(error, Err(FormatError::InLine { line: 3, .. })), "{error:?}");
    }
    #[test]
    fn a_flexible_table_accepts_longer_and_shorter_rows() {
        let mut table = Table::parse_flexible("a,b\n1\n1,2,3\n").unwrap();
        assert_eq!(table.next().unwrap().unwrap().get("b"), "");
        assert_eq!(table.next().unwrap().unwrap().get("b"), "2");
        assert!(table.next().unwrap().is_none());
    }
}
