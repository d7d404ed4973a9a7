//! A connection to the X server with an invisible window: only windows can own and request selections.

use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use x11rb::atom_manager;
use x11rb::connection::Connection as _;
use x11rb::errors::{ConnectError, ConnectionError, ReplyError, ReplyOrIdError};
use x11rb::protocol::Event;
use x11rb::protocol::xproto::{ConnectionExt as _, CreateWindowAux, EventMask, Window, WindowClass};
use x11rb::rust_connection::RustConnection;
use x11rb::{COPY_DEPTH_FROM_PARENT, COPY_FROM_PARENT};

use crate::desktop::clipboard::ClipboardError;

atom_manager! {
    pub(super) Atoms: AtomsCookie {
        CLIPBOARD,
        TARGETS,
        TIMESTAMP,
        INCR,
        UTF8_STRING,
        STRING,
        TEXT,
        PLAIN: b"text/plain",
        PLAIN_UTF8: b"text/plain;charset=utf-8",
        PASSWORD_MANAGER_HINT: b"x-kde-passwordManagerHint",
        // The property of this window that owners write to.
        MFA_CLIPBOARD,
    }
}

/// A connection with its window and its atoms
pub(super) struct Client {
    pub(super) connection: RustConnection,
    pub(super) window: Window,
    pub(super) atoms: Atoms,
}

impl Client {
    pub(super) fn connect() -> Result<Self, ClipboardError> {
        let (connection, screen) = RustConnection::connect(None)?;
        let atoms = Atoms::new(&connection)?;
        let window = connection.generate_id()?;
        let events = CreateWindowAux::new().event_mask(EventMask::PROPERTY_CHANGE);
        connection.create_window(
            COPY_DEPTH_FROM_PARENT,
            window,
            connection.setup().roots[screen].root,
            0,
            0,
            1,
            1,
            0,
            WindowClass::INPUT_OUTPUT,
            COPY_FROM_PARENT,
            &events,
        )?;
        let atoms = atoms.reply()?;
        Ok(Self { connection, window, atoms })
    }

    /// Returns the next event; `None` after the timeout.
    pub(super) fn next_event(&self, timeout: Duration) -> Result<Option<Event>, ClipboardError> {
        let end = Instant::now() + timeout;
        self.connection.flush()?;
        loop {
            if let Some(event) = self.connection.poll_for_event()? {
                return Ok(Some(event));
            }
            let left = end.saturating_duration_since(Instant::now());
            let timeout = Timespec::try_from(left).ok();
            let mut ready = [PollFd::new(self.connection.stream(), PollFlags::IN)];
            if left.is_zero() || poll(&mut ready, timeout.as_ref()) == Ok(0) {
                return Ok(None);
            }
        }
    }
}

impl From<ConnectError> for ClipboardError {
    fn from(error: ConnectError) -> Self {
        Self::Refused(format!("no connection to the X server: {error}"))
    }
}

impl From<ConnectionError> for ClipboardError {
    fn from(error: ConnectionError) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<ReplyError> for ClipboardError {
    fn from(error: ReplyError) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<ReplyOrIdError> for ClipboardError {
    fn from(error: ReplyOrIdError) -> Self {
        Self::Refused(error.to_string())
    }
}
