//! Tables as password managers export them (CSV, RFC 4180): columns known by their names, in any order.

use csv::{Reader, ReaderBuilder, StringRecord, StringRecordsIntoIter};

use crate::formats::FormatError;

/// No list of accounts is larger
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A table that is read row by row
pub(crate) struct Table<'a> {
    columns: Vec<String>,
    rows: StringRecordsIntoIter<&'a [u8]>,
}

/// One row, in which what is missing is empty
pub(crate) struct Row<'a> {
    columns: &'a [String],
    fields: StringRecord,
}

impl<'a> Table<'a> {
    /// A table whose first line names its columns.
    ///
    /// # Errors
    /// `TooLarge`, or `Damaged` where there is no first line.
    pub(crate) fn parse(text: &'a str) -> Result<Self, FormatError> {
        if text.len() > MAX_BYTES {
            return Err(FormatError::TooLarge(MAX_BYTES >> 20));
        }
        let mut reader: Reader<&[u8]> = ReaderBuilder::new().from_reader(text.as_bytes());
        let columns = reader.headers().map_err(|_| FormatError::Damaged("its first line is no table's"))?;
        let columns = columns.iter().map(|column| column.trim().to_ascii_lowercase()).collect();
        Ok(Self { columns, rows: reader.into_records() })
    }

    /// The next row.
    ///
    /// # Errors
    /// One that has more or fewer fields than the first: where quotes are missing, all that follows would be wrong.
    pub(crate) fn next(&mut self) -> Result<Option<Row<'_>>, FormatError> {
        let damaged = |error: &csv::Error| match error.position() {
            Some(place) => FormatError::InLine {
                line: usize::try_from(place.line()).unwrap_or(usize::MAX),
                error: Box::new(FormatError::Damaged("it has more or fewer fields than the first line")),
            },
            None => FormatError::Damaged("it is no table"),
        };
        let fields = self.rows.next().transpose().map_err(|error| damaged(&error))?;
        Ok(fields.map(|fields| Row { columns: &self.columns, fields }))
    }
}

impl Row<'_> {
    /// The field of a column, whatever the case of its name
    pub(crate) fn get(&self, column: &str) -> &str {
        let at = self.columns.iter().position(|name| name.eq_ignore_ascii_case(column));
        at.and_then(|at| self.fields.get(at)).unwrap_or_default()
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
    fn a_row_that_is_longer_or_shorter_is_told_by_its_line() {
        let error = Table::parse("a,b\n1,2\n3\n").and_then(|mut table| {
            table.next()?;
            table.next().map(|_| ())
        });
        assert!(matches!(error, Err(FormatError::InLine { line: 3, .. })), "{error:?}");
    }
}
