//! The state of the event loop: the view and its vault.

use std::path::PathBuf;

use crate::clock::{Clock, ClockError};
use crate::commands::watch::accounts::{Accounts, Listed};
use crate::commands::watch::state::{Note, Request, State};
use crate::commands::watch::view::{self, View};
use crate::desktop::clipboard;
use crate::error::{CommandError, Result};
use crate::otp::Code;
use crate::session::{Session, fresh_codes, hotp};
use crate::text::shown_path;
use crate::ui::live::{Action, Frame, Glyphs, Key, Scene, Size};
use crate::vault::{Stamp, Vault};

/// Seconds for which a message stays
const NOTE_SECONDS: u64 = 4;

/// The live view and the vault that it shows
pub(super) struct WatchApp<'a, 'c> {
    session: &'a mut Session<'c>,
    clock: Clock,
    now: u64,
    glyphs: Glyphs,
    accounts: Accounts,
    state: State,
    /// The stamp of the vault file when it was last read
    stamp: Option<Stamp>,
}

impl<'a, 'c> WatchApp<'a, 'c> {
    /// Creates the view of a vault. The first frame reads the vault again, so that its warnings appear in the view.
    pub(super) fn new(
        session: &'a mut Session<'c>,
        clock: Clock,
        vault: &Vault,
        filter: String,
    ) -> Result<Self, ClockError> {
        let glyphs = Glyphs::from_locale();
        let accounts = Accounts::new(vault, glyphs);
        let mut state = State::new(filter);
        state.refill(None, &accounts);
        Ok(Self { session, now: clock.now()?, clock, glyphs, accounts, state, stamp: None })
    }

    /// Reads the vault again if its file changed. Keeps the accounts if the file cannot be read.
    fn reload_if_changed(&mut self) {
        let stamp = self.session.vault.stamp();
        if stamp == self.stamp {
            return;
        }
        self.stamp = stamp;
        match stamp
            .ok_or_else(|| CommandError::failed("the vault file does not exist"))
            .and_then(|_| self.reload())
        {
            Ok(warnings) => self.state.trouble = self.shorten(&warnings),
            Err(error) => self.state.trouble = self.shorten(&format!("not updated: {error:#}")),
        }
    }

    /// Returns the first line of a message, without the folder of the vault, to fit into one row.
    fn shorten(&self, text: &str) -> Option<String> {
        let path = self.session.vault.path();
        let file = path.file_name().map_or_else(|| path.into(), PathBuf::from);
        Some(text.lines().next()?.replace(&shown_path(path), &shown_path(&file)))
    }

    /// Reads the vault and returns the warnings about it.
    fn reload(&mut self) -> Result<String> {
        let selected = self.selected().map(|listed| listed.name.clone());
        self.session.ui.take_buffered();
        let mut vault = self.session.load()?;
        self.session.unlock_all(&mut vault)?;
        self.session.warn_about_damaged(&vault);
        let before = std::mem::replace(&mut self.accounts, Accounts::new(&vault, self.glyphs));
        self.state.hotp_codes.retain(|name, _| self.accounts.has_same_key(name, &before));
        self.state.refill(selected.as_ref(), &self.accounts);
        Ok(self.session.ui.take_buffered())
    }

    fn selected(&self) -> Option<&Listed> {
        self.accounts.get(self.state.selected_index()?)
    }

    /// Shows the first line of a text for a few seconds.
    fn show_note(&mut self, text: &str) {
        if let Some(line) = text.lines().next() {
            self.state.note = Some(Note { text: line.to_owned(), until: self.now + NOTE_SECONDS });
        }
    }

    fn handle(&mut self, request: Request) -> Result<()> {
        let Some(listed) = self.selected() else { return Ok(()) };
        match request {
            Request::Take if listed.is_hotp() => {
                self.next_hotp_code()?;
                self.copy_shown()
            }
            Request::Take | Request::Copy => self.copy_shown(),
            Request::Next if listed.is_hotp() => self.next_hotp_code(),
            Request::Next | Request::Nothing | Request::Redraw | Request::Leave => Ok(()),
        }
    }

    /// Shows the next code of the selected HOTP account, once its counter is on the disk.
    fn next_hotp_code(&mut self) -> Result<()> {
        let Some(name) = self.selected().map(|listed| listed.name.clone()) else { return Ok(()) };
        let code = hotp::next_code(&name, self.session)?;
        self.state.hotp_codes.insert(name, code);
        Ok(())
    }

    /// Copies the code of the selected account, and records it as used.
    fn copy_shown(&mut self) -> Result<()> {
        let index = self.state.selected_index();
        let Some(listed) = index.and_then(|index| self.accounts.get(index)) else { return Ok(()) };
        let name = &listed.name;
        let Some((code, seconds)) = self.shown_code(listed) else {
            if listed.key.is_none() {
                return Err(CommandError::failed(format!(
                    "{name}: the secret cannot be decrypted: run 'mfa vault verify'"
                )));
            }
            return Err(CommandError::failed(format!("{name}: no code is shown")));
        };
        let copied = format!("{name}: {}", clipboard::copy(&code.digits, seconds)?);
        if let Some(key) = listed.key.as_ref().filter(|_| !listed.is_hotp()) {
            fresh_codes::record_if_tracked(name, key, code.step, self.session);
        }
        self.show_note(&copied);
        Ok(())
    }

    /// Returns the code in the view, and the seconds for which it may stay in the clipboard.
    fn shown_code(&self, listed: &Listed) -> Option<(Code, u64)> {
        if listed.is_hotp() {
            let code = self.state.hotp_codes.get(&listed.name)?.clone();
            return Some((code, hotp::COPIED_SECONDS));
        }
        let code = listed.key.as_ref()?.code_at(self.now);
        let left = code.seconds_left(self.now);
        Some((code, left))
    }
}

impl Scene for WatchApp<'_, '_> {
    fn frame(&mut self, size: Size) -> Frame {
        // The last time stands if the clock is set to a time before 1970.
        self.now = self.clock.now().unwrap_or(self.now);
        self.reload_if_changed();
        self.state.settle(view::page_rows(size.rows));
        self.state.help_scroll.settle(size, self.glyphs);
        let Self { accounts, state, now, glyphs, .. } = self;
        View { accounts, state, now: *now, size, glyphs: *glyphs }.frame()
    }

    fn press(&mut self, key: Key) -> Action {
        self.state.note = None;
        let request = self.state.press(key, &self.accounts);
        if let Err(error) = self.handle(request) {
            self.show_note(&format!("{error:#}"));
        }
        match request {
            Request::Leave => Action::Leave,
            Request::Redraw => Action::Redraw,
            _ => Action::Stay,
        }
    }
}
