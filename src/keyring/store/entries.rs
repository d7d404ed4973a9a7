//! mfa's entries in the system's key store, under one service name. Each call has a timeout.

#[cfg(any(test, not(target_os = "linux")))]
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroizing;

use crate::keyring::store::error::StoreError;
use crate::keyring::store::platform;
use crate::platform::timeout::run_with_timeout;

/// Timeout for connecting to the key store: D-Bus may have to start it
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Timeout for a call: the key store may prompt, and the user must find and type a passphrase
const CALL_TIMEOUT: Duration = Duration::from_secs(60);

/// The entries under one service name, one for each vault
pub(in crate::keyring) struct KeyringEntries {
    store: Arc<CredentialStore>,
    service: &'static str,
}

impl KeyringEntries {
    /// Connects to the key store, but makes no call yet.
    pub(in crate::keyring) fn open(service: &'static str) -> Result<Self, StoreError> {
        Ok(Self { store: call(CONNECT_TIMEOUT, platform::open)?, service })
    }

    pub(in crate::keyring) fn read(&self, vault: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        self.with_entry(vault, |entry| {
            unless_missing(entry.get_secret()).map(|secret| secret.map(Zeroizing::new))
        })
    }

    pub(in crate::keyring) fn write(&self, vault: &str, text: Zeroizing<String>) -> Result<(), StoreError> {
        self.with_entry(vault, move |entry| entry.set_secret(text.as_bytes()).map_err(explain))
    }

    /// Removes the entry of a vault, and all its duplicates. Returns whether any existed.
    pub(in crate::keyring) fn remove(&self, vault: &str) -> Result<bool, StoreError> {
        self.with_entry(vault, |entry| match entry.delete_credential() {
            Err(Error::Ambiguous(entries)) => delete(&entries).map(|count| count > 0),
            answer => unless_missing(answer).map(|deleted| deleted.is_some()),
        })
    }

    /// Removes the entries of all vaults. Returns how many existed.
    #[cfg(any(test, not(target_os = "linux")))]
    pub(in crate::keyring) fn clear(&self) -> Result<usize, StoreError> {
        let (store, service) = (self.store.clone(), self.service);
        call(CALL_TIMEOUT, move || {
            // Credential Manager has one name for each entry, which the library builds as `user.service`.
            #[cfg(windows)]
            let (word, value) = ("pattern", format!(r"\.{service}$"));
            #[cfg(not(windows))]
            let (word, value) = ("service", service.to_owned());
            let entries = store.search(&HashMap::from([(word, value.as_str())])).map_err(explain)?;
            delete(&entries)
        })
    }

    /// Calls a function with the entry of a vault.
    fn with_entry<T: Send + 'static>(
        &self,
        vault: &str,
        operation: impl FnOnce(&Entry) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (store, service, vault) = (self.store.clone(), self.service, vault.to_owned());
        call(CALL_TIMEOUT, move || operation(&store.build(service, &vault, None).map_err(explain)?))
    }
}

/// Runs a call of the key store, which may hang or wait for the user.
pub(super) fn call<T: Send + 'static>(
    timeout: Duration,
    call: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    // Each runs in a thread of its own, which has a generator of its own, and encrypts what it sends.
    let seeded = || platform::seed_session_keys().and_then(|()| call());
    run_with_timeout(timeout, seeded).unwrap_or(Err(StoreError::Timeout(timeout.as_secs())))
}

fn delete(entries: &[Entry]) -> Result<usize, StoreError> {
    let mut deleted = 0;
    for entry in entries {
        deleted += usize::from(unless_missing(entry.delete_credential())?.is_some());
    }
    Ok(deleted)
}

fn unless_missing<T>(answer: keyring_core::Result<T>) -> Result<Option<T>, StoreError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(explain(error)),
    }
}

fn explain(error: Error) -> StoreError {
    match error {
        Error::NoStorageAccess(_) => StoreError::Refused,
        // These contain the value itself, so their text must not be printed.
        Error::BadEncoding(value) | Error::BadDataFormat(value, _) => {
            drop(Zeroizing::new(value));
            StoreError::Damaged
        }
        Error::BadStoreFormat(_) | Error::Ambiguous(_) => StoreError::Damaged,
        other => StoreError::Failed(other.to_string()),
    }
}

#[cfg(test)]
impl KeyringEntries {
    /// Returns entries in memory.
    pub(in crate::keyring) fn mock(service: &'static str) -> Self {
        Self { store: keyring_core::mock::Store::new().expect("the mock cannot fail"), service }
    }

    /// Makes the next call for a vault fail.
    pub(in crate::keyring) fn fail_next(&self, vault: &str, error: Error) {
        let entry = self.store.build(self.service, vault, None).expect("a mock");
        entry.as_any().downcast_ref::<keyring_core::mock::Cred>().expect("a mock").set_error(error);
    }
}
