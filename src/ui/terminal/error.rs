//! Why the terminal gave no answer

use std::io;

use thiserror::Error;

use crate::error::{CommandError, ExitCode, cause};

/// SIGINT has this number on every system that has signals
const SIGINT: i32 = 2;

#[derive(Debug, Error)]
#[cfg_attr(not(unix), expect(dead_code, reason = "there are no signals, and no size is known"))]
pub(crate) enum TerminalError {
    #[error("there is no terminal to ask on")]
    Missing,
    /// SIGINT; the caller, once it has cleaned up, ends the process with `die_by`
    #[error("interrupted")]
    Interrupted,
    /// Another signal that ends a process; the caller, once it has cleaned up, ends it with `die_by`
    #[error("ended by signal {0}")]
    Signalled(i32),
    #[error("the input ended before the line did")]
    EndOfInput,
    #[error(
        "the terminal is too small: it has {columns}×{rows} characters, {needed_columns}×{needed_rows} are needed"
    )]
    TooSmall { needed_columns: u16, needed_rows: u16, columns: u16, rows: u16 },
    #[error("could not use the terminal: {}", cause(.0))]
    Io(#[from] io::Error),
}

impl TerminalError {
    /// The signal to give to `die_by`, if it was a signal that ended the question
    pub(crate) fn signal(&self) -> Option<i32> {
        match self {
            Self::Interrupted => Some(SIGINT),
            Self::Signalled(signal) => Some(*signal),
            _ => None,
        }
    }

    #[cfg(unix)]
    pub(super) fn from_signal(signal: i32) -> Self {
        match signal {
            SIGINT => Self::Interrupted,
            other => Self::Signalled(other),
        }
    }

    #[cfg(unix)]
    pub(super) fn invalid(what: &'static str) -> Self {
        Self::Io(io::Error::new(io::ErrorKind::InvalidData, what))
    }
}

impl From<TerminalError> for CommandError {
    fn from(error: TerminalError) -> Self {
        match error.signal() {
            Some(signal) => Self::interrupted(signal, error),
            None if matches!(error, TerminalError::Missing) => Self::wrap(ExitCode::Usage, error),
            None => Self::wrap(ExitCode::Failed, error),
        }
    }
}
