//! The new content of a file: a temporary file beside it, renamed over it.

use std::ffi::{OsStr, OsString};
use std::fs::{File, TryLockError};
use std::io::{self, Write as _};
use std::path::Path;

use super::folder::{FileId, Folder, restrict, restrict_existing, set_owner};
use super::lock::FolderLock;
use super::{folder_of, name_of};

/// Random bytes in the name of a temporary file that no lock guards
const UNIQUE_BYTES: usize = 4;

/// Most tries if other processes remove the temporary file each time
const MAX_TRIES: usize = 100;

/// Replaces a file by `bytes`, readable by its owner only, who is the user that runs mfa.
///
/// Writes a temporary file beside it, flushes it, renames it over the file and flushes the folder: at every instant the file is
/// the old or the new one, whole. Removes the temporary files of killed processes for the same file.
///
/// # Errors
/// If the disk refuses a step. The bytes are durable only after `Ok`; after an error the file is most likely the old one.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (folder, name) = (Folder::open(folder_of(path))?, name_of(path)?);
    remove_abandoned(&folder, name);
    create_unique(&folder, name)?.fill(bytes)?.sync()?.commit()
}

/// Creates a temporary file whose lock this process holds: another process takes an unlocked one for abandoned.
fn create_unique<'a>(folder: &'a Folder, name: &OsStr) -> io::Result<PendingWrite<'a>> {
    for _ in 0..MAX_TRIES {
        let pending = PendingWrite::new(folder, None, name, &unique_suffix()?)?;
        match pending.file.try_lock() {
            Ok(()) if pending.is_ours()? => return Ok(pending),
            // a file system without locks keeps abandoned files, too
            Err(TryLockError::Error(_)) => return Ok(pending),
            // another process took it for abandoned before it was locked
            Ok(()) | Err(TryLockError::WouldBlock) => {}
        }
    }
    Err(io::ErrorKind::WouldBlock.into())
}

/// Creates a file that only its owner can read. Removes it again if it could not be written whole.
///
/// # Errors
/// `AlreadyExists` if the path exists; otherwise the error of the disk.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (folder, name) = (Folder::open(folder_of(path))?, name_of(path)?);
    let mut file = folder.create_file(name)?;
    let written = restrict(&file).and_then(|()| file.write_all(bytes)).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = folder.remove(name);
    }
    written
}

impl FolderLock {
    /// Replaces a file like [`replace()`]. Root keeps its owner, and gives a new file to the owner of the folder.
    ///
    /// The temporary file always has the same name, so that the next change removes one that a killed process left.
    pub(crate) fn replace(&self, name: &OsStr, bytes: &[u8]) -> io::Result<()> {
        self.stage_state(name, bytes)?.sync()?.commit()
    }

    /// Replaces a file like [`FolderLock::replace`], but flushes nothing: after a power cut the file may be empty.
    pub(crate) fn replace_unflushed(&self, name: &OsStr, bytes: &[u8]) -> io::Result<()> {
        self.stage_state(name, bytes)?.rename()
    }

    fn stage_state(&self, name: &OsStr, bytes: &[u8]) -> io::Result<PendingWrite<'_>> {
        self.remove_stale_temp(name)?;
        let pending = PendingWrite::new(&self.folder, Some(self), name, "")?;
        set_owner(&pending.file, self.folder.owner_of(name).or_else(|| self.folder.owner()));
        pending.fill(bytes)
    }

    /// Writes and flushes the temporary file, which is all that a full disk can refuse. The file changes at `commit`.
    ///
    /// Root gives it to the owner of the file `owned_as`.
    pub(crate) fn stage(&self, name: &OsStr, bytes: &[u8], owned_as: &OsStr) -> io::Result<PendingWrite<'_>> {
        self.remove_stale_temp(name)?;
        let pending = PendingWrite::new(&self.folder, Some(self), name, "")?;
        set_owner(&pending.file, self.folder.owner_of(owned_as));
        pending.fill(bytes)?.sync()
    }

    /// Removes the temporary file that a killed process left beside a file.
    pub(crate) fn remove_stale_temp(&self, name: &OsStr) -> io::Result<()> {
        self.folder.remove(&temporary_name(name, ""))
    }

    /// Removes a file, if it exists.
    pub(crate) fn remove(&self, name: &OsStr) -> io::Result<()> {
        self.require_held()?;
        self.folder.remove(name)
    }

    /// Exchanges two files in one step, and restricts both to their owner.
    ///
    /// # Errors
    /// `Unsupported` if the system or the file system cannot exchange files in one step. Nothing has changed then.
    pub(crate) fn exchange(&self, a: &OsStr, b: &OsStr) -> io::Result<()> {
        for name in [a, b] {
            restrict_existing(&self.folder.open_file(name, false)?)?;
        }
        self.require_held()?;
        self.folder.exchange(a, b)?;
        self.folder.sync()
    }
}

