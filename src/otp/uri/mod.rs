//! otpauth URIs: a lenient parser of what occurs in the wild, and an emitter of what every app reads.
//!
//! The rules are those of Google's Key URI format, with the deviations of the apps resolved one by one: nothing is
//! guessed that changes a code.
//!
//! Why not the parser of totp-rs or another library: no library is both lenient and strict enough. totp-rs rejects lower-case
//! parameter values and short secrets that services hand out, and accepts control characters in names.

#[allow(dead_code, reason = "the command that exports is still to come")]
mod emit;
mod parse;
mod query;
mod warning;

pub(crate) use parse::looks_like_uri;
pub(crate) use warning::Warning;

use crate::error::{CommandError, ExitCode};
use crate::otp::{Algorithm, Enrolment, Key, KeyError, Kind, Label, Parameters, Secret, SecretError};

/// An account as a URI describes it, its numbers perhaps such as no key can have
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OtpauthUri {
    pub(crate) kind: Kind,
    pub(crate) issuer: String,
    pub(crate) account_name: String,
    pub(crate) secret: Secret,
    pub(crate) algorithm: Algorithm,
    /// 1 to 9
    pub(crate) digits: u8,
    pub(crate) tags: Vec<String>,
}

/// Why a text gives no account; holds no secret
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UriError {
    #[error("that is not an otpauth URI")]
    NotOtpauth,
    #[error("the line holds more than an otpauth URI, and there is no telling where that ends")]
    NotAlone,
    #[error("unsupported type '{0}' in the otpauth URI")]
    UnsupportedType(String),
    #[error("{0} holds control characters or text direction overrides")]
    UnsafeText(&'static str),
    #[error("the otpauth URI holds two different secret keys")]
    DuplicateSecret,
    #[error("{0}")]
    Secret(#[from] SecretError),
    #[error("{0}")]
    Key(#[from] KeyError),
    #[error("the otpauth URI has '{0}' for the number of digits")]
    BadDigits(String),
    #[error("the otpauth URI has '{0}' for the period")]
    BadPeriod(String),
    #[error("the otpauth URI has '{0}' for the counter")]
    BadCounter(String),
}

impl TryFrom<OtpauthUri> for Enrolment {
    type Error = UriError;

    fn try_from(uri: OtpauthUri) -> Result<Self, UriError> {
        let parameters = Parameters::of_kind(uri.kind, uri.algorithm, uri.digits)?;
        let label = Label { issuer: uri.issuer, account_name: uri.account_name, serial: None };
        Ok(Self { label, tags: uri.tags, key: Key::new(uri.secret, parameters) })
    }
}

impl From<UriError> for CommandError {
    fn from(error: UriError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}

#[cfg(test)]
mod tests;
