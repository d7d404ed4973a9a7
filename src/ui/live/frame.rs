//! A screen as it shall look: rows of texts, each at a column of its own.
//!
//! Every text is placed, and none pushes the next: where a terminal thinks otherwise about the width of an emoji, the columns behind
//! it stay where they are.

use anstyle::Style;

/// Characters of the terminal
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) columns: usize,
    pub(crate) rows: usize,
}

/// Rows from the top
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Frame(pub(crate) Vec<Row>);

/// Texts from the left
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Row(Vec<Span>);

/// Texts that follow each other, in a width of their own that blanks fill up
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) column: usize,
    pub(super) width: usize,
    pub(super) pieces: Vec<(Style, String)>,
}

impl Row {
    /// Places a text; nothing where there is no room for it. It must fit its width already.
    pub(crate) fn put(&mut self, column: usize, width: usize, style: Style, text: String) {
        self.put_pieces(column, width, vec![(style, text)]);
    }

    /// Places texts of several styles side by side
    pub(crate) fn put_pieces(&mut self, column: usize, width: usize, pieces: Vec<(Style, String)>) {
        if width > 0 {
            self.0.push(Span { column, width, pieces });
        }
    }

    pub(super) fn spans(&self) -> &[Span] {
        &self.0
    }

    /// Whether both have their texts at the same places, so that each can be replaced alone
    pub(super) fn is_laid_out_like(&self, other: &Self) -> bool {
        let places = |row: &Self| row.0.iter().map(|span| (span.column, span.width)).collect::<Vec<_>>();
        places(self) == places(other)
    }
}

#[cfg(test)]
impl Frame {
    /// As plain text, a line a row, without the blanks at their ends
    pub(crate) fn to_text(&self) -> String {
        self.0.iter().map(|row| row.to_text() + "\n").collect()
    }
}

#[cfg(test)]
impl Row {
    /// As plain text.
    ///
    /// # Panics
    /// Texts that overlap or are wider than their place.
    fn to_text(&self) -> String {
        use unicode_width::UnicodeWidthStr as _;

        let mut line = String::new();
        for span in &self.0 {
            let text: String = span.pieces.iter().map(|(_, text)| text.as_str()).collect();
            assert!(line.width() <= span.column, "'{text}' at {} stands on '{line}'", span.column);
            assert!(text.width() <= span.width, "'{text}' is wider than {}", span.width);
            line += &" ".repeat(span.column - line.width());
            line += &text;
            line += &" ".repeat(span.width - text.width());
        }
        line.trim_end().to_owned()
    }

    /// The column behind the last place
    pub(crate) fn end(&self) -> usize {
        self.0.iter().map(|span| span.column + span.width).max().unwrap_or(0)
    }
}
