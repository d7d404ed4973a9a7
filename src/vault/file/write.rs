//! Replacing the vault and its backup under a lock, so that each is complete at every instant.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::platform::atomic_file;
use crate::vault::file::error::FileError;
use crate::vault::file::paths::with_suffix;
use crate::vault::file::vault_file::VaultFile;

impl VaultFile {
    /// Locks the vault against other processes of mfa until the returned file is dropped.
    pub(super) fn lock(&self, path: &Path) -> Result<File, FileError> {
        atomic_file::create_folder(atomic_file::folder_of(path)).map_err(|error| self.write_error(error))?;
        let lock = with_suffix(path, ".lock");
        let file = atomic_file::lock(&lock).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => FileError::Locked { path: self.path().to_owned() },
            _ => FileError::Lock { path: lock, error },
        })?;
        atomic_file::copy_owner(path, &file);
        Ok(file)
    }

    /// Writes both files to the disk before it renames the first: if the disk is full, the backup stays unchanged, too.
    pub(super) fn write(&self, path: &Path, backup: Option<&[u8]>, after: &[u8]) -> Result<(), FileError> {
        let backup_path = with_suffix(path, ".bak");
        let backup_error = |error| FileError::Backup { path: backup_path.clone(), error };
        atomic_file::remove_stale_temp(&backup_path).map_err(backup_error)?;
        let vault = atomic_file::stage_locked(path, after).map_err(|error| self.write_error(error))?;
        if let Some(bytes) = backup {
            let backup = atomic_file::stage_locked(&backup_path, bytes).map_err(backup_error)?;
            backup.owned_as(path).commit().map_err(backup_error)?;
        }
        vault.commit().map_err(|error| self.write_error(error))
    }

    /// Swaps the vault (`now`) and its backup (`after`). Both files exist at every instant.
    ///
    /// If the system cannot swap files in one step, a process that dies in between may lose the version to be undone, and
    /// nothing else.
    pub(super) fn swap(&self, path: &Path, now: Option<&[u8]>, after: &[u8]) -> Result<(), FileError> {
        let Some(now) = now else { return self.write(path, None, after) };
        let backup = with_suffix(path, ".bak");
        let backup_error = |error| FileError::Backup { path: backup.clone(), error };
        atomic_file::remove_stale_temp(path).map_err(|error| self.write_error(error))?;
        atomic_file::replace_locked(&backup, after).map_err(backup_error)?;
        match atomic_file::exchange(path, &backup) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                atomic_file::replace_locked(path, after).map_err(|error| self.write_error(error))?;
                atomic_file::replace_locked(&backup, now).map_err(backup_error)
            }
            exchanged => exchanged.map_err(|error| self.write_error(error)),
        }
    }
}
