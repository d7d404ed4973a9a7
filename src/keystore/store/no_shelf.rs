//! A program built without the key store: there is none.

use zeroize::Zeroizing;

use super::StoreError;

/// What cannot be opened here, and so has no values
pub(in crate::keystore) enum Shelf {}

impl Shelf {
    pub(in crate::keystore) fn open(_service: &'static str) -> Result<Self, StoreError> {
        Err(StoreError::Absent("this mfa was built without".to_owned()))
    }

    pub(in crate::keystore) fn read(&self, _vault: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        match *self {}
    }

    pub(in crate::keystore) fn write(
        &self,
        _vault: &str,
        _text: Zeroizing<String>,
    ) -> Result<(), StoreError> {
        match *self {}
    }

    pub(in crate::keystore) fn remove(&self, _vault: &str) -> Result<bool, StoreError> {
        match *self {}
    }

    #[cfg(any(test, not(target_os = "linux")))]
    pub(in crate::keystore) fn clear(&self) -> Result<usize, StoreError> {
        match *self {}
    }
}
