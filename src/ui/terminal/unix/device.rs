//! The device: opened, waited for, read a byte at a time, written

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionread};
use rustix::process::getpgrp;
use rustix::termios::{QueueSelector, Winsize, tcdrain, tcflush, tcgetpgrp, tcgetwinsize};

use crate::ui::terminal::TerminalError;
use crate::ui::terminal::unix::signals::{Caught, Signals};

pub(super) struct Tty(File);

/// What ended a wait
pub(super) enum Wake {
    Byte(u8),
    EndOfInput,
    Signal(Caught),
}

impl Tty {
    pub(super) fn open() -> Result<Self, TerminalError> {
        match open_controlling_terminal() {
            Ok(file) => Ok(Self(file)),
            Err(Errno::NXIO | Errno::NOENT | Errno::NODEV | Errno::NOTTY) => Err(TerminalError::Missing),
            Err(error) => Err(TerminalError::Io(error.into())),
        }
    }

    /// Stops this process, as the kernel stops any other, until the shell has put it into the foreground: what the modes of the
    /// terminal are before that is the shell's business.
    pub(super) fn wait_for_foreground(&self) -> Result<(), TerminalError> {
        // of the calls that SIGTTOU guards the one that changes nothing
        Ok(tcdrain(&self.0).map_err(io::Error::from)?)
    }

    /// Whether a shell has given it to another group of processes. Once the shell has gone it is nobody's, and the kernel says no
    /// group: a Ctrl-C ends `sh -c 'x=$(mfa code …)'` before us.
    pub(super) fn is_another_jobs(&self) -> bool {
        tcgetpgrp(&self.0).is_ok_and(|group| group != getpgrp())
    }

    /// Waits for a byte or a signal; a signal goes first. The byte is taken and no other, so that the next line of a paste stays for
    /// whoever reads next.
    pub(super) fn wait(&self, signals: &mut Signals) -> Result<Wake, TerminalError> {
        loop {
            if let Some(wake) = self.wait_within(signals, None)? {
                return Ok(wake);
            }
        }
    }

    /// Likewise, but no longer than `patience`; None where nothing came
    pub(super) fn wait_within(
        &self,
        signals: &mut Signals,
        patience: Option<Duration>,
    ) -> Result<Option<Wake>, TerminalError> {
        if let Some(caught) = signals.next() {
            return Ok(Some(Wake::Signal(caught)));
        }
        if self.has_input(signals, patience)? {
            let mut byte = [0];
            // None: Ctrl-C took it away again
            let count = self.read(&mut byte)?;
            return Ok(count.map(|count| if count == 0 { Wake::EndOfInput } else { Wake::Byte(byte[0]) }));
        }
        Ok(signals.next().map(Wake::Signal))
    }

    /// Waits for a byte or a signal; whether it is a byte alone
    fn has_input(&self, signals: &Signals, patience: Option<Duration>) -> Result<bool, TerminalError> {
        let [input, signal] = self.poll_with(signals, PollFlags::IN, patience)?;
        if input.contains(PollFlags::NVAL) {
            return Err(TerminalError::Io(io::ErrorKind::Unsupported.into()));
        }
        Ok(signal.is_empty() && !input.is_empty())
    }

    /// What has become of the terminal, and of the signals
    fn poll_with(
        &self,
        signals: &Signals,
        wanted: PollFlags,
        patience: Option<Duration>,
    ) -> Result<[PollFlags; 2], TerminalError> {
        let mut ready =
            [PollFd::new(&self.0, wanted), PollFd::from_borrowed_fd(signals.as_fd(), PollFlags::IN)];
        let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
        match poll(&mut ready, patience.as_ref()) {
            Ok(_) | Err(Errno::INTR) => Ok(ready.map(|fd| fd.revents())),
            Err(error) => Err(TerminalError::Io(error.into())),
        }
    }

    /// Throws away what comes, until nothing has come for `patience`; whether there was anything
    pub(super) fn swallow(&self, patience: Duration) -> Result<bool, TerminalError> {
        let mut swallowed = false;
        let patience = Timespec::try_from(patience).ok();
        let mut bytes = [0; 32];
        loop {
            let mut ready = [PollFd::new(&self.0, PollFlags::IN)];
            let has_input = poll(&mut ready, patience.as_ref()).is_ok_and(|count| count > 0);
            if !has_input || self.read(&mut bytes)? == Some(0) {
                return Ok(swallowed);
            }
            swallowed = true;
        }
    }

    /// How many bytes were read, 0 at the end of the input; None if there are none for now
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

    /// Writes as long as the terminal takes it, and gives up where it takes nothing for `patience`: one that is gone shall not hold
    /// a process that has been told to end.
    pub(super) fn write_within(&self, text: &str, patience: Duration) -> Result<(), TerminalError> {
        self.write_while(text, || self.has_room(Some(patience))).map(|_| ())
    }

    /// Writes unless a signal comes while the terminal takes nothing; whether all was written
    pub(super) fn write_unless(&self, text: &str, signals: &Signals) -> Result<bool, TerminalError> {
        self.write_while(text, || {
            let [_, signal] = self.poll_with(signals, PollFlags::OUT, None)?;
            Ok(signal.is_empty())
        })
    }

    /// Writes; where there is no room, asks `goes_on`, which waits for it. Whether all was written
    fn write_while(
        &self,
        text: &str,
        mut goes_on: impl FnMut() -> Result<bool, TerminalError>,
    ) -> Result<bool, TerminalError> {
        let mut rest = text.as_bytes();
        while !rest.is_empty() {
            match (&self.0).write(rest) {
                Ok(count) => rest = &rest[count..],
                Err(error) => match error.kind() {
                    io::ErrorKind::Interrupted => {}
                    io::ErrorKind::WouldBlock if goes_on()? => {}
                    io::ErrorKind::WouldBlock => return Ok(false),
                    _ => return Err(TerminalError::Io(error)),
                },
            }
        }
        Ok(true)
    }

    fn has_room(&self, patience: Option<Duration>) -> Result<bool, TerminalError> {
        let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
        match poll(&mut [PollFd::new(&self.0, PollFlags::OUT)], patience.as_ref()) {
            Ok(ready) => Ok(ready > 0),
            Err(Errno::INTR) => Ok(true),
            Err(error) => Err(TerminalError::Io(error.into())),
        }
    }

    /// The number of bytes that were typed and not yet read
    pub(super) fn typed_ahead(&self) -> Result<u64, TerminalError> {
        Ok(ioctl_fionread(&self.0).map_err(io::Error::from)?)
    }

    pub(super) fn discard_input(&self) {
        let _ = tcflush(&self.0, QueueSelector::IFlush);
    }

    pub(super) fn size(&self) -> Option<(u16, u16)> {
        tcgetwinsize(&self.0).ok().and_then(known)
    }
}

impl AsFd for Tty {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

/// A serial line, and a pseudo-terminal whose maker did not care, say 0×0.
fn known(size: Winsize) -> Option<(u16, u16)> {
    (size.ws_col > 0 && size.ws_row > 0).then_some((size.ws_col, size.ws_row))
}

#[cfg(not(target_vendor = "apple"))]
fn open_controlling_terminal() -> Result<File, Errno> {
    open("/dev/tty")
}

/// The controlling terminal under its own name, since `poll` of macOS does not know `/dev/tty`
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

    // NONBLOCK: a byte that `poll` has seen may be gone when it is read, for Ctrl-C empties the terminal's queue; a read that waited
    // for the next one would not see the signal
    let flags = OFlags::RDWR | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?.into())
}
