//! Why a text or a file gives no accounts.

use crate::formats::{FORMATS, RejectedAccount};
use crate::otp::{SecretError, UriError};

/// Why a text or a file gives no accounts; holds nothing of it but the names of accounts
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FormatError {
    #[error("it is empty")]
    Empty,
    #[error("it is neither an image nor an otpauth URI nor a secret key")]
    Unrecognised,
    #[error("it is no file that can be imported; known are {}", known())]
    UnknownFile,
    /// The first line of those
    #[error("it is text, but line {0} is not UTF-8")]
    NotUtf8(usize),
    #[error("{0}")]
    Uri(#[from] UriError),
    #[error("line {line}: {error}")]
    InLine { line: usize, error: Box<FormatError> },
    #[error("{0}")]
    Secret(#[from] SecretError),
    #[error("{0}")]
    Refused(#[from] RejectedAccount),
    #[error("it is what 'aws iam create-virtual-mfa-device' printed, and holds no secret key")]
    AwsWithoutSeed,
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
    #[error("it is damaged: it is no JSON from line {line}, column {column} on")]
    Json { line: usize, column: usize },
    #[error("it is damaged: a key stands twice, the second time at line {line}, column {column}")]
    DuplicateKey { line: usize, column: usize },
    #[error("it is a vault of mfa")]
    OwnVault,
    #[error("it is larger than {0} MiB")]
    TooLarge(usize),
    /// The key derivation function
    #[error("opening it would take more time or memory than a sane file asks for ({0})")]
    TooCostly(&'static str),
    #[error("the password is wrong")]
    WrongPassword,
    #[error("the password is wrong, or the file is damaged")]
    WrongPasswordOrDamaged,
    /// What it is, and what to do instead
    #[error("{0}")]
    Unsupported(&'static str),
}

impl FormatError {
    /// What the user can do about it
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Secret(error) | Self::Uri(UriError::Secret(error)) => error.hint(),
            Self::NotUtf8(_) => Some("iconv -f LATIN1 -t UTF-8 makes it UTF-8, if it is in Latin-1"),
            Self::OwnVault => Some("mfa merge FILE"),
            Self::AwsWithoutSeed => Some("the secret is in the file that was given as --outfile"),
            _ => None,
        }
    }
}

fn known() -> String {
    let mut apps: Vec<&str> = Vec::new();
    for app in FORMATS.iter().map(|format| format.app) {
        if !app.is_empty() && !apps.contains(&app) {
            apps.push(app);
        }
    }
    apps.join(", ")
}
