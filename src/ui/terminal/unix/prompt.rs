//! A question that is answered with a line
//!
//! Why not rpassword, which the prompt uses on Windows: on Unix it turns Ctrl-C into a SIGINT that ends the process before the echo is
//! on again.

use std::time::Duration;

use rustix::termios::SpecialCodeIndex;
use zeroize::Zeroizing;

use crate::ui::terminal::TerminalError;
use crate::ui::terminal::unix::device::{Tty, Wake};
use crate::ui::terminal::unix::line_editor::{Keys, LineEvent, TypedLine};
use crate::ui::terminal::unix::modes::{Echo, Modes};
use crate::ui::terminal::unix::signals::{Caught, Signals};
use crate::ui::terminal::unix::suspend_loop::{Round, until_answered};

/// A line that the terminal keeps for us, because we did not read yet or because it edits it, is cut here without a word (Linux:
/// `N_TTY_BUF_SIZE` less the newline; macOS: `MAX_CANON`).
const LINE_LIMIT: usize = if cfg!(target_os = "linux") { 4095 } else { 1024 };

/// What is pasted comes at once; nobody types on so soon after Enter
const PASTE_GAP: Duration = Duration::from_millis(50);

/// Asks for a line without showing it
///
/// What was typed before a suspension is wiped: nobody sees afterwards what is there already.
pub(crate) fn hidden_line(prompt: &str) -> Result<Zeroizing<String>, TerminalError> {
    until_answered(|tty, signals| round(tty, signals, prompt, Echo::Off))
}

/// Asks for a line, shown
pub(crate) fn line(prompt: &str) -> Result<String, TerminalError> {
    until_answered(|tty, signals| round(tty, signals, prompt, Echo::On))
        .map(|mut line| std::mem::take(&mut *line))
}

fn round(
    tty: &Tty,
    signals: &mut Signals,
    prompt: &str,
    echo: Echo,
) -> Result<Round<Zeroizing<String>>, TerminalError> {
    let modes = Modes::set(tty, echo)?;
    let outcome = typed(tty, signals, &modes, prompt, echo);
    if echo == Echo::Off && was_broken_off(&outcome) {
        // or the shell would show what was typed and not yet read, as the terminal itself prevents at a Ctrl-C
        tty.discard_input();
    }
    drop(modes);
    // the newline that the terminal has not shown itself
    if echo == Echo::Off || !matches!(outcome, Ok(Round::Answer(_))) {
        let _ = tty.write("\n");
    }
    outcome
}

fn typed(
    tty: &Tty,
    signals: &mut Signals,
    modes: &Modes<'_>,
    prompt: &str,
    echo: Echo,
) -> Result<Round<Zeroizing<String>>, TerminalError> {
    refuse_what_may_be_cut(tty, echo)?;
    tty.write(prompt)?;
    let mut line = TypedLine::new(keys(modes, echo));
    loop {
        match tty.wait(signals)? {
            Wake::Signal(Caught::End(signal)) => return Err(TerminalError::from_signal(signal)),
            Wake::Signal(Caught::Suspend) => return Ok(Round::Suspend),
            Wake::Signal(Caught::Resumed) => return Ok(Round::Again),
            Wake::Signal(Caught::Resized) => {}
            Wake::EndOfInput => return Err(TerminalError::EndOfInput),
            Wake::Byte(byte) => match line.push(byte) {
                LineEvent::Goes => {}
                LineEvent::EndOfInput => return Err(TerminalError::EndOfInput),
                LineEvent::Complete => {
                    refuse_several_lines(tty, echo)?;
                    return answer(line, echo).map(Round::Answer);
                }
            },
        }
    }
}

fn was_broken_off<T>(outcome: &Result<Round<T>, TerminalError>) -> bool {
    match outcome {
        Ok(round) => matches!(round, Round::Suspend),
        Err(error) => error.signal().is_some(),
    }
}

/// What was typed ahead went through the terminal's line mode, and may have been cut there.
fn refuse_what_may_be_cut(tty: &Tty, echo: Echo) -> Result<(), TerminalError> {
    if echo == Echo::Off && tty.typed_ahead()? >= LINE_LIMIT as u64 {
        // or the rest of a secret would become the shell's next command
        tty.discard_input();
        return Err(TerminalError::invalid("more was typed before the prompt than a terminal keeps"));
    }
    Ok(())
}

/// A key that was copied over two lines is a wrong key up to the first end of line, and its rest the shell's next command.
fn refuse_several_lines(tty: &Tty, echo: Echo) -> Result<(), TerminalError> {
    if echo == Echo::Off && tty.swallow(PASTE_GAP)? {
        return Err(TerminalError::invalid("several lines were pasted where one was asked for"));
    }
    Ok(())
}

fn answer(line: TypedLine, echo: Echo) -> Result<Zeroizing<String>, TerminalError> {
    if echo == Echo::On && line.len() >= LINE_LIMIT {
        return Err(TerminalError::invalid("the line is longer than a terminal keeps"));
    }
    line.into_text().ok_or_else(|| TerminalError::invalid("the line is not UTF-8"))
}

/// The keys that edit a line, where the terminal does not do it itself
fn keys(modes: &Modes<'_>, echo: Echo) -> Keys {
    match echo {
        Echo::On => Keys::default(),
        Echo::Off => Keys {
            erase: modes.key(SpecialCodeIndex::VERASE),
            erase_word: modes.key(SpecialCodeIndex::VWERASE),
            erase_line: modes.key(SpecialCodeIndex::VKILL),
            end_of_input: modes.key(SpecialCodeIndex::VEOF),
            literal: modes.key(SpecialCodeIndex::VLNEXT),
        },
    }
}
