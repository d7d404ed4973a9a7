//! The device: opened, read a byte at a time, written, waited for

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionread};
use rustix::process::getpgrp;
use rustix::termios::{QueueSelector, Winsize, tcdrain, tcflush, tcgetpgrp, tcgetwinsize};

use super::super::TerminalError;
use super::signals::{Caught, Signals};

pub(super) struct Tty(File);

/// What ended a wait
pub(super) enum Wake {
    Input,
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

    pub(super) fn is_ours(&self) -> bool {
        tcgetpgrp(&self.0).is_ok_and(|group| group == getpgrp())
    }

    /// Waits for a byte or a signal; a signal goes first.
    pub(super) fn wait(&self, signals: &mut Signals) -> Result<Wake, TerminalError> {
        loop {
            if let Some(caught) = signals.next() {
                return Ok(Wake::Signal(caught));
            }
            let mut ready = [
                PollFd::new(&self.0, PollFlags::IN),
                PollFd::from_borrowed_fd(signals.as_fd(), PollFlags::IN),
            ];
            match poll(&mut ready, None) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(error) => return Err(TerminalError::Io(error.into())),
            }
            let [input, signal] = ready.map(|fd| fd.revents());
            if input.contains(PollFlags::NVAL) {
                return Err(TerminalError::Io(io::ErrorKind::Unsupported.into()));
            }
            if signal.is_empty() && !input.is_empty() {
                return Ok(Wake::Input);
            }
        }
    }

    /// Whether a byte comes within `patience`
    pub(super) fn has_input_within(&self, patience: Duration) -> bool {
        let patience = Timespec::try_from(patience).ok();
        let mut ready = [PollFd::new(&self.0, PollFlags::IN)];
        poll(&mut ready, patience.as_ref()).is_ok_and(|count| count > 0)
    }

    /// One byte, so that the next line of a paste stays for whoever reads next; None at the end of the input
    pub(super) fn read_byte(&self) -> Result<Option<u8>, TerminalError> {
        let mut byte = [0];
        Ok((self.read(&mut byte)? > 0).then_some(byte[0]))
    }

    pub(super) fn read(&self, buffer: &mut [u8]) -> Result<usize, TerminalError> {
        loop {
            match (&self.0).read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => return Ok(other?),
            }
        }
    }

    pub(super) fn write(&self, text: &str) -> Result<(), TerminalError> {
        Ok((&self.0).write_all(text.as_bytes())?)
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

/// Columns and rows of the terminal behind stdout, if it is one
pub(crate) fn size() -> Option<(u16, u16)> {
    tcgetwinsize(rustix::stdio::stdout()).ok().and_then(known)
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

    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?.into())
}
