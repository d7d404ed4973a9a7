//! The view before the user, and the vault beneath it.

use std::path::PathBuf;

use crate::clock::{Clock, ClockError};
use crate::commands::watch::accounts::{Accounts, Listed};
use crate::commands::watch::state::{Note, Request, State};
use crate::commands::watch::view::{self, View};
use crate::desktop::clipboard;
use crate::error::{CommandError, Result};
use crate::otp::Code;
use crate::session::Session;
use crate::session::{fresh_codes, hotp};
use crate::text::shown_path;
use crate::ui::live::{Action, Frame, Glyphs, Key, Scene, Size};
use crate::vault::{Stamp, Vault};

/// Seconds for which something said stays
const SAID: u64 = 4;

/// A view, and what it is of
pub(super) struct WatchApp<'a, 'c> {
    session: &'a mut Session<'c>,
    clock: Clock,
    now: u64,
    glyphs: Glyphs,
    accounts: Accounts,
    state: State,
    /// Of the vault as it was when it was last looked at
    stamp: Option<Stamp>,
}

impl<'a, 'c> WatchApp<'a, 'c> {
    /// The vault is read once more as soon as it is shown: what there is to say of it is to be seen then
    pub(super) fn new(
        session: &'a mut Session<'c>,
        clock: Clock,
        vault: &Vault,
        filter: String,
    ) -> Result<Self, ClockError> {
        let glyphs = Glyphs::from_locale();
        let accounts = Accounts::of(vault, glyphs);
        let mut state = State::new(filter);
        state.refill(None, &accounts);
        Ok(Self { session, now: clock.now()?, clock, glyphs, accounts, state, stamp: None })
    }

    /// Reads the vault again where it has changed; what cannot be read leaves the view as it is
    fn follow_vault(&mut self) {
        let stamp = self.session.vault.stamp();
        if stamp == self.stamp {
            return;
        }
        self.stamp = stamp;
        match stamp.ok_or_else(|| CommandError::failed("the vault is gone")).and_then(|_| self.reload()) {
            Ok(said) => self.state.trouble = self.short(&said),
            Err(error) => self.state.trouble = self.short(&format!("as it was before: {error:#}")),
        }
    }

    /// The first line of what was said of the vault, without the folder that it lies in: there is one row for it
    fn short(&self, said: &str) -> Option<String> {
        let path = self.session.vault.path();
        let file = path.file_name().map_or_else(|| path.into(), PathBuf::from);
        Some(said.lines().next()?.replace(&shown_path(path), &shown_path(&file)))
    }

    /// What was said in doing so: it stays in view as long as it is so
    fn reload(&mut self) -> Result<String> {
        let selected = self.selected().map(|listed| listed.name.clone());
        self.session.ui.take_buffered();
        let mut vault = self.session.load()?;
        self.session.unlock_all(&mut vault)?;
        self.session.warn_about_damaged(&vault);
        let before = std::mem::replace(&mut self.accounts, Accounts::of(&vault, self.glyphs));
        self.state.counted.retain(|name, _| self.accounts.has_still(name, &before));
        self.state.refill(selected.as_ref(), &self.accounts);
        Ok(self.session.ui.take_buffered())
    }

    fn selected(&self) -> Option<&Listed> {
        self.accounts.at(self.state.selected_place()?)
    }

    /// The first line of a text, for a while
    fn say(&mut self, text: &str) {
        if let Some(line) = text.lines().next() {
            self.state.note = Some(Note { text: line.to_owned(), until: self.now + SAID });
        }
    }

    fn fulfil(&mut self, wish: Request) -> Result<()> {
        let Some(listed) = self.selected() else { return Ok(()) };
        match wish {
            Request::Take if listed.is_counted() => {
                self.ask_counter()?;
                self.copy_shown()
            }
            Request::Take | Request::Copy => self.copy_shown(),
            Request::Next if listed.is_counted() => self.ask_counter(),
            Request::Next | Request::Nothing | Request::Redraw | Request::Leave => Ok(()),
        }
    }

    /// The next code of the selected account, whose counter is on the disk before it is seen
    fn ask_counter(&mut self) -> Result<()> {
        let Some(name) = self.selected().map(|listed| listed.name.clone()) else { return Ok(()) };
        let code = hotp::next_code(&name, self.session)?;
        self.state.counted.insert(name, code);
        Ok(())
    }

    /// A code that was copied is handed out
    fn copy_shown(&mut self) -> Result<()> {
        let place = self.state.selected_place();
        let Some(listed) = place.and_then(|place| self.accounts.at(place)) else { return Ok(()) };
        let name = &listed.name;
        let Some((code, seconds)) = self.shown_code(listed) else {
            if listed.key.is_none() {
                return Err(CommandError::failed(format!(
                    "{name}: its secret does not open: 'mfa verify-vault' tells why"
                )));
            }
            return Err(CommandError::failed(format!("{name}: no code is shown")));
        };
        let said = format!("{name}: {}", clipboard::copy(&code.digits, seconds)?);
        if let Some(key) = listed.key.as_ref().filter(|_| !listed.is_counted()) {
            fresh_codes::note(name, key, code.step, self.session);
        }
        self.say(&said);
        Ok(())
    }

    /// And for how many seconds it is good
    fn shown_code(&self, listed: &Listed) -> Option<(Code, u64)> {
        if listed.is_counted() {
            let code = self.state.counted.get(&listed.name)?.clone();
            return Some((code, hotp::LASTS_COPIED));
        }
        let code = listed.key.as_ref()?.code_at(self.now);
        let left = code.seconds_left(self.now);
        Some((code, left))
    }
}

impl Scene for WatchApp<'_, '_> {
    fn frame(&mut self, size: Size) -> Frame {
        // a clock set before 1970 while it was looked at: the time stands
        self.now = self.clock.now().unwrap_or(self.now);
        self.follow_vault();
        self.state.settle(view::page(size.rows));
        self.state.reading.settle(size, self.glyphs);
        let Self { accounts, state, now, glyphs, .. } = self;
        View { accounts, state, now: *now, size, glyphs: *glyphs }.frame()
    }

    fn press(&mut self, key: Key) -> Action {
        self.state.note = None;
        let wish = self.state.press(key, &self.accounts);
        if let Err(error) = self.fulfil(wish) {
            self.say(&format!("{error:#}"));
        }
        match wish {
            Request::Leave => Action::Leave,
            Request::Redraw => Action::Redraw,
            _ => Action::Stay,
        }
    }
}
