//! The controlling terminal itself (`/dev/tty`; `CONIN$` and `CONOUT$`), so that stdin and stdout stay free for data
//!
//! Whatever ends a prompt (a line, a signal, an error, a panic), the terminal is left as it was found and what was typed is wiped.

pub(super) mod deferred_stderr;
mod error;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub(crate) use error::TerminalError;
#[cfg(unix)]
pub(crate) use unix::{
    InterruptibleSleep, die_by, hidden_line, line, obeys_escapes, show_live, show_until_key,
};
#[cfg(windows)]
pub(crate) use windows::{
    InterruptibleSleep, die_by, hidden_line, line, obeys_escapes, show_live, show_until_key,
};
