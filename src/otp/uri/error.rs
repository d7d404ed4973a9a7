//! The errors of parsing an otpauth URI.

use crate::error::{CommandError, ExitCode};
use crate::otp::{KeyError, SecretError};

/// The reason why a text is not an account. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UriError {
    #[error("not an otpauth URI")]
    NotOtpauth,
    #[error("the line holds more than an otpauth URI, so its end is ambiguous")]
    NotAlone,
    #[error("unsupported type '{0}' in the otpauth URI")]
    UnsupportedType(String),
    #[error("{0} holds control characters, invisible characters or text direction overrides")]
    UnsafeText(&'static str),
    #[error("the otpauth URI has two different secret keys")]
    DuplicateSecret,
    #[error("{0}")]
    Secret(#[from] SecretError),
    #[error("{0}")]
    Key(#[from] KeyError),
    #[error("invalid number of digits '{0}' in the otpauth URI")]
    BadDigits(String),
    #[error("invalid period '{0}' in the otpauth URI")]
    BadPeriod(String),
    #[error("invalid counter '{0}' in the otpauth URI")]
    BadCounter(String),
}

impl From<UriError> for CommandError {
    fn from(error: UriError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}
