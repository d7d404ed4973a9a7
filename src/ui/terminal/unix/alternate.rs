//! The alternate screen, and the guard that leaves it.

use std::time::Duration;

use crate::ui::terminal::TerminalError;
use crate::ui::terminal::deferred_stderr::DeferredStderr;
use crate::ui::terminal::unix::device::Tty;
use crate::ui::terminal::unix::signals::Signals;

/// Turns off line wrap (DEC mode 7), so that nothing scrolls if the terminal counts a character as wider than it is
const ENTER: &str = "\x1b[?1049h\x1b[?25l\x1b[?7l";
pub(super) const CLEAR: &str = "\x1b[0m\x1b[H\x1b[2J";
/// Ends synchronized output (DEC mode 2026) first, because a signal may have cut a frame short
const LEAVE: &str = "\x1b[?2026l\x1b[?7h\x1b[?25h\x1b[?1049l";

/// The time limit for leaving the screen of a terminal that accepts no output
const LEAVE_TIMEOUT: Duration = Duration::from_secs(1);

/// A guard that shows the alternate screen, without cursor and line wrap, until it is dropped
pub(super) struct AlternateScreen<'a> {
    tty: &'a Tty,
    /// Prints the deferred messages after the screen is left: fields are dropped after `drop`
    _deferred: DeferredStderr,
}

impl<'a> AlternateScreen<'a> {
    pub(super) fn enter(tty: &'a Tty) -> Result<Self, TerminalError> {
        let alternate = Self { tty, _deferred: DeferredStderr::new() };
        tty.write(ENTER)?;
        Ok(alternate)
    }

    pub(super) fn write(&self, text: &str) -> Result<(), TerminalError> {
        self.tty.write(text)
    }

    /// Writes until a signal arrives while the terminal accepts no output. Returns whether all was written.
    pub(super) fn write_until_signal(&self, text: &str, signals: &Signals) -> Result<bool, TerminalError> {
        self.tty.write_until_signal(text, signals)
    }
}

impl Drop for AlternateScreen<'_> {
    fn drop(&mut self) {
        // Clear first: a terminal can be switched back to its alternate screen.
        let _ = self.tty.write_with_timeout(&format!("{CLEAR}{LEAVE}"), LEAVE_TIMEOUT);
    }
}