/// The new content of a file, in a temporary file beside it, which is removed unless it is renamed
#[derive(Debug)]
pub(crate) struct PendingWrite<'a> {
    folder: &'a Folder,
    lock: Option<&'a FolderLock>,
    name: OsString,
    temporary: OsString,
    file: File,
    is_renamed: bool,
}

impl<'a> PendingWrite<'a> {
    fn new(folder: &'a Folder, lock: Option<&'a FolderLock>, name: &OsStr, suffix: &str) -> io::Result<Self> {
        let temporary = temporary_name(name, suffix);
        let file = folder.create_file(&temporary)?;
        let pending = Self { folder, lock, name: name.to_owned(), temporary, file, is_renamed: false };
        restrict(&pending.file)?;
        Ok(pending)
    }

    fn fill(mut self, bytes: &[u8]) -> io::Result<Self> {
        self.file.write_all(bytes)?;
        Ok(self)
    }

    fn sync(self) -> io::Result<Self> {
        self.file.sync_all()?;
        Ok(self)
    }

    /// Renames the temporary file over the file, and flushes the folder.
    ///
    /// # Errors
    /// A lock that was lost meanwhile; otherwise the error of the disk.
    pub(crate) fn commit(self) -> io::Result<()> {
        let folder = self.folder;
        self.rename()?;
        folder.sync()
    }

    fn rename(mut self) -> io::Result<()> {
        self.lock.map_or(Ok(()), FolderLock::require_held)?;
        if !self.is_ours()? {
            return Err(io::Error::other("another process replaced the temporary file"));
        }
        self.folder.rename(&self.temporary, &self.name)?;
        self.is_renamed = true;
        Ok(())
    }

    /// Returns whether the temporary file is the one that this process has written.
    fn is_ours(&self) -> io::Result<bool> {
        let ours = FileId::from_file(&self.file)?;
        Ok(self.folder.id(&self.temporary)?.is_some_and(|there| there.is_same_file(&ours)))
    }
}

impl Drop for PendingWrite<'_> {
    fn drop(&mut self) {
        if !self.is_renamed && self.is_ours().unwrap_or(true) {
            let _ = self.folder.remove(&self.temporary);
        }
    }
}

/// Removes the temporary files that killed processes left beside a file. Ignores errors: the write is another matter.
fn remove_abandoned(folder: &Folder, name: &OsStr) {
    let prefix = temporary_name(name, "");
    for name in folder.names().unwrap_or_default() {
        let rest = name.as_encoded_bytes().strip_prefix(prefix.as_encoded_bytes());
        let is_temporary =
            rest.is_some_and(|rest| rest.len() == 2 * UNIQUE_BYTES && rest.iter().all(u8::is_ascii_hexdigit));
        // a running process holds the lock of its file
        if is_temporary && folder.open_file(&name, false).is_ok_and(|file| file.try_lock().is_ok()) {
            let _ = folder.remove(&name);
        }
    }
}

fn unique_suffix() -> io::Result<String> {
    let mut bytes = [0; UNIQUE_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
    Ok(data_encoding::HEXLOWER.encode(&bytes))
}

/// Returns the name of the temporary file: `.vault.toml.new` and the suffix.
fn temporary_name(name: &OsStr, suffix: &str) -> OsString {
    let mut temporary = OsString::from(".");
    temporary.push(name);
    temporary.push(".new");
    temporary.push(suffix);
    temporary
}
