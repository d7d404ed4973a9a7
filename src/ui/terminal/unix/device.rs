//! The terminal device: open, wait, read byte by byte, write.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionread};
use rustix::process::getpgrp;
use rustix::termios::{QueueSelector, Winsize, tcdrain, tcflush, tcgetpgrp, tcgetwinsize};

use crate::ui::terminal::TerminalError;
use crate::ui::terminal::unix::signals::{SignalEvent, Signals};

/// The controlling terminal, in non-blocking mode
pub(super) struct Tty(File);

/// The event that ends a wait
pub(super) enum TtyEvent {
    Byte(u8),
    EndOfInput,
    Signal(SignalEvent),
}

impl Tty {
    pub(super) fn open() -> Result<Self, TerminalError> {
        match open_controlling_terminal() {
            Ok(file) => Ok(Self(file)),
            Err(Errno::NXIO | Errno::NOENT | Errno::NODEV | Errno::NOTTY) => Err(TerminalError::Missing),
            Err(error) => Err(TerminalError::Io(error.into())),
        }
    }

    /// Stops this process until the shell puts it into the foreground, as the kernel stops any background process.
    ///
    /// Until then the modes of the terminal belong to the shell.
    pub(super) fn wait_for_foreground(&self) -> Result<(), TerminalError> {
        // SIGTTOU guards this call too, and it changes nothing.
        Ok(tcdrain(&self.0).map_err(io::Error::from)?)
    }

    /// Returns whether a shell gave the terminal to another process group.
    ///
    /// After the shell is gone the kernel reports no group: a Ctrl-C ends `sh -c 'x=$(mfa code …)'` before this process.
    pub(super) fn belongs_to_another_job(&self) -> bool {
        tcgetpgrp(&self.0).is_ok_and(|group| group != getpgrp())
    }

    /// Waits for a byte or a signal; signals come first.
    ///
    /// Reads one byte only, so that the next line of a paste stays for the next reader.
    pub(super) fn wait(&self, signals: &mut Signals) -> Result<TtyEvent, TerminalError> {
        loop {
            if let Some(event) = self.wait_with_timeout(signals, None)? {
                return Ok(event);
            }
        }
    }

    /// Waits for a byte or a signal. Returns `None` if neither arrives before the timeout.
    pub(super) fn wait_with_timeout(
        &self,
        signals: &mut Signals,
        timeout: Option<Duration>,
    ) -> Result<Option<TtyEvent>, TerminalError> {
        if let Some(caught) = signals.next() {
            return Ok(Some(TtyEvent::Signal(caught)));
        }
        if self.has_input(signals, timeout)? {
            let mut byte = [0];
            // There is no byte if Ctrl-C emptied the queue in between.
            let count = self.read(&mut byte)?;
            return Ok(
                count.map(|count| if count == 0 { TtyEvent::EndOfInput } else { TtyEvent::Byte(byte[0]) })
            );
        }
        Ok(signals.next().map(TtyEvent::Signal))
    }

    /// Waits for a byte or a signal. Returns whether a byte arrived, and no signal.
    fn has_input(&self, signals: &Signals, timeout: Option<Duration>) -> Result<bool, TerminalError> {
        let [input, signal] = self.poll_with(signals, PollFlags::IN, timeout)?;
        if input.contains(PollFlags::NVAL) {
            return Err(TerminalError::Io(io::ErrorKind::Unsupported.into()));
        }
        Ok(signal.is_empty() && !input.is_empty())
    }

    /// Returns the events of the terminal and of the signals, in this order.
    fn poll_with(
        &self,
        signals: &Signals,
        wanted: PollFlags,
        timeout: Option<Duration>,
    ) -> Result<[PollFlags; 2], TerminalError> {
        let mut ready =
            [PollFd::new(&self.0, wanted), PollFd::from_borrowed_fd(signals.as_fd(), PollFlags::IN)];
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        match poll(&mut ready, timeout.as_ref()) {
            Ok(_) | Err(Errno::INTR) => Ok(ready.map(|fd| fd.revents())),
            Err(error) => Err(TerminalError::Io(error.into())),
        }
    }

    /// Discards input until none arrives within the timeout. Returns whether there was input.
    pub(super) fn drain_input(&self, timeout: Duration) -> Result<bool, TerminalError> {
        let mut has_drained = false;
        let timeout = Timespec::try_from(timeout).ok();
        let mut bytes = [0; 32];
        loop {
            let mut ready = [PollFd::new(&self.0, PollFlags::IN)];
            let has_input = poll(&mut ready, timeout.as_ref()).is_ok_and(|count| count > 0);
            if !has_input || self.read(&mut bytes)? == Some(0) {
                return Ok(has_drained);
            }
            has_drained = true;
        }
    }

