//! Replacing the vault and its backup under a lock, so that each is complete at every instant.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use crate::platform::atomic_file::{self, FileId, FolderLock, PendingWrite};
use crate::vault::file::error::FileError;
use crate::vault::file::paths::with_suffix;
use crate::vault::file::vault_file::VaultFile;

/// The lock of a vault, with the version of the vault that it guards
#[derive(Debug)]
pub(super) struct VaultLock {
    folder: FolderLock,
    /// The vault, with all links resolved
    path: PathBuf,
    before: Option<FileId>,
}

impl VaultLock {
    fn vault(&self) -> &OsStr {
        self.path.file_name().unwrap_or_default()
    }

    fn backup_path(&self) -> PathBuf {
        with_suffix(&self.path, ".bak")
    }

    /// Returns whether the vault is the file that was there when the lock was taken. Sync tools take no lock.
    fn is_unchanged(&self) -> io::Result<bool> {
        Ok(match (self.folder.file_id(self.vault())?, &self.before) {
            (Some(now), Some(before)) => now.is_unchanged(before),
            (now, before) => now.is_none() && before.is_none(),
        })
    }
}

impl VaultFile {
    /// Locks the vault against other processes of mfa until the returned lock is dropped.
    pub(super) fn lock(&self, path: &Path) -> Result<VaultLock, FileError> {
        atomic_file::create_folder(atomic_file::folder_of(path)).map_err(|error| self.write_error(error))?;
        let lock = with_suffix(path, ".lock");
        let folder = atomic_file::lock(&lock, path).map_err(|error| match error.kind() {
            io::ErrorKind::WouldBlock => FileError::Locked { path: self.path().to_owned() },
            _ => FileError::Lock { path: lock, error },
        })?;
        let name = path.file_name().unwrap_or_default();
        let before = folder.file_id(name).map_err(|error| self.write_error(error))?;
        Ok(VaultLock { folder, path: path.to_owned(), before })
    }

    /// Writes both files to the disk before it renames the first: if the disk is full, the backup stays unchanged, too.
    pub(super) fn write(
        &self,
        lock: &VaultLock,
        backup: Option<&[u8]>,
        after: &[u8],
    ) -> Result<(), FileError> {
        let (folder, vault, backup_path) = (&lock.folder, lock.vault(), lock.backup_path());
        let backup_name = backup_path.file_name().unwrap_or_default();
        let backup_error =
            |error| self.lost_or(error, |error| FileError::Backup { path: backup_path.clone(), error });
        let vault_error = |error| self.lost_or(error, |error| self.write_error(error));
        folder.remove_stale_temp(backup_name).map_err(backup_error)?;
        let pending = folder.stage(vault, after, vault).map_err(vault_error)?;
        if let Some(bytes) = backup {
            let pending = folder.stage(backup_name, bytes, vault).map_err(backup_error)?;
            self.require_unchanged(lock)?;
            pending.commit().map_err(backup_error)?;
        }
        self.require_unchanged(lock)?;
        pending.commit().map_err(vault_error)
    }

    /// Swaps the vault (`now`) and its backup (`after`). Both files exist at every instant.
    ///
    /// If the system cannot swap files in one step, a process that dies in between may lose the version to be undone, and
    /// nothing else.
    pub(super) fn swap(&self, lock: &VaultLock, now: Option<&[u8]>, after: &[u8]) -> Result<(), FileError> {
        let Some(now) = now else { return self.write(lock, None, after) };
        let (folder, vault, backup_path) = (&lock.folder, lock.vault(), lock.backup_path());
        let backup = backup_path.file_name().unwrap_or_default();
        let backup_error =
            |error| self.lost_or(error, |error| FileError::Backup { path: backup_path.clone(), error });
        let vault_error = |error| self.lost_or(error, |error| self.write_error(error));
        let replace = |name, bytes| folder.stage(name, bytes, vault).and_then(PendingWrite::commit);
        folder.remove_stale_temp(vault).map_err(vault_error)?;
        self.require_unchanged(lock)?;
        replace(backup, after).map_err(backup_error)?;
        self.require_unchanged(lock)?;
        match folder.exchange(vault, backup) {
            Err(error) if error.kind() == io::ErrorKind::Unsupported => {
                replace(vault, after).map_err(vault_error)?;
                replace(backup, now).map_err(backup_error)
            }
            exchanged => exchanged.map_err(vault_error),
        }
    }

