//! The alternate screen, and the guard that leaves it

use std::time::Duration;

use crate::ui::terminal::TerminalError;
use crate::ui::terminal::deferred_stderr::DeferredStderr;
use crate::ui::terminal::unix::device::Tty;
use crate::ui::terminal::unix::signals::Signals;

/// Without line wrap (DEC mode 7): where the terminal takes a letter for wider than it is, nothing scrolls
const ENTER: &str = "\x1b[?1049h\x1b[?25l\x1b[?7l";
pub(super) const CLEAR: &str = "\x1b[0m\x1b[H\x1b[2J";
/// What was painted may have been broken off within a frame that is shown at once (DEC mode 2026)
const LEAVE: &str = "\x1b[?2026l\x1b[?7h\x1b[?25h\x1b[?1049l";

/// How long a terminal that takes nothing is waited for when it is left
const TIMEOUT: Duration = Duration::from_secs(1);

/// As long as it lives, the alternate screen is shown, without a cursor and without line wrap.
pub(super) struct AlternateScreen<'a> {
    tty: &'a Tty,
    /// Speaks up once the screen has been left
    _behind: DeferredStderr,
}

impl<'a> AlternateScreen<'a> {
    pub(super) fn enter(tty: &'a Tty) -> Result<Self, TerminalError> {
        let alternate = Self { tty, _behind: DeferredStderr::new() };
        tty.write(ENTER)?;
        Ok(alternate)
    }

    pub(super) fn write(&self, text: &str) -> Result<(), TerminalError> {
        self.tty.write(text)
    }

    /// Writes unless a signal comes while the terminal takes nothing; whether all was written
    pub(super) fn write_unless(&self, text: &str, signals: &Signals) -> Result<bool, TerminalError> {
        self.tty.write_unless(text, signals)
    }
}

impl Drop for AlternateScreen<'_> {
    fn drop(&mut self) {
        // cleared first: a terminal can be told to show its alternate screen again
        let _ = self.tty.write_within(&format!("{CLEAR}{LEAVE}"), TIMEOUT);
    }
}