    /// Returns the number of bytes read, 0 at the end of the input, or `None` if no byte is available now.
    fn read(&self, buffer: &mut [u8]) -> Result<Option<usize>, TerminalError> {
        loop {
            match (&self.0).read(buffer) {
                Ok(count) => return Ok(Some(count)),
                Err(error) => match error.kind() {
                    io::ErrorKind::Interrupted => {}
                    io::ErrorKind::WouldBlock => return Ok(None),
                    _ => return Err(TerminalError::Io(error)),
                },
            }
        }
    }

    pub(super) fn write(&self, text: &str) -> Result<(), TerminalError> {
        self.write_while(text, || self.has_room(None).map(|_| true)).map(|_| ())
    }

    /// Writes, and gives up if the terminal accepts no output within the timeout.
    ///
    /// A terminal that is gone must not keep a process alive that a signal ends.
    pub(super) fn write_with_timeout(&self, text: &str, timeout: Duration) -> Result<(), TerminalError> {
        self.write_while(text, || self.has_room(Some(timeout))).map(|_| ())
    }

    /// Writes until a signal arrives while the terminal accepts no output. Returns whether all was written.
    pub(super) fn write_until_signal(&self, text: &str, signals: &Signals) -> Result<bool, TerminalError> {
        self.write_while(text, || {
            let [_, signal] = self.poll_with(signals, PollFlags::OUT, None)?;
            Ok(signal.is_empty())
        })
    }

    /// Writes, and calls `wait_for_room` whenever the terminal accepts no output; stops if it returns `false`.
    ///
    /// Returns whether all was written.
    fn write_while(
        &self,
        text: &str,
        mut wait_for_room: impl FnMut() -> Result<bool, TerminalError>,
    ) -> Result<bool, TerminalError> {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            match (&self.0).write(rest) {
                Ok(count) => rest = &rest[count..],
                Err(error) => match error.kind() {
                    io::ErrorKind::Interrupted => {}
                    io::ErrorKind::WouldBlock if wait_for_room()? => {}
                    io::ErrorKind::WouldBlock => return Ok(false),
                    _ => return Err(TerminalError::Io(error)),
                },
            }
        }
        Ok(true)
    }

    /// Waits until the terminal accepts output. Returns `false` after the timeout.
    fn has_room(&self, timeout: Option<Duration>) -> Result<bool, TerminalError> {
        let timeout = timeout.and_then(|timeout| Timespec::try_from(timeout).ok());
        match poll(&mut [PollFd::new(&self.0, PollFlags::OUT)], timeout.as_ref()) {
            Ok(ready) => Ok(ready > 0),
            Err(Errno::INTR) => Ok(true),
            Err(error) => Err(TerminalError::Io(error.into())),
        }
    }

    /// Returns the number of bytes that were typed and not yet read.
    pub(super) fn typed_ahead(&self) -> Result<u64, TerminalError> {
        Ok(ioctl_fionread(&self.0).map_err(io::Error::from)?)
    }

    pub(super) fn discard_input(&self) {
        let _ = tcflush(&self.0, QueueSelector::IFlush);
    }

    /// Returns the columns and rows of the terminal; `None` if it does not report them.
    pub(super) fn size(&self) -> Option<(u16, u16)> {
        tcgetwinsize(&self.0).ok().and_then(reported_size)
    }
}

impl AsFd for Tty {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// Drops the size 0×0, which serial lines and some pseudo-terminals report.
fn reported_size(size: Winsize) -> Option<(u16, u16)> {
    (size.ws_col > 0 && size.ws_row > 0).then_some((size.ws_col, size.ws_row))
}

#[cfg(not(target_vendor = "apple"))]
fn open_controlling_terminal() -> Result<File, Errno> {
    open("/dev/tty")
}

/// Opens the controlling terminal under its own name, because `poll` of macOS does not support `/dev/tty`.
#[cfg(target_vendor = "apple")]
fn open_controlling_terminal() -> Result<File, Errno> {
    use rustix::process::getsid;
    use rustix::stdio::{stderr, stdin, stdout};
    use rustix::termios::{tcgetsid, ttyname};

    let any = open("/dev/tty")?;
    let session = getsid(None)?;
    [stderr(), stdin(), stdout()]
        .into_iter()
        .find(|stream| tcgetsid(stream).is_ok_and(|owner| owner == session))
        .map_or(Ok(any), |stream| open(ttyname(stream, Vec::new())?))
}

fn open(path: impl rustix::path::Arg) -> Result<File, Errno> {
    use rustix::fs::{Mode, OFlags};

    // NONBLOCK: Ctrl-C empties the terminal's queue, so a byte that `poll` reported may be gone; a blocking read would then wait for
    // the next byte and miss the signal.
    let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?.into())
}
