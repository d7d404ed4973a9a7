//! What has been typed and selected.
//!
//! Letters filter only behind `/`: `c`, `q` and `?` do something on their own, and a filter that takes most letters but not those
//! would copy a code where somebody types 'cloud'. Behind `/` every letter is one of the filter, and Enter still takes the code, so
//! that `/`, a few glyphs and Enter is all that it needs.

use std::collections::HashMap;

use crate::commands::watch::accounts::Accounts;
use crate::commands::watch::help::HelpScroll;
use crate::otp::{Code, Name};
use crate::ui::live::Key;

/// What the user has done with the view
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) mode: Mode,
    pub(super) reading: HelpScroll,
    pub(super) filter: String,
    /// The places of the accounts that hold the filter
    pub(super) shown: Vec<usize>,
    /// The selected one, as a place in `shown`
    pub(super) selected: usize,
    /// The first that stands on the screen, likewise
    pub(super) top: usize,
    /// How many stand on the screen
    pub(super) page: usize,
    /// Codes of HOTP that were handed out
    pub(super) counted: HashMap<Name, Code>,
    /// What is said below
    pub(super) note: Option<Note>,
    /// What is wrong with the vault, until it is mended
    pub(super) trouble: Option<String>,
}

/// Whom the keys belong to
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Mode {
    #[default]
    List,
    /// A filter is being typed
    Filter,
    Help,
}

/// Something said for a while
#[derive(Debug)]
pub(super) struct Note {
    pub(super) text: String,
    /// Unix seconds
    pub(super) until: u64,
}

/// What a key asks for that the view cannot do alone
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Request {
    Nothing,
    /// The code of the selected account: copied; one of a counter is asked for first
    Take,
    /// The next code of a counter
    Next,
    /// The code that is shown
    Copy,
    /// Everything painted anew
    Redraw,
    Leave,
}

impl State {
    pub(super) fn new(filter: String) -> Self {
        Self { filter, ..Self::default() }
    }

    pub(super) fn press(&mut self, key: Key, accounts: &Accounts) -> Request {
        match (self.mode, key) {
            (_, Key::Redraw) => return Request::Redraw,
            (Mode::Help, key) => self.read_help(key),
            (_, Key::Up) => self.select(self.selected.saturating_sub(1)),
            (_, Key::Down) => self.select(self.selected + 1),
            (_, Key::PageUp) => self.select(self.selected.saturating_sub(self.page.max(1))),
            (_, Key::PageDown) => self.select(self.selected + self.page.max(1)),
            (_, Key::Home) => self.select(0),
            (_, Key::End) => self.select(usize::MAX),
            (Mode::Filter, key) => return self.type_filter(key, accounts),
            (Mode::List, key) => return self.command(key, accounts),
        }
        Request::Nothing
    }

    fn read_help(&mut self, key: Key) {
        if !self.reading.press(key) {
            self.mode = Mode::List;
        }
    }

    /// A key of the list
    fn command(&mut self, key: Key, accounts: &Accounts) -> Request {
        match key {
            Key::Enter => return Request::Take,
            Key::Char(' ') => return Request::Next,
            Key::Char('c') => return Request::Copy,
            Key::Char('q') => return Request::Leave,
            Key::Escape if self.filter.is_empty() => return Request::Leave,
            Key::Escape => self.set_filter(String::new(), accounts),
            Key::Char('/') => self.mode = Mode::Filter,
            Key::Char('?') => (self.mode, self.reading) = (Mode::Help, HelpScroll::default()),
            Key::Char('j') => self.select(self.selected + 1),
            Key::Char('k') => self.select(self.selected.saturating_sub(1)),
            Key::Char('g') => self.select(0),
            Key::Char('G') => self.select(usize::MAX),
            _ => {}
        }
        Request::Nothing
    }

    /// A key while the filter is typed
    fn type_filter(&mut self, key: Key, accounts: &Accounts) -> Request {
        let mut filter = std::mem::take(&mut self.filter);
        let mut wish = Request::Nothing;
        match key {
            Key::Char(letter) => filter.push(letter),
            Key::Backspace if filter.is_empty() => self.mode = Mode::List,
            Key::Backspace => {
                filter.pop();
            }
            Key::EraseWord => filter.truncate(filter.trim_end().rfind(' ').map_or(0, |blank| blank + 1)),
            Key::EraseLine => filter.clear(),
            Key::Escape => {
                filter.clear();
                self.mode = Mode::List;
            }
            Key::Enter => {
                self.mode = Mode::List;
                wish = Request::Take;
            }
            _ => {}
        }
        self.set_filter(filter, accounts);
        wish
    }

    fn set_filter(&mut self, filter: String, accounts: &Accounts) {
        let selected = self.shown.get(self.selected).copied();
        self.filter = filter;
        self.shown = accounts.holding(&self.filter);
        // what was selected stays so as long as it is there
        let place = self.shown.iter().position(|&place| Some(place) == selected);
        self.select(place.unwrap_or(0));
    }

    /// Other accounts are there: what was selected stays so, by its name
    pub(super) fn refill(&mut self, before: Option<&Name>, accounts: &Accounts) {
        self.shown = accounts.holding(&self.filter);
        let is_it = |&place: &usize| accounts.at(place).map(|listed| &listed.name) == before;
        let place = self.shown.iter().position(is_it);
        self.select(place.unwrap_or(self.selected));
    }

    fn select(&mut self, place: usize) {
        self.selected = place.min(self.shown.len().saturating_sub(1));
    }

    /// Scrolls as little as shows the selected one on a page of that many
    pub(super) fn settle(&mut self, page: usize) {
        self.page = page;
        let lowest = self.selected.saturating_sub(page.saturating_sub(1));
        let full = self.shown.len().saturating_sub(page);
        self.top = self.top.clamp(lowest, self.selected).min(full.max(lowest));
    }

    /// The place of the selected account
    pub(super) fn selected_place(&self) -> Option<usize> {
        self.shown.get(self.selected).copied()
    }

    /// What is to be said at a time
    pub(super) fn said(&self, now: u64) -> Option<&str> {
        let note = self.note.as_ref().filter(|note| now < note.until).map(|note| note.text.as_str());
        note.or(self.trouble.as_deref())
    }
}

#[cfg(test)]
mod tests;
