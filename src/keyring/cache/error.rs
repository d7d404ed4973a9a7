//! Errors of the key cache.

use crate::clock::ClockError;
use crate::error::{CommandError, ExitCode};
use crate::keyring::store::StoreError;

/// Reason why the cache could not be used. A key that is not cached is no error.
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "most variants are of the kernel's keyring"))]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CacheError {
    #[error("no kernel keyring: the system lacks it, or the container forbids it")]
    Unavailable,
    #[error("the kernel refuses access to the key of this vault")]
    Refused,
    #[error("the kernel keyring of this user is full")]
    Full,
    #[error("the cached entry of this vault is not a key")]
    Damaged,
    /// The keyring works, but the list of its keys is hidden
    #[error("/proc/keys does not list the cached keys")]
    Unlisted,
    #[error("the id of the vault is not a valid name in a keyring")]
    Name,
    #[error("the kernel keyring failed: {0}")]
    Failed(String),
    #[error(transparent)]
    Clock(#[from] ClockError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<CacheError> for CommandError {
    fn from(error: CacheError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}
