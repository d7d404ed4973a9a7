//! The content of a screen: rows of texts, each at a fixed column.
//!
//! No text moves the next one: if a terminal disagrees about the width of an emoji, the columns behind it stay in place.

use anstyle::Style;

/// The size of a screen, in characters of the terminal
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
}

/// The rows of a screen, from the top
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Frame(pub(crate) Vec<Row>);

/// The texts of a row, from the left
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row(Vec<Span>);

/// Consecutive pieces of text in a fixed width, padded with blanks
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) column: usize,
    pub(super) width: usize,
    pub(super) pieces: Vec<(Style, String)>,
}

impl Row {
    /// Places a text, which must fit into `width`. Does nothing if `width` is 0.
    pub(crate) fn put(&mut self, column: usize, width: usize, style: Style, text: String) {
        self.put_pieces(column, width, vec![(style, text)]);
    }

    /// Places texts of several styles side by side. Does nothing if `width` is 0.
    pub(crate) fn put_pieces(&mut self, column: usize, width: usize, pieces: Vec<(Style, String)>) {
        if width > 0 {
            self.0.push(Span { column, width, pieces });
        }
    }

    pub(super) fn spans(&self) -> &[Span] {
        &self.0
    }

    /// Returns whether both rows have their texts at the same places, so that each text can be replaced alone.
    pub(super) fn has_same_layout(&self, other: &Self) -> bool {
        let places = |row: &Self| row.0.iter().map(|span| (span.column, span.width)).collect::<Vec<_>>();
        places(self) == places(other)
    }
}

#[cfg(test)]
impl Frame {
    /// Returns the plain text, a line a row, without trailing blanks.
    pub(crate) fn to_text(&self) -> String {
        self.0.iter().map(|row| row.to_text() + "\n").collect()
    }
}

#[cfg(test)]
impl Row {
    /// Returns the plain text.
    ///
    /// # Panics
    /// Panics if texts overlap or are wider than their place.
    fn to_text(&self) -> String {
        use unicode_width::UnicodeWidthStr as _;

        let mut line = String::new();
        for span in &self.0 {
            let text: String = span.pieces.iter().map(|(_, text)| text.as_str()).collect();
            assert!(line.width() <= span.column, "'{text}' at {} overlaps '{line}'", span.column);
            assert!(text.width() <= span.width, "'{text}' is wider than {}", span.width);
            line += &" ".repeat(span.column - line.width());
            line += &text;
            line += &" ".repeat(span.width - text.width());
        }
        line.trim_end().to_owned()
    }

    /// Returns the column behind the last text.
    pub(crate) fn end(&self) -> usize {
        self.0.iter().map(|span| span.column + span.width).max().unwrap_or(0)
    }
}
