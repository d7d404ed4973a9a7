//! The loop that paints a scene on the alternate screen and passes it keys.
//!
//! Why not crossterm, which the live view uses on Windows: it would replace only `keyboard`, 88 lines (152 with the tests). The hidden
//! prompt and the screen of a QR code need `device`, `modes`, `alternate`, `suspend_loop` and `signals` in any case, and about 30 lines of
//! glue would be added. The program would save 60 lines (120 with the tests) and depend on six more crates, among them a second
//! release of signal-hook. crossterm 0.29, tried on a pseudo-terminal, also breaks rules of this module:
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
use crate::ui::terminal::unix::device::{Tty, TtyEvent};
use crate::ui::terminal::unix::keyboard::Keyboard;
use crate::ui::terminal::unix::modes::{Echo, Modes};
use crate::ui::terminal::unix::signals::Signals;
use crate::ui::terminal::unix::suspend_loop::{RoundResult, end_round, run_rounds};

/// Shows a scene until it leaves. Leaves the screen during a suspension, and paints it again afterwards.
pub(crate) fn show_live(live: &mut Live<'_>) -> Result<(), TerminalError> {
    run_rounds(|tty, signals| run_round(tty, signals, live))
}

fn run_round(
    tty: &Tty,
    signals: &mut Signals,
    live: &mut Live<'_>,
) -> Result<RoundResult<()>, TerminalError> {
    let _modes = Modes::set(tty, Echo::Off)?;
    let alternate = AlternateScreen::enter(tty)?;
    live.invalidate();
    let mut keyboard = Keyboard::default();
    loop {
        if keyboard.timeout().is_none() && !alternate.write_until_signal(&live.paint(tty.size()), signals)? {
            live.invalidate();
        }
        let timeout = keyboard.timeout().unwrap_or_else(|| live.time_to_next_frame());
        let key = match tty.wait_with_timeout(signals, Some(timeout))? {
            None => keyboard.finish(),
            Some(TtyEvent::Byte(byte)) => keyboard.push(byte),
            Some(TtyEvent::EndOfInput) => return Err(TerminalError::EndOfInput),
            Some(TtyEvent::Signal(event)) => {
                if let Some(result) = end_round(event) {
                    return result;
                }
                live.invalidate();
                None
            }
        };
        if key.is_some_and(|key| live.press(key) == Action::Leave) {
            return Ok(RoundResult::Answer(()));
        }
    }
}

#[cfg(test)]
mod tests;
