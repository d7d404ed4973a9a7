//! A sleep that a signal interrupts, so that the caller can erase its line first.

use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use crate::ui::terminal::TerminalError;
use crate::ui::terminal::unix::signals::{SignalEvent, Signals, suspend};

/// A guard that lets signals end a pause instead of the process
pub(crate) struct InterruptibleSleep(Signals);

impl InterruptibleSleep {
    pub(crate) fn start() -> Result<Self, TerminalError> {
        Ok(Self(Signals::catch()?))
    }

    /// Waits for `length`, or less if a signal arrives. Calls `before_stop` before it suspends the process.
    pub(crate) fn pause(
        &mut self,
        length: Duration,
        before_stop: impl FnOnce(),
    ) -> Result<(), TerminalError> {
        let length = Timespec::try_from(length).ok();
        match poll(&mut [PollFd::new(&self.0, PollFlags::IN)], length.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(TerminalError::Io(error.into())),
        }
        match self.0.next() {
            Some(SignalEvent::End(signal)) => return Err(TerminalError::from_signal(signal)),
            Some(SignalEvent::Suspend) => {
                before_stop();
                suspend()?;
            }
            Some(SignalEvent::Resumed | SignalEvent::Resized) | None => {}
        }
        Ok(())
    }

    /// Restores the default handling of signals. Returns an error for a signal that arrived after the last pause.
    pub(crate) fn end(self) -> Result<(), TerminalError> {
        self.0.release().map_or(Ok(()), |signal| Err(TerminalError::from_signal(signal)))
    }
}
