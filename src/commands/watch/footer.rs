//! The last row of the view: the filter, and a message or the keys.

use anstyle::Style;
use unicode_width::UnicodeWidthStr as _;

use crate::commands::watch::layout::{Layout, Place};
use crate::commands::watch::state::Mode;
use crate::commands::watch::styles::{BOLD, DIM, NOTE, SELECTED};
use crate::commands::watch::view::View;
use crate::ui::live::Row;

impl View<'_> {
    /// Draws the filter, then the message, the next code, or the keys.
    pub(super) fn footer(&self, layout: &Layout) -> Row {
        let mut row = Row::default();
        let message = self.state.message(self.now).map(|message| self.glyphs.text(message));
        let place = self.place(self.put_filter(&mut row, message.as_deref()));
        match message {
            Some(message) => self.put(&mut row, place, NOTE, &message),
            None => match self.next_below(layout) {
                Some(next) => self.put(&mut row, place, DIM, &next),
                None => row.put_pieces(place.column, place.width, self.hints(place.width)),
            },
        }
        row
    }

    /// Draws the filter and returns the column after it. A message hides the filter unless the user is typing it.
    fn put_filter(&self, row: &mut Row, message: Option<&str>) -> usize {
        let typing = self.state.mode == Mode::Filter;
        let caret = if typing { self.glyphs.caret() } else { "" };
        let filter = format!("/{}{caret}", self.glyphs.text(&self.state.filter));
        let place = self.place(1);
        let behind = 1 + filter.width() + 2;
        let has_room = message.is_none_or(|message| behind + message.width() <= self.size.columns);
        if !typing && (self.state.filter.is_empty() || !has_room) {
            return 1;
        }
        self.put(row, Place { width: filter.width().min(place.width), ..place }, SELECTED, &filter);
        behind
    }

    /// Returns the next code of the selected account if the table has no room for it.
    fn next_below(&self, layout: &Layout) -> Option<String> {
        let listed = self.accounts.get(self.state.selected_index()?)?;
        listed.period().filter(|_| layout.bar.width == 0)?;
        let key = listed.key.as_ref()?;
        self.next(key, &key.code_at(self.now))
    }

    /// Returns the keys and their effects that fit into the width.
    fn hints(&self, width: usize) -> Vec<(Style, String)> {
        let take = match self.state.selected_index().and_then(|index| self.accounts.get(index)) {
            Some(listed) if listed.is_hotp() => Some(("Enter", "next code")),
            Some(_) => Some(("Enter", "copy")),
            None => None,
        };
        let others: &[_] = match self.state.mode {
            Mode::Filter => &[("Esc", "all")],
            _ => &[("?", "help"), ("/", "filter"), ("q", "quit")],
        };
        let mut left = width;
        let mut pieces = Vec::new();
        for (key, does) in take.into_iter().chain(others.iter().copied()) {
            let Some(rest) = left.checked_sub(key.len() + does.len() + 1) else { break };
            left = rest.saturating_sub(3);
            pieces.extend([(BOLD, key.to_owned()), (DIM, format!(" {does}   "))]);
        }
        if let Some((_, last)) = pieces.last_mut() {
            last.truncate(last.trim_end().len());
        }
        pieces
    }
}