    /// Rejects a change if another program replaced the vault since the lock was taken.
    fn require_unchanged(&self, lock: &VaultLock) -> Result<(), FileError> {
        match lock.is_unchanged() {
            Ok(true) => Ok(()),
            Ok(false) => Err(self.changed()),
            Err(error) => Err(self.write_error(error)),
        }
    }

    /// Returns `Changed` if the lock was lost, because another process may have changed the vault.
    fn lost_or(&self, error: io::Error, other: impl FnOnce(io::Error) -> FileError) -> FileError {
        if atomic_file::is_lock_lost(&error) { self.changed() } else { other(error) }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// Locks a vault, lets another program do something, writes, and returns the result with the vault and its backup.
    fn write_after(meanwhile: impl FnOnce(&Path)) -> (Result<(), FileError>, String, String) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.toml");
        fs::write(&path, "old").unwrap();
        fs::write(with_suffix(&path, ".bak"), "older").unwrap();
        let vault = VaultFile::locate(Some(path.clone())).unwrap();
        let lock = vault.lock(&path).unwrap();
        meanwhile(&path);
        let written = vault.write(&lock, Some(b"old"), b"new");
        let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(!names.into_iter().any(|name| name.to_string_lossy().contains(".new")));
        let read = |path: &Path| fs::read_to_string(path).unwrap();
        (written, read(&path), read(&with_suffix(&path, ".bak")))
    }

    fn assert_changed(meanwhile: impl FnOnce(&Path), expected: &str) {
        let (written, vault, backup) = write_after(meanwhile);
        assert!(matches!(written, Err(FileError::Changed { .. })), "{written:?}");
        assert_eq!((vault.as_str(), backup.as_str()), (expected, "older"));
    }

    #[test]
    fn write_replaces_the_vault_and_its_backup() {
        let (written, vault, backup) = write_after(|_| ());
        assert!(written.is_ok(), "{written:?}");
        assert_eq!((vault.as_str(), backup.as_str()), ("new", "old"));
    }

    // Windows removes an open file when it is closed
    #[cfg(unix)]
    #[test]
    fn write_fails_after_the_lock_file_was_removed() {
        assert_changed(|path| fs::remove_file(with_suffix(path, ".lock")).unwrap(), "old");
    }

    #[cfg(unix)]
    #[test]
    fn write_fails_after_the_lock_file_was_replaced() {
        let replace = |path: &Path| {
            let lock = with_suffix(path, ".lock");
            fs::rename(&lock, with_suffix(path, ".away")).unwrap();
            fs::write(&lock, "").unwrap();
        };
        assert_changed(replace, "old");
    }

    #[test]
    fn write_fails_after_a_sync_tool_replaced_the_vault() {
        let replace = |path: &Path| {
            let other = with_suffix(path, ".other");
            fs::write(&other, "theirs").unwrap();
            fs::rename(other, path).unwrap();
        };
        assert_changed(replace, "theirs");
    }

    #[cfg(unix)]
    #[test]
    fn two_locks_are_never_held_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.toml");
        let vault = VaultFile::locate(Some(path.clone())).unwrap();
        fs::write(&path, "old").unwrap();
        let first = vault.lock(&path).unwrap();
        fs::remove_file(with_suffix(&path, ".lock")).unwrap();
        // a second process locks the new file, and changes the vault
        let second = vault.lock(&path).unwrap();
        vault.write(&second, None, b"second").unwrap();
        assert!(matches!(vault.write(&first, None, b"first"), Err(FileError::Changed { .. })));
        assert_eq!(fs::read_to_string(&path).unwrap(), "second");
    }
}
