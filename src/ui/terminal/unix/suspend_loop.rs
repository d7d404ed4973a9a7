//! A question is put in rounds: a suspension ends one, and the next begins when the process is in the foreground again

use crate::ui::terminal::TerminalError;
use crate::ui::terminal::unix::device::Tty;
use crate::ui::terminal::unix::signals::{Caught, Signals, suspend};

/// How a round ended
pub(super) enum Round<T> {
    Answer(T),
    /// Ctrl-Z: the terminal is as it was, and the process is to be stopped.
    Suspend,
    /// The process had been stopped without having been asked, and goes on.
    Again,
}

/// Runs rounds on the controlling terminal until one has an answer. A round leaves the terminal as it found it.
pub(super) fn until_answered<T>(
    mut round: impl FnMut(&Tty, &mut Signals) -> Result<Round<T>, TerminalError>,
) -> Result<T, TerminalError> {
    let tty = Tty::open()?;
    tty.wait_for_foreground()?;
    let mut signals = Signals::catch()?;
    let answer = loop {
        match round(&tty, &mut signals) {
            Ok(Round::Answer(answer)) => break Ok(answer),
            Ok(Round::Suspend) => suspend()?,
            Ok(Round::Again) => {}
            Err(error) => break Err(error),
        }
        tty.wait_for_foreground()?;
        // among what arrived until now is the SIGCONT that let it go on
        if let Some(Caught::End(signal)) = signals.next() {
            break Err(TerminalError::from_signal(signal));
        }
    };
    match signals.release() {
        Some(signal) => Err(TerminalError::from_signal(signal)),
        None => answer,
    }
}
