//! Restoring the backup of the last change.

use std::io;

use zeroize::Zeroizing;

use crate::otp::Name;
use crate::vault::file::error::FileError;
use crate::vault::file::load::Contents;
use crate::vault::file::update::WriteOptions;
use crate::vault::file::vault_file::VaultFile;
use crate::vault::trust_state::TrustError;
use crate::vault::{Vault, document};

/// A backup that was read and unlocked
struct Backup {
    file: VaultFile,
    /// The file as it is on the disk
    bytes: Zeroizing<Vec<u8>>,
    vault: Vault,
}

impl VaultFile {
    /// Rejects a backup that this program cannot have written.
    ///
    /// This is a plain-text backup of an encrypted vault, or the backup of a different vault. Both vaults are unlocked.
    ///
    /// # Errors
    /// `UnexpectedBackup`.
    pub(crate) fn check_backup_origin(&self, now: &Vault, backup: &Vault) -> Result<(), FileError> {
        let unexpected =
            |reason| Err(FileError::UnexpectedBackup { path: self.backup()?.path().to_owned(), reason });
        let mut pinned = self.pinned_states()?;
        if pinned.is_empty() {
            pinned.extend(now.trust_state());
        }
        let mut reasons = pinned.iter().filter_map(|pinned| pinned.check_vault(backup));
        match reasons.find(|reason| !matches!(reason, TrustError::Rollback { .. })) {
            Some(reason) => unexpected(reason),
            None => Ok(()),
        }
    }

    /// Swaps the vault and its backup. Returns the accounts whose counters stay higher than in the backup.
    ///
    /// `now` unlocks the current vault, and is `None` if that cannot be decrypted. `before` unlocks the backup. If the
    /// user has seen both vaults (`shown`), both must be unchanged. An encrypted backup becomes the next generation, so
    /// that it does not look like a rollback.
    ///
    /// # Errors
    /// The errors of the disk. A backup that is damaged, was tampered with, or has another origin. After an error
    /// nothing is changed.
    pub(crate) fn restore(
        &self,
        now: Option<&WriteOptions<'_>>,
        before: &WriteOptions<'_>,
        shown: Option<[&Vault; 2]>,
    ) -> Result<Vec<Name>, FileError> {
        let path = self.replaceable_path()?;
        let lock = self.lock(&path)?;
        let backup_file = self.backup()?;
        let file = self.read(&path)?.map(|contents| contents.bytes);
        let mut backup = Backup::load(backup_file, before)?;
        let last = self.parse_current(file.as_ref(), now)?;
        self.check_backup_origin(&last, &backup.vault)?;
        if shown.is_some_and(|shown| shown != [&last, &backup.vault]) {
            return Err(self.changed());
        }
        self.known_state().iter().for_each(|pinned| backup.vault.raise_generation_to(pinned));
        let advanced = backup.vault.supersede(&last);
        let after = backup.render()?;
        self.require_size_limit(&after)?;
        self.record_pending(last.trust_state(), &backup.vault)?;
        self.swap(&lock, file.as_ref().map(|bytes| bytes.as_slice()), &after)?;
        let _ = self.save_pin(&backup.vault);
        Ok(advanced)
    }

    /// Returns the current vault, unlocked, or an empty one if it is missing or cannot be decrypted.
    fn parse_current(
        &self,
        bytes: Option<&Zeroizing<Vec<u8>>>,
        options: Option<&WriteOptions<'_>>,
    ) -> Result<Vault, FileError> {
        let Some((bytes, options)) = bytes.zip(options) else { return Ok(Vault::default()) };
        let mut vault = self.parse(bytes)?;
        // the current vault may have been tampered with, but its counters count
        self.unlock(&mut vault, options)?;
        Ok(vault)
    }
}

impl Backup {
    fn load(file: VaultFile, options: &WriteOptions<'_>) -> Result<Self, FileError> {
        let Some(Contents { bytes, .. }) = file.read(file.path())? else {
            let path = file.path().to_owned();
            return Err(FileError::Read { path, error: io::ErrorKind::NotFound.into() });
        };
        let mut vault = file.parse(&bytes)?;
        file.unlock_intact(&mut vault, options, Vault::unlock_edited)?;
        Ok(Self { file, bytes, vault })
    }

    /// Returns the bytes to write: those of the backup, or those of the changed vault.
    fn render(&self) -> Result<Zeroizing<Vec<u8>>, FileError> {
        if self.vault.changes.is_empty() {
            return Ok(self.bytes.clone());
        }
        document::render(Some(&self.bytes), &self.vault)
            .map(|text| Zeroizing::new(text.into_bytes()))
            .map_err(|error| self.file.document_error(error))
    }
}
