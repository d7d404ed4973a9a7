//! A prompt for one line.
//!
//! Why not rpassword, which the prompt uses on Windows: on Unix Ctrl-C ends the process before rpassword turns
//! the echo on again.

use std::time::Duration;

use rustix::termios::SpecialCodeIndex;
use zeroize::Zeroizing;

use crate::text::sanitize_lines;
use crate::ui::terminal::TerminalError;
use crate::ui::terminal::unix::device::{Tty, TtyEvent};
use crate::ui::terminal::unix::line_editor::{EditKeys, LineEditor, LineEvent};
use crate::ui::terminal::unix::modes::{Echo, Modes};
use crate::ui::terminal::unix::signals::Signals;
use crate::ui::terminal::unix::suspend_loop::{RoundResult, end_round, run_rounds};

/// The length, in bytes, at which a terminal silently cuts a line in its line mode (Linux: `N_TTY_BUF_SIZE` less the newline; macOS:
/// `MAX_CANON`)
const LINE_LIMIT: usize = if cfg!(target_os = "linux") { 4095 } else { 1024 };

/// The longest gap between the lines of a paste; no person types so soon after Enter
const PASTE_TIMEOUT: Duration = Duration::from_millis(50);

/// Prompts for a line without echo.
///
/// A suspension wipes the typed text, because the user could not see afterwards how much of it is there.
pub(crate) fn read_hidden_line(prompt: &str) -> Result<Zeroizing<String>, TerminalError> {
    run_rounds(|tty, signals| run_round(tty, signals, prompt, Echo::Off))
}

/// Prompts for a line with echo.
pub(crate) fn read_line(prompt: &str) -> Result<String, TerminalError> {
    run_rounds(|tty, signals| run_round(tty, signals, prompt, Echo::On))
        .map(|mut line| std::mem::take(&mut *line))
}

fn run_round(
    tty: &Tty,
    signals: &mut Signals,
    prompt: &str,
    echo: Echo,
) -> Result<RoundResult<Zeroizing<String>>, TerminalError> {
    let modes = Modes::set(tty, echo)?;
    let outcome = edit_line(tty, signals, &modes, prompt, echo);
    if echo == Echo::Off && was_interrupted(&outcome) {
        // The shell would echo the unread input; at a Ctrl-C the terminal itself discards it.
        tty.discard_input();
    }
    drop(modes);
    // The terminal did not echo a newline.
    if echo == Echo::Off || !matches!(outcome, Ok(RoundResult::Answer(_))) {
        let _ = tty.write("\n");
    }
    outcome
}

fn edit_line(
    tty: &Tty,
    signals: &mut Signals,
    modes: &Modes<'_>,
    prompt: &str,
    echo: Echo,
) -> Result<RoundResult<Zeroizing<String>>, TerminalError> {
    reject_truncated_input(tty, echo)?;
    tty.write(&sanitize_lines(prompt))?;
    let mut line = LineEditor::new(edit_keys(modes, echo));
    loop {
        match tty.wait(signals)? {
            TtyEvent::Signal(event) => {
                if let Some(result) = end_round(event) {
                    return result;
                }
            }
            TtyEvent::EndOfInput => return Err(TerminalError::EndOfInput),
            TtyEvent::Byte(byte) => match line.push(byte) {
                LineEvent::Incomplete => {}
                LineEvent::EndOfInput => return Err(TerminalError::EndOfInput),
                LineEvent::Complete => {
                    reject_several_lines(tty, echo)?;
                    return finish(line, echo).map(RoundResult::Answer);
                }
            },
        }
    }
}

fn was_interrupted<T>(outcome: &Result<RoundResult<T>, TerminalError>) -> bool {
    match outcome {
        Ok(round) => matches!(round, RoundResult::Suspend),
        Err(error) => error.signal().is_some(),
    }
}

/// Rejects typed-ahead input that the terminal's line mode may have cut.
fn reject_truncated_input(tty: &Tty, echo: Echo) -> Result<(), TerminalError> {
    if echo == Echo::Off && tty.typed_ahead()? >= LINE_LIMIT as u64 {
        // The rest of a secret would become the shell's next command.
        tty.discard_input();
        return Err(TerminalError::InvalidInput("too much input was typed before the prompt"));
    }
    Ok(())
}

/// Rejects a paste of several lines: the first would be a wrong secret, and the rest the shell's next command.
fn reject_several_lines(tty: &Tty, echo: Echo) -> Result<(), TerminalError> {
    if echo == Echo::Off && tty.drain_input(PASTE_TIMEOUT)? {
        return Err(TerminalError::InvalidInput("several lines were pasted, but the prompt takes one"));
    }
    Ok(())
}

fn finish(line: LineEditor, echo: Echo) -> Result<Zeroizing<String>, TerminalError> {
    if echo == Echo::On && line.len() >= LINE_LIMIT {
        return Err(TerminalError::InvalidInput("the line is too long for the terminal"));
    }
    line.into_text().ok_or(TerminalError::InvalidInput("the line is not UTF-8"))
}

/// Returns the editing keys, or no keys if the terminal edits the line itself.
fn edit_keys(modes: &Modes<'_>, echo: Echo) -> EditKeys {
    match echo {
        Echo::On => EditKeys::default(),
        Echo::Off => EditKeys {
            erase: modes.key(SpecialCodeIndex::VERASE),
            erase_word: modes.key(SpecialCodeIndex::VWERASE),
            erase_line: modes.key(SpecialCodeIndex::VKILL),
            end_of_input: modes.key(SpecialCodeIndex::VEOF),
            literal: modes.key(SpecialCodeIndex::VLNEXT),
        },
    }
}
