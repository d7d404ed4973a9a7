//! Texts that describe accounts, recognised by their content: one file a format, bytes to accounts, no disk.

mod aws;
mod seed;
mod uri_list;

pub(crate) use seed::looks_like_code;
pub(crate) use uri_list::is_payload;

use crate::otp::{Enrolment, SecretError, UriError, Warning};

/// An account as it was found, and what was unusual about it
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) enrolment: Enrolment,
    pub(crate) warnings: Vec<Warning>,
    /// Out of a picture: which try at reading it succeeded
    pub(crate) attempt: Option<&'static str>,
}

/// Why a text gives no account; holds nothing of the text
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FormatError {
    #[error("it is empty")]
    Empty,
    #[error("it is neither an image nor an otpauth URI nor a secret key")]
    Unrecognised,
    #[error("{0}")]
    Uri(#[from] UriError),
    #[error("line {line}: {error}")]
    UriInLine { line: usize, error: UriError },
    #[error("{0}")]
    Secret(#[from] SecretError),
    #[error("it is a code to move accounts out of Google Authenticator, which this version does not read")]
    Migration,
    #[error("it is what 'aws iam create-virtual-mfa-device' printed, and holds no secret key")]
    AwsWithoutSeed,
    #[error("it is damaged: {0}")]
    Damaged(&'static str),
}

impl FormatError {
    /// What the user can do about it
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Secret(error) | Self::Uri(UriError::Secret(error)) => error.hint(),
            Self::AwsWithoutSeed => Some("the secret is in the file that was given as --outfile"),
            Self::Migration => Some("show the QR code of the single account instead"),
            _ => None,
        }
    }
}

/// Reads the accounts out of a text: otpauth URIs, what AWS prints, or one secret key.
///
/// # Errors
/// A text of no known kind, or one whose accounts cannot all be read.
pub(crate) fn read(text: &str) -> Result<Vec<Found>, FormatError> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.is_empty() {
        Err(FormatError::Empty)
    } else if is_payload(text) {
        uri_list::read(text)
    } else if text.starts_with('{') {
        Ok(vec![aws::read(text)?])
    } else {
        Ok(vec![seed::read(text)?])
    }
}
