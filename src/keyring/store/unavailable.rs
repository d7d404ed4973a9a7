//! The stub for a program that was built without the key store.

use zeroize::Zeroizing;

use crate::keyring::store::error::StoreError;

/// Has no values, because the key store cannot be opened
pub(in crate::keyring) enum KeyringEntries {}

impl KeyringEntries {
    pub(in crate::keyring) fn open(_service: &'static str) -> Result<Self, StoreError> {
        Err(StoreError::Unavailable("this mfa was built without".to_owned()))
    }

    pub(in crate::keyring) fn read(&self, _vault: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        match *self {}
    }

    pub(in crate::keyring) fn write(&self, _vault: &str, _text: Zeroizing<String>) -> Result<(), StoreError> {
        match *self {}
    }

    pub(in crate::keyring) fn remove(&self, _vault: &str) -> Result<bool, StoreError> {
        match *self {}
    }

    #[cfg(any(test, not(target_os = "linux")))]
    pub(in crate::keyring) fn clear(&self) -> Result<usize, StoreError> {
        match *self {}
    }
}
