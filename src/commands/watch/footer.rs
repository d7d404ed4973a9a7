//! The last row of the view: the filter, and what was said or what the keys do.

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr as _;

use crate::commands::watch::layout::{Layout, Place};
use crate::commands::watch::state::Mode;
use crate::commands::watch::view::{BOLD, DIM, SELECTED, View};
use crate::ui::live::Row;

const NOTE: Style = AnsiColor::Yellow.on_default();

impl View<'_> {
    /// The filter, and what was said or what the keys do
    pub(super) fn footer(&self, layout: &Layout) -> Row {
        let mut row = Row::default();
        let said = self.state.said(self.now).map(|said| self.glyphs.text(said));
        let place = self.place(self.put_filter(&mut row, said.as_deref()));
        match said {
            Some(said) => self.put(&mut row, place, NOTE, &said),
            None => match self.next_below(layout) {
                Some(next) => self.put(&mut row, place, DIM, &next),
                None => row.put_pieces(place.column, place.width, self.hints(place.width)),
            },
        }
        row
    }

    /// The column behind the filter, which gives way to what is said unless it is being typed
    fn put_filter(&self, row: &mut Row, said: Option<&str>) -> usize {
        let typing = self.state.mode == Mode::Filter;
        let caret = if typing { self.glyphs.caret() } else { "" };
        let filter = format!("/{}{caret}", self.glyphs.text(&self.state.filter));
        let place = self.place(1);
        let behind = 1 + filter.width() + 2;
        let has_room = said.is_none_or(|said| behind + said.width() <= self.size.columns);
        if !typing && (self.state.filter.is_empty() || !has_room) {
            return 1;
        }
        self.put(row, Place { width: filter.width().min(place.width), ..place }, SELECTED, &filter);
        behind
    }

    /// The next code of the selected account, where the table has no room for it
    fn next_below(&self, layout: &Layout) -> Option<String> {
        let listed = self.accounts.at(self.state.selected_place()?)?;
        listed.period().filter(|_| layout.bar.width == 0)?;
        let key = listed.key.as_ref()?;
        self.next(key, &key.code_at(self.now))
    }

    /// What the keys do, as far as there is room for it
    fn hints(&self, width: usize) -> Vec<(Style, String)> {
        let take = match self.state.selected_place().and_then(|place| self.accounts.at(place)) {
            Some(listed) if listed.is_counted() => Some(("Enter", "next code")),
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
