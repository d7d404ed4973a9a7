//! The key of a vault in the system's key store: Secret Service, Keychain or Credential Manager.
//!
//! The key store is an additional way to unlock a vault and never the only one: a lost key store must not be a lost vault.

#[cfg(feature = "key-store")]
mod entries;
#[cfg(not(feature = "key-store"))]
#[path = "unavailable.rs"]
mod entries;
mod error;
#[cfg(feature = "key-store")]
mod platform;

pub(super) use entries::KeyringEntries;
pub(crate) use error::StoreError;

use crate::keyring::{SERVICE, key_text};
use crate::vault::crypto::DataKey;

/// Stores the key of a vault permanently, replaces the stored one, and verifies that it can be read back.
///
/// # Errors
/// The errors of the key store. `NotPersisted` if it returns something else.
pub(crate) fn put(vault: &str, key: &DataKey) -> Result<(), StoreError> {
    write(&KeyringEntries::open(SERVICE)?, vault, key)
}

/// Returns the key of a vault if the key store has it. The key store may show its own prompt.
///
/// # Errors
/// The errors of the key store.
pub(crate) fn get(vault: &str) -> Result<Option<DataKey>, StoreError> {
    read(&KeyringEntries::open(SERVICE)?, vault)
}

/// Removes the entry of a vault, damaged or not. Returns whether it existed.
///
/// # Errors
/// The errors of the key store.
pub(crate) fn forget(vault: &str) -> Result<bool, StoreError> {
    KeyringEntries::open(SERVICE)?.remove(vault)
}

fn write(entries: &KeyringEntries, vault: &str, key: &DataKey) -> Result<(), StoreError> {
    entries.write(vault, key_text::to_base64(key))?;
    match read(entries, vault)? {
        Some(stored) if stored.expose() == key.expose() => Ok(()),
        _ => Err(StoreError::NotPersisted),
    }
}

fn read(entries: &KeyringEntries, vault: &str) -> Result<Option<DataKey>, StoreError> {
    let Some(text) = entries.read(vault)? else { return Ok(None) };
    key_text::from_base64(&text).map(Some).ok_or(StoreError::Damaged)
}

#[cfg(all(test, feature = "key-store"))]
mod tests;
