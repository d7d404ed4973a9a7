//! Why there is nothing to copy to or to paste from.

use std::io;

use crate::error::{CommandError, ExitCode, cause};
use crate::platform::subprocess::SubprocessError;

#[derive(Debug, thiserror::Error)]
pub(crate) enum ClipboardError {
    #[error("the clipboard is turned off")]
    Off,
    #[error("the variable MFA_CLIPBOARD is '{0}': auto, tmux, osc52, system and off are known")]
    UnknownChoice(String),
    #[error("there is no clipboard here: no display that answers")]
    Missing,
    #[error("there is no terminal whose clipboard could be used")]
    NoTerminal,
    #[error("a terminal's clipboard can be written, not read")]
    Unreadable,
    #[error("the text is too long for a terminal's clipboard")]
    TooLong,
    #[error("the clipboard gives no answer")]
    Silent,
    #[error("the clipboard cannot be used: {0}")]
    Refused(String),
    #[error("the clipboard cannot be used: {}", cause(.0))]
    Io(#[from] io::Error),
}

impl ClipboardError {
    pub(crate) fn exit(&self) -> ExitCode {
        if matches!(self, Self::UnknownChoice(_)) { ExitCode::Usage } else { ExitCode::Failed }
    }

    /// What the user can do about it
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Off => Some("the variable MFA_CLIPBOARD says 'off'"),
            Self::Missing => {
                Some("MFA_CLIPBOARD=osc52 uses the clipboard of the terminal, if that allows it")
            }
            Self::NoTerminal => Some("the variable MFA_CLIPBOARD chooses another: tmux or system"),
            Self::Unreadable => Some("save it to a file, or pipe it to 'mfa add NAME -'"),
            Self::Silent | Self::Refused(_) | Self::Io(_) => {
                Some("the variable MFA_CLIPBOARD chooses another: tmux, osc52 or system")
            }
            Self::UnknownChoice(_) => Some("unset it: 'auto' finds the one that is here"),
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
