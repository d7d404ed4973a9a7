//! Errors of prompts and full-screen views.

use std::io;

use thiserror::Error;

use crate::error::{CommandError, ExitCode, cause};

/// The number of SIGINT on every system that has signals
const SIGINT: i32 = 2;

/// Why a prompt or a full-screen view failed
#[derive(Debug, Error)]
#[cfg_attr(not(unix), expect(dead_code, reason = "Windows has no signals, and no size is checked there"))]
pub(crate) enum TerminalError {
    #[error("no terminal to prompt on")]
    Missing,
    /// SIGINT; the caller cleans up and ends the process with `die_by`
    #[error("interrupted")]
    Interrupted,
    /// Another signal that ends a process; the caller cleans up and ends the process with `die_by`
    #[error("ended by signal {0}")]
    Signalled(i32),
    #[error("no input")]
    EndOfInput,
    /// Input that the prompt rejects, because a part of it may be missing
    #[error("{0}")]
    InvalidInput(&'static str),
    #[error("the terminal is too small: {columns}×{rows} characters, needs {needed_columns}×{needed_rows}")]
    TooSmall { needed_columns: u16, needed_rows: u16, columns: u16, rows: u16 },
    #[error("could not use the terminal: {}", cause(.0))]
    Io(#[from] io::Error),
}

impl TerminalError {
    /// Returns the signal to pass to `die_by` if a signal ended the prompt or the view.
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
