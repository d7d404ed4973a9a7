//! Changes the vault.

use crate::error::{CommandError, Result};
use crate::session::Session;
use crate::vault::crypto::{DataKey, VaultHeader, VaultId};
use crate::vault::{BackupPolicy, FileError, Vault, WriteOptions};

impl Session<'_> {
    /// Changes the vault, which `change` sees unlocked. Keeps the vault before the change as the backup.
    pub(crate) fn update<T>(&mut self, change: impl FnOnce(&mut Vault) -> Result<T>) -> Result<T> {
        self.update_with(BackupPolicy::PreviousVersion, change)
    }

    /// Like `update`, with another rule for the backup.
    pub(crate) fn update_with<T>(
        &mut self,
        backup: BackupPolicy,
        change: impl FnOnce(&mut Vault) -> Result<T>,
    ) -> Result<T> {
        let mut change = Some(change);
        // A plain-text vault needs no key: read it only once, under the lock.
        if self.key.is_none() && self.vault.known_state().is_none_or(|state| state.is_plain()) {
            let updated = self.try_update(backup, &mut change);
            if change.is_none() || !updated.as_ref().is_err_and(needs_key) {
                return updated;
            }
        }
        self.prepare_update()?;
        self.try_update(backup, &mut change)
    }

    /// Writes the change with the keys that the session holds. Leaves `change` in place if the vault needs others.
    fn try_update<T>(
        &self,
        backup: BackupPolicy,
        change: &mut Option<impl FnOnce(&mut Vault) -> Result<T>>,
    ) -> Result<T> {
        let options = WriteOptions { key: self.key(), backup, ..WriteOptions::default() };
        self.vault.update(&options, |vault| change.take().expect("a change runs once")(vault))
    }

    /// Returns the data key that was used last, and the id of its vault.
    pub(crate) fn key(&self) -> Option<(VaultId, &DataKey)> {
        self.key.as_ref().map(|(id, key)| (*id, key))
    }

    /// Unlocks the vault before taking the file lock, so that no prompt appears while the lock is held. Returns the
    /// header of an encrypted vault.
    pub(crate) fn prepare_update(&mut self) -> Result<Option<VaultHeader>> {
        let vault = self.vault.load_for_change()?.vault;
        let header = vault.header().cloned();
        if let Some(header) = &header {
            self.data_key(header)?;
        }
        Ok(header)
    }
}

/// Returns whether the vault is encrypted, and was opened without a key.
fn needs_key(error: &CommandError) -> bool {
    matches!(error.downcast_ref(), Some(FileError::Changed { .. }))
}
