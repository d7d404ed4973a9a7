//! Errors of single fields.

use crate::otp::{KeyError, Parameters, SecretError, UriError};

/// The reason why fields are not an account. It holds no secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum InvalidAccount {
    #[error("unsupported type '{0}'")]
    Type(String),
    #[error("the field '{0}' is not text")]
    NotText(&'static str),
    #[error("the field '{0}' is not a whole number")]
    NotNumber(&'static str),
    #[error("the {0} holds control characters, invisible characters or text direction overrides")]
    UnsafeText(&'static str),
    #[error("the names of its groups or tags are too long")]
    Tags,
    #[error("the secret key is not {0}")]
    NotEncoded(&'static str),
    #[error("Steam codes last {default} s, not {0} s", default = Parameters::DEFAULT_PERIOD)]
    SteamPeriod(u64),
    #[error("{0}")]
    Secret(#[from] SecretError),
    #[error("{0}")]
    Key(#[from] KeyError),
    #[error("{0}")]
    Uri(#[from] UriError),
}
