//! A frame of the view, as a pure function of accounts, state, time and screen size.

use anstyle::Style;

use crate::commands::code::NEARLY_OVER;
use crate::commands::watch::accounts::{Accounts, Listed, group};
use crate::commands::watch::help;
use crate::commands::watch::layout::{Layout, Place};
use crate::commands::watch::state::{Mode, State};
use crate::commands::watch::styles::{BOLD, DIM, LONG, OVER, PLAIN, SELECTED, SHORT};
use crate::otp::{Code, Key};
use crate::ui::live::{Frame, Glyphs, Row, Size};

/// The rows of a screen from which there is a title, and a header of the columns
const ROWS_FOR_TITLE: usize = 6;
const ROWS_FOR_HEADER: usize = 8;

/// The input of a frame
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) accounts: &'a Accounts,
    pub(super) state: &'a State,
    /// Unix seconds
    pub(super) now: u64,
    pub(super) size: Size,
    pub(super) glyphs: Glyphs,
}

/// Returns the number of accounts on a screen with `rows` rows.
pub(super) fn page_rows(rows: usize) -> usize {
    let others = usize::from(rows >= ROWS_FOR_TITLE) + usize::from(rows >= ROWS_FOR_HEADER) + 1;
    rows.saturating_sub(others).max(1)
}

