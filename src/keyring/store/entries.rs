//! Our entries in the system's key store, under one service name, each call with its limit.

#[cfg(any(test, not(target_os = "linux")))]
use std::collections::HashMap;
use std::sync::Arc;

use keyring_core::{CredentialStore, Entry, Error};
use zeroize::Zeroizing;

use crate::keyring::store::limit::{ANSWERING, REACHING, run_with_timeout};
use crate::keyring::store::{StoreError, platform};

/// The entries under a service name, one a vault
pub(in crate::keyring) struct KeyringEntries {
    store: Arc<CredentialStore>,
    service: &'static str,
}

impl KeyringEntries {
    /// Reaches the key store, but asks nothing of it yet.
    pub(in crate::keyring) fn open(service: &'static str) -> Result<Self, StoreError> {
        Ok(Self { store: run_with_timeout(REACHING, platform::open)?, service })
    }

    pub(in crate::keyring) fn read(&self, vault: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        self.ask(vault, |entry| unless_missing(entry.get_secret()).map(|secret| secret.map(Zeroizing::new)))
    }

    pub(in crate::keyring) fn write(&self, vault: &str, text: Zeroizing<String>) -> Result<(), StoreError> {
        self.ask(vault, move |entry| entry.set_secret(text.as_bytes()).map_err(explain))
    }

    /// Removes the entry of a vault, or all that claim to be it; whether there was any.
    pub(in crate::keyring) fn remove(&self, vault: &str) -> Result<bool, StoreError> {
        self.ask(vault, |entry| match entry.delete_credential() {
            Err(Error::Ambiguous(entries)) => delete(&entries).map(|count| count > 0),
            answer => unless_missing(answer).map(|deleted| deleted.is_some()),
        })
    }

    /// Removes the entries of all vaults; how many there were.
    #[cfg(any(test, not(target_os = "linux")))]
    pub(in crate::keyring) fn clear(&self) -> Result<usize, StoreError> {
        let (store, service) = (self.store.clone(), self.service);
        run_with_timeout(ANSWERING, move || {
            // Credential Manager has one name an entry, which its store makes of `user.service`
            #[cfg(windows)]
            let (word, value) = ("pattern", format!(r"\.{service}$"));
            #[cfg(not(windows))]
            let (word, value) = ("service", service.to_owned());
            let entries = store.search(&HashMap::from([(word, value.as_str())])).map_err(explain)?;
            delete(&entries)
        })
    }

    fn ask<T: Send + 'static>(
        &self,
        vault: &str,
        question: impl FnOnce(&Entry) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (store, service, vault) = (self.store.clone(), self.service, vault.to_owned());
        run_with_timeout(ANSWERING, move || question(&store.build(service, &vault, None).map_err(explain)?))
    }
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
        // these carry the value itself, or say that there are several: their text goes nowhere
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
    /// A shelf in memory.
    pub(in crate::keyring) fn mock(service: &'static str) -> Self {
        Self { store: keyring_core::mock::Store::new().expect("it cannot fail"), service }
    }

    /// Makes the next call about a vault fail.
    pub(in crate::keyring) fn fail_next(&self, vault: &str, error: Error) {
        let entry = self.store.build(self.service, vault, None).expect("a mock");
        entry.as_any().downcast_ref::<keyring_core::mock::Cred>().expect("a mock").set_error(error);
    }
}
