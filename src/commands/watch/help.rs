//! The help of the live view, and its scroll position.

use unicode_width::UnicodeWidthStr as _;

use crate::commands::watch::styles::{BOLD, DIM};
use crate::ui::live::{Frame, Glyphs, Key, Row, Size};

/// Columns of the longest key and of the gap after it
const KEYS: usize = 14;

/// The keys and their effects
const LINES: [(&str, &str); 10] = [
    ("Enter", "copy the code, without the blank; for a counter (HOTP): show the next code and copy it"),
    ("c", "copy the visible code"),
    ("Space", "show the next code of a counter; each appears once"),
    ("/", "filter by name, issuer and account: letters, then Enter copies, Esc shows all"),
    ("Up Down", "select; also k and j, Ctrl-P and Ctrl-N"),
    ("PgUp PgDn", "one page up or down"),
    ("Home End", "the first and the last; also g and G"),
    ("Ctrl-L", "draw the screen again"),
    ("Ctrl-Z", "suspend"),
    ("q Esc", "leave; Ctrl-C too"),
];

/// The scroll position in a text that may be longer than the screen
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct HelpScroll {
    /// The first visible line
    top: usize,
    /// The last line that can be the first; 0 if the screen shows all lines
    end: usize,
    page: usize,
}

impl HelpScroll {
    /// Adapts the position to the size of the screen.
    pub(super) fn settle(&mut self, size: Size, glyphs: Glyphs) {
        self.page = page_rows(size.rows);
        self.end = lines(size.columns, glyphs).len().saturating_sub(self.page);
        self.top = self.top.min(self.end);
    }

    /// Scrolls. Returns whether the key scrolls a text that is longer than the screen.
    pub(super) fn press(&mut self, key: Key) -> bool {
        let top = match key {
            Key::Up | Key::Char('k') => self.top.saturating_sub(1),
            Key::Down | Key::Char('j') => self.top + 1,
            Key::PageUp => self.top.saturating_sub(self.page),
            Key::PageDown | Key::Char(' ') => self.top + self.page,
            Key::Home | Key::Char('g') => 0,
            Key::End | Key::Char('G') => self.end,
            _ => return false,
        };
        self.top = top.min(self.end);
        self.end > 0
    }
}

/// Returns the rows of the text; the last row of the screen shows the keys.
fn page_rows(rows: usize) -> usize {
    rows.saturating_sub(1).max(1)
}

/// Draws the help at its scroll position.
pub(super) fn frame(scroll: HelpScroll, size: Size, glyphs: Glyphs) -> Frame {
    let mut rows: Vec<Row> = lines(size.columns, glyphs).into_iter().skip(scroll.top).collect();
    rows.resize_with(page_rows(size.rows), Row::default);
    rows.push(line(1, size.columns, glyphs, "", last_row(scroll)));
    rows.truncate(size.rows);
    Frame(rows)
}

fn last_row(scroll: HelpScroll) -> &'static str {
    if scroll.top < scroll.end {
        "Down: more   another key goes back"
    } else if scroll.end > 0 {
        "Up: above   another key goes back"
    } else {
        "any key goes back"
    }
}

/// Returns all lines, wrapped to the width of the screen.
fn lines(columns: usize, glyphs: Glyphs) -> Vec<Row> {
    let mut rows = vec![line(0, columns, glyphs, "mfa watch", ""), Row::default()];
    for (key, does) in LINES {
        let narrow = columns < 3 * KEYS;
        let indent = if narrow { 3 } else { 1 + KEYS };
        let mut texts = wrap(does, columns.saturating_sub(indent)).into_iter();
        let beside = if narrow { None } else { texts.next() };
        rows.push(line(indent, columns, glyphs, key, &beside.unwrap_or_default()));
        rows.extend(texts.map(|text| line(indent, columns, glyphs, "", &text)));
    }
    rows
}

fn line(indent: usize, columns: usize, glyphs: Glyphs, key: &str, does: &str) -> Row {
    let mut row = Row::default();
    let width = if does.is_empty() { columns.saturating_sub(1) } else { indent - 1 };
    if !key.is_empty() {
        row.put(1, width, BOLD, glyphs.fit(key, width));
    }
    let width = columns.saturating_sub(indent);
    if !does.is_empty() {
        row.put(indent, width, DIM, glyphs.fit(does, width));
    }
    row
}

/// Breaks a text between words into lines of at most `width` columns.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("the list begins with a line");
        if last.is_empty() {
            last.push_str(word);
        } else if last.width() + 1 + word.width() <= width {
            *last = format!("{last} {word}");
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
