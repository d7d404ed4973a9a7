//! Errors of reading a text or a file, and of single accounts in it.

use crate::otp::{SecretError, UriError};

/// An account that the file has, but that mfa rejects
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {reason}")]
pub(crate) struct RejectedAccount {
    /// The name of the account in the file, safe for a message
    pub(crate) what: String,
    /// Holds no secret
    pub(crate) reason: String,
}

/// The reason why a text or a file has no accounts. It reveals at most names of accounts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FormatError {
    #[error("it is empty")]
    Empty,
    #[error("it is neither an image nor an otpauth URI nor a secret key")]
    Unrecognised,
    #[error("unrecognised format")]
    UnknownFile,
    /// With the number of the first such line
    #[error("line {0} is not UTF-8")]
    NotUtf8(usize),
    #[error("{0}")]
    Uri(#[from] UriError),
    #[error("line {line}: {error}")]
    InLine { line: usize, error: Box<FormatError> },
    #[error("{0}")]
    Secret(#[from] SecretError),
    #[error("{0}")]
    Rejected(#[from] RejectedAccount),
    #[error("it is the output of 'aws iam create-virtual-mfa-device', which has no secret key")]
    AwsWithoutSeed,
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
    #[error("it is damaged: invalid JSON at line {line}, column {column}")]
    Json { line: usize, column: usize },
    #[error("it is damaged: duplicate key at line {line}, column {column}")]
    DuplicateKey { line: usize, column: usize },
    #[error("it is a vault of mfa")]
    OwnVault,
    #[error("it is larger than {0} MiB")]
    TooLarge(usize),
    /// With the name of the key derivation function
    #[error("its {0} parameters need too much time or memory")]
    TooCostly(&'static str),
    #[error("wrong password")]
    WrongPassword,
    #[error("wrong password, or the file is damaged")]
    WrongPasswordOrDamaged,
    /// With the kind of the file and the advice
    #[error("{0}")]
    Unsupported(&'static str),
}

impl FormatError {
    /// Returns the advice for the user.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Secret(error) | Self::Uri(UriError::Secret(error)) => error.hint(),
            Self::NotUtf8(_) => {
                Some("convert it to UTF-8: if it is Latin-1, with 'iconv -f LATIN1 -t UTF-8'")
            }
            Self::OwnVault => Some("mfa vault merge FILE"),
            Self::AwsWithoutSeed => Some("use the file given to '--outfile', which has the secret key"),
            Self::UnknownFile => Some("'mfa help import' lists the files that can be imported"),
            _ => None,
        }
    }
}
