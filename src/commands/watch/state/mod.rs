//! The state of the view: mode, filter, selection, messages.
//!
//! Letters filter only after `/`: `c`, `q` and `?` are commands, and a filter without these letters would copy a code
//! when the user types 'cloud'. After `/` every letter belongs to the filter, and Enter still takes the code: `/`, a few
//! letters and Enter are enough.

use std::collections::HashMap;

use crate::commands::watch::accounts::Accounts;
use crate::commands::watch::help::HelpScroll;
use crate::otp::{Code, Name};
use crate::ui::live::Key;

/// The mode, the filter, the selection and the messages
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) mode: Mode,
    pub(super) help_scroll: HelpScroll,
    pub(super) filter: String,
    /// The positions of the accounts that contain the filter
    pub(super) shown: Vec<usize>,
    /// The selected account, as an index of `shown`
    pub(super) selected: usize,
    /// The first visible account, as an index of `shown`
    pub(super) top: usize,
    /// The number of accounts on the screen
    pub(super) page: usize,
    /// The HOTP codes that were requested
    pub(super) hotp_codes: HashMap<Name, Code>,
    /// A message for a few seconds
    pub(super) note: Option<Note>,
    /// The problem with the vault, until it is fixed
    pub(super) trouble: Option<String>,
}

/// The part of the view that gets the keys
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Mode {
    #[default]
    List,
    /// The user is typing a filter
    Filter,
    Help,
}

/// A message that disappears
#[derive(Debug)]
pub(super) struct Note {
    pub(super) text: String,
    /// Unix seconds
    pub(super) until: u64,
}

/// An action beyond the state, which a key asks for
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Request {
    Nothing,
    /// Copy the code of the selected account; of an HOTP account, the next one
    Take,
    /// Show the next code of an HOTP account
    Next,
    /// Copy the visible code
    Copy,
    /// Draw the whole screen again
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
        if !self.help_scroll.press(key) {
            self.mode = Mode::List;
        }
    }

    /// Handles a key of the list.
    fn command(&mut self, key: Key, accounts: &Accounts) -> Request {
        match key {
            Key::Enter => return Request::Take,
            Key::Char(' ') => return Request::Next,
            Key::Char('c') => return Request::Copy,
            Key::Char('q') => return Request::Leave,
            Key::Escape if self.filter.is_empty() => return Request::Leave,
            Key::Escape => self.set_filter(String::new(), accounts),
            Key::Char('/') => self.mode = Mode::Filter,
            Key::Char('?') => (self.mode, self.help_scroll) = (Mode::Help, HelpScroll::default()),
            Key::Char('j') => self.select(self.selected + 1),
            Key::Char('k') => self.select(self.selected.saturating_sub(1)),
            Key::Char('g') => self.select(0),
            Key::Char('G') => self.select(usize::MAX),
            _ => {}
        }
        Request::Nothing
    }

    /// Handles a key while the user types the filter.
    fn type_filter(&mut self, key: Key, accounts: &Accounts) -> Request {
        let mut filter = std::mem::take(&mut self.filter);
        let mut request = Request::Nothing;
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
                request = Request::Take;
            }
            _ => {}
        }
        self.set_filter(filter, accounts);
        request
    }

    fn set_filter(&mut self, filter: String, accounts: &Accounts) {
        let selected = self.shown.get(self.selected).copied();
        self.filter = filter;
        self.shown = accounts.positions_of(&self.filter);
        // The same account stays selected while the filter matches it.
        let index = self.shown.iter().position(|&position| Some(position) == selected);
        self.select(index.unwrap_or(0));
    }

    /// Takes over new accounts. The account with the name `before` stays selected.
    pub(super) fn refill(&mut self, before: Option<&Name>, accounts: &Accounts) {
        self.shown = accounts.positions_of(&self.filter);
        let is_before = |&position: &usize| accounts.get(position).map(|listed| &listed.name) == before;
        let index = self.shown.iter().position(is_before);
        self.select(index.unwrap_or(self.selected));
    }

    fn select(&mut self, index: usize) {
        self.selected = index.min(self.shown.len().saturating_sub(1));
    }

    /// Scrolls by the minimum that shows the selected account on a page of `page` accounts.
    pub(super) fn settle(&mut self, page: usize) {
        self.page = page;
        let lowest = self.selected.saturating_sub(page.saturating_sub(1));
        let full = self.shown.len().saturating_sub(page);
        self.top = self.top.clamp(lowest, self.selected).min(full.max(lowest));
    }

    /// Returns the position of the selected account among all accounts.
    pub(super) fn selected_index(&self) -> Option<usize> {
        self.shown.get(self.selected).copied()
    }

    /// Returns the message at a time: the note, otherwise the problem with the vault.
    pub(super) fn message(&self, now: u64) -> Option<&str> {
        let note = self.note.as_ref().filter(|note| now < note.until).map(|note| note.text.as_str());
        note.or(self.trouble.as_deref())
    }
}

#[cfg(test)]
mod tests;