impl View<'_> {
    pub(super) fn frame(&self) -> Frame {
        if self.state.mode == Mode::Help {
            return help::frame(self.state.help_scroll, self.size, self.glyphs);
        }
        let Size { rows, .. } = self.size;
        let layout = Layout::new(&self.accounts.widths, self.size.columns);
        let mut frame = Vec::with_capacity(rows);
        if rows >= ROWS_FOR_TITLE {
            frame.push(self.title());
        }
        if rows >= ROWS_FOR_HEADER {
            frame.push(self.header(&layout));
        }
        frame.extend(self.table(&layout));
        frame.resize_with(rows.saturating_sub(1).max(1), Row::default);
        if rows > 1 {
            frame.push(self.footer(&layout));
        }
        frame.truncate(rows);
        Frame(frame)
    }

    fn title(&self) -> Row {
        let (all, shown) = (self.accounts.len(), self.state.shown.len());
        let accounts = if all == 1 { "account" } else { "accounts" };
        let count =
            if shown == all { format!("{all} {accounts}") } else { format!("{shown} of {all} {accounts}") };
        let mut row = Row::default();
        self.put(&mut row, Place { column: 0, width: self.size.columns.min(5) }, BOLD, " mfa");
        self.put(&mut row, self.place(6), DIM, &count);
        row
    }

    fn header(&self, layout: &Layout) -> Row {
        let mut row = Row::default();
        for (place, title) in [
            (layout.name, "NAME"),
            (layout.issuer, "ISSUER"),
            (layout.code, "CODE"),
            (layout.bar, ""),
            (layout.seconds, "LEFT"),
            (layout.next, "NEXT"),
        ] {
            let title = if title.len() > place.width { "" } else { title };
            let title =
                if place == layout.seconds { align_right(title, place.width) } else { title.to_owned() };
            self.put(&mut row, place, DIM, &title);
        }
        row
    }

    fn table(&self, layout: &Layout) -> Vec<Row> {
        if self.state.shown.is_empty() {
            let mut row = Row::default();
            self.put(&mut row, self.place(2), PLAIN, &self.empty_message());
            return vec![row];
        }
        let end = self.state.shown.len().min(self.state.top + page_rows(self.size.rows));
        let account = |index: usize| Some((index, self.accounts.get(*self.state.shown.get(index)?)?));
        (self.state.top..end)
            .filter_map(account)
            .map(|(index, listed)| self.row(index, listed, layout))
            .collect()
    }

    /// Returns the message instead of the table.
    fn empty_message(&self) -> String {
        if self.accounts.len() == 0 {
            "the vault is empty; 'mfa add' stores the first account".to_owned()
        } else {
            format!("no account contains '{}'", self.glyphs.text(&self.state.filter))
        }
    }

    fn row(&self, index: usize, listed: &Listed, layout: &Layout) -> Row {
        let is_selected = index == self.state.selected;
        let mut row = Row::default();
        let marker = if is_selected { self.glyphs.marker() } else { "" };
        self.put(&mut row, layout.marker, SELECTED, marker);
        self.put(&mut row, layout.name, if is_selected { SELECTED } else { PLAIN }, &listed.shown_name);
        self.put(&mut row, layout.issuer, DIM, &listed.shown_issuer);
        if listed.is_hotp() {
            self.put_hotp(&mut row, listed, layout);
        } else {
            self.put_totp(&mut row, listed, layout);
        }
        row
    }

    /// Draws the code of an HOTP account, or dots until the user asks for it.
    fn put_hotp(&self, row: &mut Row, listed: &Listed, layout: &Layout) {
        let (style, code, note) = match self.state.hotp_codes.get(&listed.name) {
            Some(code) => (BOLD, group(&code.digits), format!("number {}", code.step)),
            None => (DIM, self.dots(listed), "Enter".to_owned()),
        };
        self.put(row, layout.code, style, &code);
        self.put(row, layout.bar, DIM, &note);
        self.put(row, layout.seconds, PLAIN, "");
        self.put(row, layout.next, PLAIN, "");
    }

    fn dots(&self, listed: &Listed) -> String {
        group(&"0".repeat(listed.digits())).replace('0', self.glyphs.dot())
    }

    fn put_totp(&self, row: &mut Row, listed: &Listed, layout: &Layout) {
        let (Some(key), Some(period)) = (&listed.key, listed.period()) else {
            self.put(row, layout.code, DIM, "-");
            return;
        };
        let code = key.code_at(self.now);
        let left = code.seconds_left(self.now);
        self.put(row, layout.code, BOLD, &group(&code.digits));
        let next = self.next(key, &code);
        let style = bar_style(left, period);
        match &next {
            Some(next) if layout.next.width == 0 => self.put(row, layout.bar, DIM, next),
            _ => self.put_bar(row, layout.bar, style, left, period),
        }
        let unit = if layout.seconds.width > period.to_string().len() { " s" } else { "" };
        self.put(row, layout.seconds, style, &align_right(&format!("{left}{unit}"), layout.seconds.width));
        self.put(row, layout.next, DIM, &next.unwrap_or_default());
    }

    /// Returns the code after one that is about to expire.
    pub(super) fn next(&self, key: &Key, code: &Code) -> Option<String> {
        let next = (code.seconds_left(self.now) <= NEARLY_OVER)
            .then(|| key.code_of_step(code.step.saturating_add(1)))?;
        Some(format!("{} {}", self.glyphs.arrow(), group(&next.digits)))
    }

    fn put_bar(&self, row: &mut Row, place: Place, style: Style, left: u64, period: u64) {
        let (filled, rest) = self.glyphs.bar(place.width, left, period);
        row.put_pieces(place.column, place.width, vec![(style, filled), (DIM, rest)]);
    }

    /// Returns the place from a column to the right edge.
    pub(super) fn place(&self, column: usize) -> Place {
        Place { column, width: self.size.columns.saturating_sub(column) }
    }

    pub(super) fn put(&self, row: &mut Row, place: Place, style: Style, text: &str) {
        row.put(place.column, place.width, style, self.glyphs.fit(text, place.width));
    }
}

/// Returns the colour of the bar: green, yellow in the last third, red in the last seconds.
fn bar_style(left: u64, period: u64) -> Style {
    if left <= NEARLY_OVER {
        OVER
    } else if left * 3 <= period {
        SHORT
    } else {
        LONG
    }
}

/// Pads a text on the left to `width` columns.
fn align_right(text: &str, width: usize) -> String {
    format!("{text:>width$}")
}

#[cfg(test)]
mod tests;
