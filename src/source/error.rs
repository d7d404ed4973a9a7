//! Errors of reading a source.

use std::io;

use crate::desktop::clipboard::ClipboardError;
use crate::desktop::screen::ScreenError;
use crate::error::{CommandError, ExitCode, cause};
use crate::formats::FormatError;
use crate::qr;

/// The reason why a source has no accounts.
///
/// It names the source. Of the content it reveals only a part of a QR code that is not an authenticator's.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SourceError {
    #[error("could not read {name}: {}", cause(error))]
    Read { name: String, error: io::Error },
    #[error("{name} is larger than {limit} MiB")]
    TooLarge { name: String, limit: u64 },
    #[error("no QR code found in {name}")]
    NoCode { name: String },
    #[error("the QR code in {name} is not an authenticator's: it contains {content}")]
    NotAuthenticator { name: String, content: String },
    #[error("could not read {name} as a picture: {error}")]
    Picture { name: String, error: qr::ReadError },
    #[error("{}", describe_format_error(name, error))]
    Format { name: String, error: FormatError },
    #[error("the clipboard holds neither text nor a picture")]
    EmptyClipboard,
    #[error(transparent)]
    Clipboard(#[from] ClipboardError),
    #[error(transparent)]
    Screen(#[from] ScreenError),
}

impl SourceError {
    /// Returns the exit code of a command that fails with this error.
    fn exit(&self) -> ExitCode {
        if let Self::Clipboard(error) = self { error.exit() } else { ExitCode::Failed }
    }

    /// Returns the advice for the user.
    fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoCode { .. } | Self::Picture { error: qr::ReadError::NoCodeInTime, .. } => {
                Some("show the code larger, or crop closer to it, or use the secret key shown beside it")
            }
            Self::Picture { error: qr::ReadError::TooLarge { .. }, .. } => Some("crop it to the code"),
            Self::Format { error, .. } => error.hint(),
            Self::Clipboard(error) => error.hint(),
            Self::Screen(error) => error.hint(),
            _ => None,
        }
    }
}

fn describe_format_error(name: &str, error: &FormatError) -> String {
    match error {
        FormatError::OwnVault => format!("{name} is a vault of mfa"),
        error => format!("no account in {name}: {error}"),
    }
}

impl From<SourceError> for CommandError {
    fn from(error: SourceError) -> Self {
        let (exit, hint) = (error.exit(), error.hint());
        Self::wrap(exit, error).hint_if_any(hint)
    }
}
