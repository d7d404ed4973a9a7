//! Something shown on the alternate screen until a key is pressed

use std::time::Duration;

use crate::ui::terminal::TerminalError;
use crate::ui::terminal::unix::alternate::{AlternateScreen, CLEAR};
use crate::ui::terminal::unix::device::{Tty, Wake};
use crate::ui::terminal::unix::modes::{Echo, Modes};
use crate::ui::terminal::unix::signals::{Caught, Signals};
use crate::ui::terminal::unix::suspend_loop::{Round, until_answered};

const ESCAPE: u8 = 0x1b;
/// How long the bytes of one function key may be apart, on a slow line
const WITHIN_A_KEY: Duration = Duration::from_millis(50);

/// Shows `screen`, lines separated by `\n`, on the alternate screen until a key is pressed
///
/// `columns` and `rows` are the size of what is shown, in characters of the terminal. Nothing of it stays in the scrollback.
pub(crate) fn show_until_key(screen: &str, columns: u16, rows: u16) -> Result<(), TerminalError> {
    let needed = (columns, rows);
    until_answered(|tty, signals| round(tty, signals, screen, needed))
}

fn round(
    tty: &Tty,
    signals: &mut Signals,
    screen: &str,
    needed: (u16, u16),
) -> Result<Round<()>, TerminalError> {
    refuse_if_too_small(tty, needed)?;
    let _modes = Modes::set(tty, Echo::Off)?;
    let alternate = AlternateScreen::enter(tty)?;
    draw(&alternate, screen)?;
    loop {
        match tty.wait(signals)? {
            Wake::Byte(first) => return swallow_rest_of_key(tty, first).map(Round::Answer),
            Wake::EndOfInput => return Err(TerminalError::EndOfInput),
            Wake::Signal(Caught::End(signal)) => return Err(TerminalError::from_signal(signal)),
            Wake::Signal(Caught::Suspend) => return Ok(Round::Suspend),
            Wake::Signal(Caught::Resumed) => return Ok(Round::Again),
            Wake::Signal(Caught::Resized) => {
                refuse_if_too_small(tty, needed)?;
                draw(&alternate, screen)?;
            }
        }
    }
}

fn draw(alternate: &AlternateScreen<'_>, screen: &str) -> Result<(), TerminalError> {
    // without the last newline: on a terminal that just fits, it would scroll
    let lines = screen.trim_end_matches('\n').replace('\n', "\r\n");
    alternate.write(&format!("{CLEAR}{lines}"))
}

/// Reads the other bytes of a key that has several, or the shell would take them for typed text.
fn swallow_rest_of_key(tty: &Tty, first: u8) -> Result<(), TerminalError> {
    if first == ESCAPE || !first.is_ascii() {
        tty.swallow(WITHIN_A_KEY)?;
    }
    Ok(())
}

fn refuse_if_too_small(tty: &Tty, needed: (u16, u16)) -> Result<(), TerminalError> {
    match tty.size() {
        Some((columns, rows)) if columns < needed.0 || rows < needed.1 => {
            Err(TerminalError::TooSmall { needed_columns: needed.0, needed_rows: needed.1, columns, rows })
        }
        _ => Ok(()),
    }
}
