//! Changing the vault under a lock.

use zeroize::Zeroizing;

use crate::vault::crypto::{DataKey, is_age_file};
use crate::vault::file::error::{FileError, MAX_BYTES};
use crate::vault::file::vault_file::VaultFile;
use crate::vault::{Vault, WholeFileCipher, document};

/// The keys and rules for rewriting a vault
#[derive(Debug, Default)]
pub(crate) struct WriteOptions<'a> {
    /// Unlocks an encrypted vault
    pub(crate) key: Option<&'a DataKey>,
    /// Decrypts a vault that is encrypted as a whole
    pub(crate) decrypt_with: Option<&'a WholeFileCipher>,
    /// Encrypts the changed vault as a whole
    pub(crate) encrypt_with: Option<&'a WholeFileCipher>,
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
        let text =
            file.as_ref().map(|bytes| self.decrypt(bytes.clone(), options.decrypt_with)).transpose()?;
        let mut vault = text.as_ref().map_or_else(|| Ok(Vault::default()), |text| self.parse(text))?;
        if options.decrypt_with.is_some() && !file.as_ref().is_some_and(|bytes| is_age_file(bytes)) {
            return Err(self.changed().into());
        }
        if file.is_some() {
            self.unlock(&mut vault, options)?;
        } else {
            self.require_trusted(&vault)?;
        }
        let answer = change(&mut vault)?;
        if !vault.changes.is_empty() {
            let after = self.render(text.as_ref().map(|text| text.as_slice()), &mut vault, options)?;
            let backup = match options.backup {
                BackupPolicy::PreviousVersion => file.as_ref().map(|bytes| bytes.as_slice()),
                BackupPolicy::NewVersion => Some(after.as_bytes()),
                BackupPolicy::Keep => None,
            };
            self.require_size_limit(after.as_bytes())?;
            self.record_pending(&vault)?;
            self.write(&lock, backup, after.as_bytes())?;
            self.save_pin(&vault);
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
            self.pinned_states().iter().for_each(|pinned| vault.raise_generation_to(pinned));
        }
        vault.bump_generation();
        let after = document::render(before, vault).map_err(|error| self.document_error(error))?;
        self.encrypt(Zeroizing::new(after), options.encrypt_with)
    }

    /// Encrypts the text as a whole if there is a `cipher`.
    pub(super) fn encrypt(
        &self,
        text: Zeroizing<String>,
        cipher: Option<&WholeFileCipher>,
    ) -> Result<Zeroizing<String>, FileError> {
        let Some(cipher) = cipher else { return Ok(text) };
        cipher.encrypt(&text).map_err(|error| FileError::Encrypt { path: self.path().to_owned(), error })
    }

    /// Unlocks an encrypted vault and rejects one that was tampered with or is not trusted.
    pub(super) fn unlock(&self, vault: &mut Vault, options: &WriteOptions<'_>) -> Result<(), FileError> {
        match self.unlock_intact(vault, options.key) {
            Err(FileError::Tampered { .. }) if options.allow_tampered => Ok(()),
            Ok(()) if !options.allow_tampered => self.require_trusted(vault),
            result => result,
        }
    }

    /// Unlocks an encrypted vault and rejects one that was tampered with.
    pub(super) fn unlock_intact(&self, vault: &mut Vault, key: Option<&DataKey>) -> Result<(), FileError> {
        if vault.is_encrypted() != key.is_some() {
            return Err(self.changed());
        }
        let findings = key.map_or_else(Vec::new, |key| vault.unlock(key));
        if findings.is_empty() { Ok(()) } else { Err(self.tampered(findings)) }
    }

    /// Rejects a file that mfa could not read again.
    pub(super) fn require_size_limit(&self, after: &[u8]) -> Result<(), FileError> {
        let fits = after.len() as u64 <= MAX_BYTES;
        if fits { Ok(()) } else { Err(FileError::WouldBeTooLarge { path: self.path().to_owned() }) }
    }
}
