//! Changing the vault under a lock.

use zeroize::Zeroizing;

use crate::vault::crypto::{DataKey, TamperFinding, VaultId};
use crate::vault::file::error::{FileError, MAX_BYTES};
use crate::vault::file::vault_file::VaultFile;
use crate::vault::{Vault, document};

/// The keys and rules for rewriting a vault
#[derive(Debug, Default)]
pub(crate) struct WriteOptions<'a> {
    /// Unlocks an encrypted vault, the one with this id
    pub(crate) key: Option<(VaultId, &'a DataKey)>,
    /// Whether to change a vault that was tampered with
    pub(crate) allow_tampered: bool,
    pub(crate) backup: BackupPolicy,
}

/// Contents of the backup after a change
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum BackupPolicy {
    /// The vault before the change
    #[default]
    PreviousVersion,
    /// The changed vault, because the previous version must not stay on the disk
    NewVersion,
    /// The current backup, so that an advanced counter does not overwrite the copy of a removed account
    Keep,
}

impl VaultFile {
    /// Locks and reads the vault, applies `change`, and replaces the file if `change` succeeded and changed something.
    ///
    /// An encrypted vault is unlocked for `change`. The change is on the disk once `update` returns `Ok`.
    ///
    /// # Errors
    /// The errors of `change` and of the disk. `Changed` if another process encrypted or decrypted the vault. `Tampered`
    /// and `Untrusted` if the vault is not in the state that this machine pinned.
    pub(crate) fn update<T, E: From<FileError>>(
        &self,
        options: &WriteOptions<'_>,
        change: impl FnOnce(&mut Vault) -> Result<T, E>,
    ) -> Result<T, E> {
        let path = self.replaceable_path()?;
        let lock = self.lock(&path)?;
        let file = self.read(&path)?.map(|contents| contents.bytes);
        let mut vault = file.as_ref().map_or_else(|| Ok(Vault::default()), |bytes| self.parse(bytes))?;
        if file.is_some() {
            self.unlock(&mut vault, options)?;
        } else {
            self.require_trusted(&vault)?;
        }
        let before = vault.trust_state();
        let answer = change(&mut vault)?;
        if !vault.changes.is_empty() {
            let after = self.render(file.as_ref().map(|bytes| bytes.as_slice()), &mut vault, options)?;
            let backup = match options.backup {
                BackupPolicy::PreviousVersion => file.as_ref().map(|bytes| bytes.as_slice()),
                BackupPolicy::NewVersion => Some(after.as_bytes()),
                BackupPolicy::Keep => None,
            };
            self.require_size_limit(after.as_bytes())?;
            self.record_pending(before, &vault)?;
            self.write(&lock, backup, after.as_bytes())?;
            // the recorded next state covers a pin that cannot be updated
            let _ = self.save_pin(&vault);
        }
        Ok(answer)
    }

    /// Returns the bytes of the changed vault, as the next generation.
    fn render(
        &self,
        before: Option<&[u8]>,
        vault: &mut Vault,
        options: &WriteOptions<'_>,
    ) -> Result<Zeroizing<String>, FileError> {
        if options.allow_tampered {
            self.known_state().iter().for_each(|pinned| vault.raise_generation_to(pinned));
        }
        vault.bump_generation();
        document::render(before, vault).map(Zeroizing::new).map_err(|error| self.document_error(error))
    }

    /// Unlocks an encrypted vault and rejects one that was tampered with or is not trusted.
    pub(super) fn unlock(&self, vault: &mut Vault, options: &WriteOptions<'_>) -> Result<(), FileError> {
        if options.allow_tampered {
            let key = self.require_key(vault, options)?;
            key.map(|key| vault.unlock_edited(key));
            return Ok(());
        }
        self.unlock_intact(vault, options, Vault::unlock)?;
        self.require_trusted(vault)
    }

    /// Unlocks an encrypted vault with `unlock`, and rejects one with findings.
    pub(super) fn unlock_intact(
        &self,
        vault: &mut Vault,
        options: &WriteOptions<'_>,
        unlock: fn(&mut Vault, &DataKey) -> Vec<TamperFinding>,
    ) -> Result<(), FileError> {
        let key = self.require_key(vault, options)?;
        let findings = key.map_or_else(Vec::new, |key| unlock(vault, key));
        if findings.is_empty() { Ok(()) } else { Err(self.tampered(findings)) }
    }

    /// Returns the key of an encrypted vault, or `None` for a plain-text vault.
    ///
    /// # Errors
    /// `Changed` if another process has encrypted, decrypted or rekeyed the vault.
    fn require_key<'a>(
        &self,
        vault: &Vault,
        options: &WriteOptions<'a>,
    ) -> Result<Option<&'a DataKey>, FileError> {
        if vault.header().map(|header| header.id) == options.key.map(|(id, _)| id) {
            return Ok(options.key.map(|(_, key)| key));
        }
        Err(self.changed())
    }

    /// Rejects a file that mfa could not read again.
    pub(super) fn require_size_limit(&self, after: &[u8]) -> Result<(), FileError> {
        let fits = after.len() as u64 <= MAX_BYTES;
        if fits { Ok(()) } else { Err(FileError::WouldBeTooLarge { path: self.path().to_owned() }) }
    }
}
