//! The rounds of a prompt or a view: a suspension ends one, and the next begins when the process is in the foreground again.

use crate::ui::terminal::TerminalError;
use crate::ui::terminal::unix::device::Tty;
use crate::ui::terminal::unix::signals::{SignalEvent, Signals, suspend};

/// The result of a round
pub(super) enum RoundResult<T> {
    Answer(T),
    /// Ctrl-Z: the terminal is restored, and the process has to stop
    Suspend,
    /// Another signal stopped the process, and it continues
    Again,
}

/// Returns the result of a round that a signal ends; `None` if only the size of the terminal changed.
pub(super) fn end_round<T>(event: SignalEvent) -> Option<Result<RoundResult<T>, TerminalError>> {
    match event {
        SignalEvent::End(signal) => Some(Err(TerminalError::from_signal(signal))),
        SignalEvent::Suspend => Some(Ok(RoundResult::Suspend)),
        SignalEvent::Resumed => Some(Ok(RoundResult::Again)),
        SignalEvent::Resized => None,
    }
}

/// Runs rounds on the controlling terminal until one has an answer. Each round must restore the terminal.
pub(super) fn run_rounds<T>(
    mut run_round: impl FnMut(&Tty, &mut Signals) -> Result<RoundResult<T>, TerminalError>,
) -> Result<T, TerminalError> {
    let tty = Tty::open()?;
    tty.wait_for_foreground()?;
    let mut signals = Signals::catch()?;
    let answer = loop {
        match run_round(&tty, &mut signals) {
            Ok(RoundResult::Answer(answer)) => break Ok(answer),
            Ok(RoundResult::Suspend) => suspend()?,
            Ok(RoundResult::Again) => {}
            Err(error) => break Err(error),
        }
        tty.wait_for_foreground()?;
        // The SIGCONT that continued the process is pending too, and dropped here.
        if let Some(SignalEvent::End(signal)) = signals.next() {
            break Err(TerminalError::from_signal(signal));
        }
    };
    match signals.release() {
        Some(signal) => Err(TerminalError::from_signal(signal)),
        None => answer,
    }
}
