//! A scene on the alternate screen: painted, waited before, painted again
//!
//! Why not crossterm, which the live view uses on Windows: it would replace only `keyboard`, 88 lines (152 with the tests). The hidden
//! prompt and the screen of a QR code need `device`, `modes`, `alternate`, `rounds` and `signals` in any case, and about 30 lines of
//! glue would be added. The program would save 60 lines (120 with the tests) and depend on six more crates, among them a second
//! release of signal-hook. crossterm 0.29, tried on a pseudo-terminal, also breaks rules that hold here:
//! - Its reader blocks after the first bytes of a key (`ESC [`), retries after each signal, and cannot wait for a descriptor of the
//!   caller: a SIGTERM had no effect within 8 seconds.
//! - Its reader loops without end, and uses a whole processor, once the terminal has hung up. With its feature `use-dev-tty`, it stops
//!   at the timeout but never reports the end of the input.
//! - It reads an arrow key whose bytes arrive 20 ms apart as Esc, `[`, `A`, and Esc leaves the view.
//! - Its raw mode turns off the signals of Ctrl-C and Ctrl-Z, and `disable_raw_mode` sets the earlier modes even if a shell has given
//!   the terminal to another job.

use crate::ui::live::{Action, Live};
use crate::ui::terminal::TerminalError;
use crate::ui::terminal::unix::alternate::AlternateScreen;
use crate::ui::terminal::unix::device::{Tty, Wake};
use crate::ui::terminal::unix::keyboard::Keyboard;
use crate::ui::terminal::unix::modes::{Echo, Modes};
use crate::ui::terminal::unix::signals::{Caught, Signals};
use crate::ui::terminal::unix::suspend_loop::{Round, until_answered};

/// Shows a scene until it leaves. A suspension leaves the screen, and what comes after it paints anew.
pub(crate) fn show_live(live: &mut Live<'_>) -> Result<(), TerminalError> {
    until_answered(|tty, signals| round(tty, signals, live))
}

fn round(tty: &Tty, signals: &mut Signals, live: &mut Live<'_>) -> Result<Round<()>, TerminalError> {
    let _modes = Modes::set(tty, Echo::Off)?;
    let alternate = AlternateScreen::enter(tty)?;
    live.forget();
    let mut keyboard = Keyboard::default();
    loop {
        if keyboard.patience().is_none() && !alternate.write_unless(&live.paint(tty.size()), signals)? {
            live.forget();
        }
        let patience = keyboard.patience().unwrap_or_else(|| live.rests());
        let key = match tty.wait_within(signals, Some(patience))? {
            None => keyboard.give_up(),
            Some(Wake::Byte(byte)) => keyboard.push(byte),
            Some(Wake::EndOfInput) => return Err(TerminalError::EndOfInput),
            Some(Wake::Signal(Caught::End(signal))) => return Err(TerminalError::from_signal(signal)),
            Some(Wake::Signal(Caught::Suspend)) => return Ok(Round::Suspend),
            Some(Wake::Signal(Caught::Resumed)) => return Ok(Round::Again),
            Some(Wake::Signal(Caught::Resized)) => {
                live.forget();
                None
            }
        };
        if key.is_some_and(|key| live.press(key) == Action::Leave) {
            return Ok(Round::Answer(()));
        }
    }
}

#[cfg(test)]
mod tests;
