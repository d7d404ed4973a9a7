//! How the file, and the backup beside it, are replaced: under a lock, and whole at every instant.

use std::fs::File;
use std::io;
use std::path::Path;

use crate::platform::atomic_file;
use crate::vault::file::{FileError, VaultFile, paths};

impl VaultFile {
    pub(super) fn lock(&self, path: &Path) -> Result<File, FileError> {
        atomic_file::create_folder(atomic_file::folder_of(path)).map_err(|error| self.write_error(error))?;
        let lock = paths::beside(path, ".lock");
        let file = atomic_file::lock(&lock).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => FileError::Locked { path: self.path.clone() },
            _ => FileError::Lock { path: lock, error },
        })?;
        atomic_file::copy_owner(path, &file);
        Ok(file)
    }

    /// Both files are on the disk before the first of them is renamed: a change that a full disk fails leaves the
    /// backup too as it was.
    pub(super) fn write(&self, path: &Path, backup: Option<&[u8]>, after: &[u8]) -> Result<(), FileError> {
        let backup_path = paths::beside(path, ".bak");
        let backup_error = |error| FileError::BackupPolicy { path: backup_path.clone(), error };
        atomic_file::remove_stale_temp(&backup_path).map_err(backup_error)?;
        let vault = atomic_file::stage_locked(path, after).map_err(|error| self.write_error(error))?;
        if let Some(bytes) = backup {
            let backup = atomic_file::stage_locked(&backup_path, bytes).map_err(backup_error)?;
            backup.owned_as(path).commit().map_err(backup_error)?;
        }
        vault.commit().map_err(|error| self.write_error(error))
    }

    /// Puts `after`, which is the backup, in the place of the vault, and the vault in that of the backup, neither being
    /// nowhere at any instant. Where files cannot change places in one step, a process that is killed between the two
    /// may lose what was to be taken back, and nothing else.
    pub(super) fn swap(&self, path: &Path, now: Option<&[u8]>, after: &[u8]) -> Result<(), FileError> {
        let Some(now) = now else { return self.write(path, None, after) };
        let backup = paths::beside(path, ".bak");
        let backup_error = |error| FileError::BackupPolicy { path: backup.clone(), error };
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
