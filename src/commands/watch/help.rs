//! What the keys do, and where the user is in reading it.

use unicode_width::UnicodeWidthStr as _;

use crate::commands::watch::view::{BOLD, DIM};
use crate::ui::live::{Frame, Glyphs, Key, Row, Size};

/// Columns of the longest key, and of the gap behind it
const KEYS: usize = 14;

/// The same key, and what it does
const LINES: [(&str, &str); 10] = [
    ("Enter", "copy the code, without the blank; of a counter (HOTP): ask for the next code and copy it"),
    ("c", "copy the code that is shown"),
    ("Space", "ask a counter for its next code; each is given once"),
    ("/", "filter by name, issuer and account: letters, then Enter copies, Esc shows all"),
    ("Up Down", "select; also k and j, Ctrl-P and Ctrl-N"),
    ("PgUp PgDn", "a page further"),
    ("Home End", "the first and the last; also g and G"),
    ("Ctrl-L", "draw the screen again"),
    ("Ctrl-Z", "suspend"),
    ("q Esc", "leave; Ctrl-C too"),
];

/// Where the user is in a text that may be longer than the screen
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct HelpScroll {
    /// The first line that stands on the screen
    top: usize,
    /// The last that can be the first; 0 where all of them stand on the screen
    end: usize,
    page: usize,
}

impl HelpScroll {
    /// For a screen of another size the lines are others
    pub(super) fn settle(&mut self, size: Size, glyphs: Glyphs) {
        self.page = page(size.rows);
        self.end = lines(size.columns, glyphs).len().saturating_sub(self.page);
        self.top = self.top.min(self.end);
    }

    /// Whether the key is one to read on with, of a text that goes on
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

/// The last row says how to go on
fn page(rows: usize) -> usize {
    rows.saturating_sub(1).max(1)
}

pub(super) fn frame(reading: HelpScroll, size: Size, glyphs: Glyphs) -> Frame {
    let mut rows: Vec<Row> = lines(size.columns, glyphs).into_iter().skip(reading.top).collect();
    rows.resize_with(page(size.rows), Row::default);
    rows.push(line(1, size.columns, glyphs, "", below(reading)));
    rows.truncate(size.rows);
    Frame(rows)
}

fn below(reading: HelpScroll) -> &'static str {
    if reading.top < reading.end {
        "Down: more   another key goes back"
    } else if reading.end > 0 {
        "Up: above   another key goes back"
    } else {
        "any key goes back"
    }
}

/// All of it, in rows no wider than the screen
fn lines(columns: usize, glyphs: Glyphs) -> Vec<Row> {
    let mut rows = vec![line(0, columns, glyphs, "mfa watch", ""), Row::default()];
    for (key, does) in LINES {
        let narrow = columns < 3 * KEYS;
        let indent = if narrow { 3 } else { 1 + KEYS };
        let mut texts = wrapped(does, columns.saturating_sub(indent)).into_iter();
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

/// A text in lines that are no wider, broken between words
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let last = lines.last_mut().expect("there is one");
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
