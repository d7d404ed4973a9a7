//! The controlling terminal itself (`/dev/tty`; `CONIN$` and `CONOUT$`), so that stdin and stdout stay free for data.
//!
//! A prompt restores the terminal and wipes the typed text on every way out: a line, a signal, an error, a panic.

pub(super) mod deferred_stderr;
mod error;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub(crate) use error::TerminalError;
#[cfg(unix)]
pub(crate) use unix::{
    InterruptibleSleep, die_by, read_hidden_line, read_line, show_live, show_until_key, supports_escapes,
};
#[cfg(windows)]
pub(crate) use windows::{
    InterruptibleSleep, die_by, read_hidden_line, read_line, show_live, show_until_key, supports_escapes,
};
