//! Errors of the system's key store.

use crate::error::{CommandError, ExitCode};

/// Reason why the key store could not be used. A missing entry is no error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(
    not(feature = "key-store"),
    expect(dead_code, reason = "without a key store only `Unavailable` occurs")
)]
pub(crate) enum StoreError {
    /// No D-Bus session, no service on it, or an mfa built without the feature
    #[error("no key store: {0}")]
    Unavailable(String),
    /// The key store stayed locked or refused access
    #[error("the key store is locked, or refuses access")]
    Refused,
    #[error("the entry in the key store is damaged: remove it and store the key again")]
    Damaged,
    /// The key store hangs, or the user did not answer its prompt; in seconds
    #[error("the key store did not answer within {0} seconds")]
    Timeout(u64),
    /// Reading the key back returned no key or another one
    #[error("the key store accepted the key but does not return it")]
    NotPersisted,
    #[error("the key store failed: {0}")]
    Failed(String),
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}
