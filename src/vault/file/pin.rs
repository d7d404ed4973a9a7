//! Checking the vault against the pinned state, and pinning a new one.

use crate::vault::Vault;
use crate::vault::file::error::FileError;
use crate::vault::file::vault_file::VaultFile;
use crate::vault::trust_state::{TrustError, TrustState};

impl VaultFile {
    /// Returns the state that this machine pinned for the vault.
    pub(crate) fn pinned_state(&self) -> Option<TrustState> {
        TrustState::load(self.path())
    }

    /// Returns the states pinned under each path that leads to the vault.
    pub(crate) fn pinned_states(&self) -> Vec<TrustState> {
        TrustState::load_all(self.path()).collect()
    }

    /// Returns why a plain-text or unlocked vault is not the one that this machine expects.
    pub(crate) fn trust_error(&self, vault: &Vault) -> Option<TrustError> {
        self.pinned_states().iter().find_map(|pinned| pinned.check_vault(vault))
    }

    pub(super) fn require_trusted(&self, vault: &Vault) -> Result<(), FileError> {
        match self.trust_error(vault) {
            Some(reason) => Err(FileError::Untrusted { path: self.path().to_owned(), reason }),
            None => Ok(()),
        }
    }

    /// Pins the state of a vault that was read, unless a newer one has been pinned meanwhile.
    pub(crate) fn update_pin(&self, vault: &Vault) {
        if self.trust_error(vault).is_none() {
            self.save_pin(vault);
        }
    }

    /// Records the next state before writing it, if the trust check would reject that state.
    ///
    /// The process may die after the write and before the pin is updated.
    ///
    /// # Errors
    /// A state folder that cannot be written: this machine would reject the changed vault.
    pub(super) fn record_pending(&self, vault: &Vault) -> Result<(), FileError> {
        match self.pinned_state().filter(|_| self.trust_error(vault).is_some()) {
            Some(pinned) => {
                let pending = pinned.with_pending(vault);
                pending.save_pin(self.path()).map_err(|error| FileError::State { error })
            }
            None => Ok(()),
        }
    }

    /// Pins the state of an unlocked vault, and forgets the pin of a vault that is plain text now.
    ///
    /// Ignores errors: mfa works without a writable state folder.
    pub(crate) fn save_pin(&self, vault: &Vault) {
        let before = self.pinned_state();
        match vault.trust_state() {
            Some(now) => {
                let has_stored_key = before.is_some_and(|pinned| pinned.has_stored_key(now.id()));
                let _ = now.with_stored_key(has_stored_key).save_pin(self.path());
            }
            None if before.is_some() && !vault.is_encrypted() => TrustState::forget(self.path()),
            None => {}
        }
    }
}
