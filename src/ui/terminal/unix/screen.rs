//! A text on the alternate screen until a key is pressed.

use crate::ui::terminal::TerminalError;
use crate::ui::terminal::unix::alternate::{AlternateScreen, CLEAR};
use crate::ui::terminal::unix::device::{Tty, TtyEvent};
use crate::ui::terminal::unix::keyboard::KEY_TIMEOUT;
use crate::ui::terminal::unix::modes::{Echo, Modes};
use crate::ui::terminal::unix::signals::Signals;
use crate::ui::terminal::unix::suspend_loop::{RoundResult, end_round, run_rounds};

const ESCAPE: u8 = 0x1b;

/// Shows lines, separated by `\n`, on the alternate screen until a key is pressed.
///
/// `columns` and `rows` are the size of the text, in characters of the terminal. No part of it stays in the scrollback.
pub(crate) fn show_until_key(screen: &str, columns: u16, rows: u16) -> Result<(), TerminalError> {
    let needed = (columns, rows);
    run_rounds(|tty, signals| run_round(tty, signals, screen, needed))
}

fn run_round(
    tty: &Tty,
    signals: &mut Signals,
    screen: &str,
    needed: (u16, u16),
) -> Result<RoundResult<()>, TerminalError> {
    require_size(tty, needed)?;
    let _modes = Modes::set(tty, Echo::Off)?;
    let alternate = AlternateScreen::enter(tty)?;
    draw(&alternate, screen)?;
    loop {
        match tty.wait(signals)? {
            TtyEvent::Byte(first) => return drain_key(tty, first).map(RoundResult::Answer),
            TtyEvent::EndOfInput => return Err(TerminalError::EndOfInput),
            TtyEvent::Signal(event) => {
                if let Some(result) = end_round(event) {
                    return result;
                }
                require_size(tty, needed)?;
                draw(&alternate, screen)?;
            }
        }
    }
}

fn draw(alternate: &AlternateScreen<'_>, screen: &str) -> Result<(), TerminalError> {
    // A final newline would scroll a terminal of exactly this size.
    let lines = screen.trim_end_matches('\n').replace('\n', "\r\n");
    alternate.write(&format!("{CLEAR}{lines}"))
}

/// Discards the other bytes of a key that sends several; the shell would read them as typed text.
fn drain_key(tty: &Tty, first: u8) -> Result<(), TerminalError> {
    if first == ESCAPE || !first.is_ascii() {
        tty.drain_input(KEY_TIMEOUT)?;
    }
    Ok(())
}

fn require_size(tty: &Tty, needed: (u16, u16)) -> Result<(), TerminalError> {
    match tty.size() {
        Some((columns, rows)) if columns < needed.0 || rows < needed.1 => {
            Err(TerminalError::TooSmall { needed_columns: needed.0, needed_rows: needed.1, columns, rows })
        }
        _ => Ok(()),
    }
}
