//! Checking the vault against the pinned state, and pinning a new one.

use crate::vault::Vault;
use crate::vault::file::error::FileError;
use crate::vault::file::vault_file::VaultFile;
use crate::vault::trust_state::{TrustError, TrustState};

impl VaultFile {
    /// Returns the states pinned under each path that leads to the vault.
    ///
    /// # Errors
    /// `PinnedState` if one cannot be read.
    pub(crate) fn pinned_states(&self) -> Result<Vec<TrustState>, FileError> {
        TrustState::load_all(self.path()).map_err(|(path, error)| FileError::PinnedState { path, error })
    }

    /// Returns the state that this machine pinned for the vault, or `None` also if it cannot be read: for hints about the
    /// key only.
    pub(crate) fn known_state(&self) -> Option<TrustState> {
        self.pinned_states().ok()?.into_iter().next()
    }

    /// Returns why the vault, which need not be unlocked, is not the one that this machine expects.
    ///
    /// # Errors
    /// `PinnedState`.
    pub(crate) fn check_locked(&self, vault: &Vault) -> Result<Option<TrustError>, FileError> {
        Ok(self.pinned_states()?.iter().find_map(|pinned| pinned.check_locked(vault)))
    }

    /// Returns why a plain-text or unlocked vault is not the one that this machine expects.
    ///
    /// # Errors
    /// `PinnedState`.
    pub(crate) fn trust_error(&self, vault: &Vault) -> Result<Option<TrustError>, FileError> {
        Ok(self.pinned_states()?.iter().find_map(|pinned| pinned.check_vault(vault)))
    }

    pub(super) fn require_trusted(&self, vault: &Vault) -> Result<(), FileError> {
        self.trust_error(vault)?.map_or(Ok(()), |reason| Err(self.untrusted(reason)))
    }

    pub(crate) fn untrusted(&self, reason: TrustError) -> FileError {
        FileError::Untrusted { path: self.path().to_owned(), reason }
    }

    /// Pins the state of an unlocked vault that was read, if it is news.
    ///
    /// Writes nothing if another process has changed the vault, or its pinned state (`seen`), since the vault was read.
    ///
    /// # Errors
    /// `State` if the state cannot be written.
    pub(crate) fn update_pin(&self, vault: &Vault, seen: &[TrustState]) -> Result<(), FileError> {
        let Some(now) = vault.trust_state() else { return Ok(()) };
        let now = now.with_key_of(seen);
        if !seen.is_empty() && seen.iter().all(|state| *state == now) && seen.len() == self.pin_count() {
            return Ok(());
        }
        let is_current =
            || self.stamp() == vault.stamp && self.pinned_states().is_ok_and(|states| states == seen);
        now.save_pin_if(self.path(), is_current).map_err(|error| FileError::State { error })
    }

    /// Records the next state of an encrypted vault before writing it: the process may die after the write and before
    /// the pin is updated.
    ///
    /// `before` is the state of the vault before the change.
    ///
    /// # Errors
    /// A state folder that cannot be written: this machine could not recognise the changed vault.
    pub(super) fn record_pending(&self, before: Option<TrustState>, vault: &Vault) -> Result<(), FileError> {
        let next = vault.trust_state();
        if before.is_none() && next.is_none() {
            return Ok(());
        }
        let base = self.known_state().or(before).unwrap_or_else(TrustState::plain);
        let pending = base.with_pending(next.as_ref());
        pending.save_pin(self.path()).map_err(|error| FileError::State { error })
    }

    /// Pins the state of an unlocked vault, or that a vault was decrypted.
    ///
    /// # Errors
    /// `State` if the state cannot be written.
    pub(crate) fn save_pin(&self, vault: &Vault) -> Result<(), FileError> {
        let seen = self.pinned_states();
        let now = match vault.trust_state() {
            Some(now) => now.with_key_of(seen.as_deref().unwrap_or_default()),
            None if vault.is_encrypted() || seen.is_ok_and(|seen| seen.is_empty()) => return Ok(()),
            None => TrustState::plain(),
        };
        now.save_pin(self.path()).map_err(|error| FileError::State { error })
    }

    fn pin_count(&self) -> usize {
        TrustState::count(self.path())
    }
}
