//! The key of a vault for a time, without a daemon of ours.
//!
//! On Linux in the user's keyring in the kernel, which forgets by itself; elsewhere in the system's key store, with the
//! time until which it holds.

use crate::error::{CommandError, ExitCode};
use crate::keyring::DataKey;

#[cfg(any(test, not(target_os = "linux")))]
#[cfg_attr(target_os = "linux", expect(dead_code, reason = "only its tests run here"))]
mod expiring;
#[cfg(target_os = "linux")]
mod kernel;

#[cfg(not(target_os = "linux"))]
use expiring as place;
#[cfg(target_os = "linux")]
use kernel as place;

/// Why the cache could not be asked. That a key is not in it is no error.
#[cfg_attr(
    not(target_os = "linux"),
    allow(dead_code, reason = "only the kernel's keyring fails in so many ways")
)]
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CacheError {
    /// No such call, or a container's filter forbids it
    #[error("there is no kernel keyring here: the system lacks it, or the container forbids it")]
    Absent,
    #[error("the kernel refuses access to the key of this vault")]
    Refused,
    #[error("the kernel keyring of this user is full")]
    Full,
    #[error("what is cached for this vault is no key")]
    Damaged,
    /// The keyring answers, but the list of its keys is hidden
    #[error("/proc/keys does not list the cached keys")]
    Unlisted,
    #[error("the name of the vault does not fit a keyring")]
    Name,
    #[error("the kernel keyring failed: {0}")]
    Failed(String),
    #[error(transparent)]
    Clock(#[from] crate::clock::ClockError),
    #[error(transparent)]
    Store(#[from] crate::keyring::store::StoreError),
}

/// Keeps the key of a vault, for so many seconds or until the machine restarts, instead of what was kept for it.
///
/// # Errors
/// Those of the place; then nothing new is cached.
pub(crate) fn put(vault: &str, key: &[u8; 32], seconds: Option<u64>) -> Result<(), CacheError> {
    place::put(vault, key, seconds)
}

/// The key of a vault, where it is cached and its time has not passed.
///
/// # Errors
/// Those of the place, and `Damaged`.
pub(crate) fn get(vault: &str) -> Result<Option<DataKey>, CacheError> {
    place::get(vault)
}

/// Forgets the key of a vault; whether there was one.
///
/// # Errors
/// Those of the place.
pub(crate) fn forget(vault: &str) -> Result<bool, CacheError> {
    place::forget(vault)
}

/// Forgets the keys of all vaults; how many there were.
///
/// # Errors
/// Those of the place; what was found until then is forgotten.
pub(crate) fn forget_all() -> Result<usize, CacheError> {
    place::forget_all()
}

impl From<CacheError> for CommandError {
    fn from(error: CacheError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}
