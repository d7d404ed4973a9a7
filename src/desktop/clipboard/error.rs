//! Errors of the clipboard.

use std::io;

use crate::error::{CommandError, ExitCode, cause};
use crate::platform::subprocess::SubprocessError;

/// Why a text could not be copied or pasted
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClipboardError {
    #[error("the clipboard is turned off")]
    Off,
    #[error("unknown clipboard '{0}' in MFA_CLIPBOARD: expected auto, tmux, osc52, system or off")]
    UnknownBackend(String),
    #[error("no clipboard: no display responds")]
    Missing,
    #[error("no terminal to send the text to")]
    NoTerminal,
    #[error("the terminal's clipboard cannot be read, only written")]
    Unreadable,
    #[error("the text is too long for a terminal's clipboard")]
    TooLong,
    #[error("the clipboard does not respond")]
    TimedOut,
    #[error("could not use the clipboard: {0}")]
    Refused(String),
    #[error("could not use the clipboard: {}", cause(.0))]
    Io(#[from] io::Error),
}

impl ClipboardError {
    /// Returns the exit code.
    pub(crate) fn exit(&self) -> ExitCode {
        if matches!(self, Self::UnknownBackend(_)) { ExitCode::Usage } else { ExitCode::Failed }
    }

    /// Returns advice for the user, if there is any.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Off => Some("unset MFA_CLIPBOARD, which is 'off'"),
            Self::Missing => {
                Some("set MFA_CLIPBOARD=osc52 to use the clipboard of the terminal, if it allows it")
            }
            Self::NoTerminal => Some("set MFA_CLIPBOARD to tmux or system"),
            Self::Unreadable => Some("save the text to a file, or pipe it to 'mfa add NAME -'"),
            Self::TimedOut | Self::Refused(_) | Self::Io(_) => {
                Some("set MFA_CLIPBOARD to tmux, osc52 or system")
            }
            Self::UnknownBackend(_) => Some("unset MFA_CLIPBOARD to detect the clipboard"),
            Self::TooLong => None,
        }
    }
}

impl From<SubprocessError> for ClipboardError {
    fn from(error: SubprocessError) -> Self {
        Self::Refused(error.to_string())
    }
}

impl From<ClipboardError> for CommandError {
    fn from(error: ClipboardError) -> Self {
        let (exit, hint) = (error.exit(), error.hint());
        Self::wrap(exit, error).hint_if_any(hint)
    }
}
