//! Tables: aligned for people, tab-separated for programs.

use std::fmt::Write as _;

use anstyle::Style;
use unicode_width::UnicodeWidthStr as _;

use crate::text::sanitize;

const HEADER: Style = Style::new().bold();

/// The blanks between two columns
const GAP: usize = 2;

/// The title and the alignment of a column
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    Left(&'static str),
    Right(&'static str),
}

/// Rows of sanitized texts
#[derive(Debug)]
pub(crate) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    pub(crate) fn push(&mut self, row: &[&str]) {
        self.rows.push(row.iter().map(|cell| sanitize(cell)).collect());
    }

    /// Formats the rows for programs: without a header, cells separated by tabs.
    pub(crate) fn to_tsv(&self) -> String {
        self.rows.iter().map(|row| row.join("\t") + "\n").collect()
    }

    /// Formats the table for people: aligned by the width of the texts on a terminal.
    pub(crate) fn to_aligned(&self, coloured: bool) -> String {
        let widths = self.widths();
        let titles: Vec<String> = self.columns.iter().map(|column| column.title().to_owned()).collect();
        let header = self.align_row(&titles, &widths);
        let mut text = if coloured { format!("{HEADER}{header}{HEADER:#}\n") } else { header + "\n" };
        for row in &self.rows {
            text += &self.align_row(row, &widths);
            text.push('\n');
        }
        text
    }

    fn widths(&self) -> Vec<usize> {
        let cells = |index: usize| self.rows.iter().filter_map(move |row| row.get(index));
        let widest = |(index, column): (usize, &Column)| {
            cells(index).map(|cell| cell.width()).chain([column.title().width()]).max().unwrap_or(0)
        };
        self.columns.iter().enumerate().map(widest).collect()
    }

    fn align_row(&self, cells: &[String], widths: &[usize]) -> String {
        let mut line = String::new();
        for ((cell, width), column) in cells.iter().zip(widths).zip(&self.columns) {
            let blank = width - cell.width();
            let (before, after) = match column {
                Column::Left(_) => (0, blank),
                Column::Right(_) => (blank, 0),
            };
            let gap = after + GAP;
            write!(line, "{:before$}{cell}{:gap$}", "", "").expect("writing to a String cannot fail");
        }
        line.trim_end().to_owned()
    }
}

impl Column {
    fn title(self) -> &'static str {
        match self {
            Self::Left(title) | Self::Right(title) => title,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let mut table = Table::new(vec![Column::Left("NAME"), Column::Right("LEFT"), Column::Left("TYPE")]);
        table.push(&["例え", "7"]);
        table.push(&["github\u{1b}[1m", "120", "SHA256"]);
        table
    }

    #[test]
    fn aligned_table_counts_two_columns_for_wide_letters() {
        let lines = "NAME        LEFT  TYPE\n例え           7\ngithub�[1m   120  SHA256\n";
        assert_eq!(table().to_aligned(false), lines);
    }

    #[test]
    fn tsv_has_tabs_and_no_header() {
        assert_eq!(table().to_tsv(), "例え\t7\ngithub�[1m\t120\tSHA256\n");
    }
}
