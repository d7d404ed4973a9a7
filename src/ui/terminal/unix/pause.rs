//! A pause that a signal ends, so that what stands on the terminal can be taken away first

use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;

use crate::ui::terminal::TerminalError;
use crate::ui::terminal::unix::signals::{Caught, Signals, suspend};

/// As long as it lives, signals end pauses and not the process
pub(crate) struct InterruptibleSleep(Signals);

impl InterruptibleSleep {
    pub(crate) fn start() -> Result<Self, TerminalError> {
        Ok(Self(Signals::catch()?))
    }

    /// Waits, or less if there is reason to look up; `before_stop` puts things right where the process is to be stopped
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
            Some(Caught::End(signal)) => return Err(TerminalError::from_signal(signal)),
            Some(Caught::Suspend) => {
                before_stop();
                suspend()?;
            }
            Some(Caught::Resumed | Caught::Resized) | None => {}
        }
        Ok(())
    }

    /// Gives the signals back to their defaults; one that came too late for a pause ends the process now
    pub(crate) fn end(self) -> Result<(), TerminalError> {
        self.0.release().map_or(Ok(()), |signal| Err(TerminalError::from_signal(signal)))
    }
}
