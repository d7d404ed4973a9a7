//! The key of a vault in the system's key store: Secret Service, Keychain or Credential Manager.
//!
//! It is one more way to unlock and never the only one: a lost key store must not be a lost vault.

use crate::error::{CommandError, ExitCode};
use crate::keyring::{DataKey, SERVICE, data_key};

#[cfg(feature = "key-store")]
mod entries;
#[cfg(not(feature = "key-store"))]
#[path = "unavailable.rs"]
mod entries;
#[cfg(feature = "key-store")]
mod limit;
#[cfg(feature = "key-store")]
mod platform;

pub(super) use entries::KeyringEntries;

/// Why the key store could not be used. That it has no entry is no error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[cfg_attr(
    not(feature = "key-store"),
    expect(dead_code, reason = "without a key store none of the others happens")
)]
pub(crate) enum StoreError {
    /// Nothing there to ask: no D-Bus session, no service on it, or a program built without
    #[error("there is no key store here: {0}")]
    Unavailable(String),
    /// It is there, but locked and not unlocked, or access was refused
    #[error("the key store is locked, or refuses access")]
    Refused,
    #[error("the entry in the key store is damaged: forget it and store the key anew")]
    Damaged,
    /// It hangs, or its prompt was not answered
    #[error("the key store did not answer run_with_timeout {0} seconds")]
    Timeout(u64),
    /// What was stored does not come back
    #[error("the key store took the key but does not give it back")]
    NotPersisted,
    #[error("the key store failed: {0}")]
    Failed(String),
}

/// Stores the key of a vault for good, instead of what was stored for it; success means that it was read back.
///
/// # Errors
/// Those of the key store; `Unkept` where something else came back.
pub(crate) fn put(vault: &str, key: &[u8; 32]) -> Result<(), StoreError> {
    put_on(&KeyringEntries::open(SERVICE)?, vault, key)
}

/// The key of a vault, where the key store has one. May show the key store's own prompt.
///
/// # Errors
/// Those of the key store.
pub(crate) fn get(vault: &str) -> Result<Option<DataKey>, StoreError> {
    get_from(&KeyringEntries::open(SERVICE)?, vault)
}

/// Deletes what the key store has for a vault, damaged or not; whether there was anything.
///
/// # Errors
/// Those of the key store.
pub(crate) fn forget(vault: &str) -> Result<bool, StoreError> {
    KeyringEntries::open(SERVICE)?.remove(vault)
}

fn put_on(shelf: &KeyringEntries, vault: &str, key: &[u8; 32]) -> Result<(), StoreError> {
    shelf.write(vault, data_key::to_base64(key))?;
    match get_from(shelf, vault)? {
        Some(kept) if *kept == *key => Ok(()),
        _ => Err(StoreError::NotPersisted),
    }
}

fn get_from(shelf: &KeyringEntries, vault: &str) -> Result<Option<DataKey>, StoreError> {
    let Some(text) = shelf.read(vault)? else {
        return Ok(None);
    };
    data_key::from_base64(&text).map(Some).ok_or(StoreError::Damaged)
}

#[cfg(all(test, feature = "key-store"))]
mod tests;

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}
