//! The lock file beside the files that a process replaces.

use std::ffi::{OsStr, OsString};
use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use super::folder::{FileId, Folder, restrict, set_owner};
use super::{folder_of, name_of};
use crate::platform::timeout;

/// The longest wait for the lock, during which many changes by other processes fit
const LOCK_TIMEOUT: Duration = Duration::from_secs(20);

/// Most tries if another program removes the lock file each time
const MAX_TRIES: usize = 100;

/// A folder whose lock this process holds, and no other process of mfa
#[derive(Debug)]
pub(crate) struct FolderLock {
    pub(super) folder: Folder,
    name: OsString,
    file: File,
}

/// The lock file is not the one that this process has locked, so another process may hold the lock, too
#[derive(Debug, thiserror::Error)]
#[error("another process replaced the lock file")]
struct LockLost;

/// Takes the lock, and waits while another process holds it. The lock file is separate, because the file that it guards is
/// replaced.
///
/// Root gives a new lock file to the owner of the guarded file, or else of the folder.
///
/// # Errors
/// `WouldBlock` if another process holds the lock for 20 s. A lock file that is a symbolic link. Otherwise the error of the
/// disk.
pub(crate) fn lock(path: &Path, guarded: &Path) -> io::Result<FolderLock> {
    let (folder, name) = (Folder::open(folder_of(path))?, name_of(path)?);
    for _ in 0..MAX_TRIES {
        let Some(file) = open_lock(&folder, name, name_of(guarded)?)? else { continue };
        let file = take(file)?;
        if is_current(&folder, name, &file)? {
            return Ok(FolderLock { folder, name: name.to_owned(), file });
        }
    }
    Err(io::ErrorKind::WouldBlock.into())
}

/// Opens the lock file, or creates it. Returns `None` if another program removed it in between.
///
/// The file stays empty, and is never renamed or removed, because a process may hold it.
fn open_lock(folder: &Folder, name: &OsStr, guarded: &OsStr) -> io::Result<Option<File>> {
    match folder.create_file(name) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => match folder.open_file(name, true) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            opened => opened.map(Some),
        },
        created => {
            let file = created?;
            restrict(&file)?;
            set_owner(&file, folder.owner_of(guarded).or_else(|| folder.owner()));
            Ok(Some(file))
        }
    }
}

fn take(file: File) -> io::Result<File> {
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::Error(error)) if error.kind() != io::ErrorKind::Interrupted => Err(error),
        Err(_) => wait_for_lock(file),
    }
}

/// Waits in the system's queue, because a process that only retries may find the lock taken each time. A lock that arrives
/// after the timeout is released at once, because its file is closed.
fn wait_for_lock(file: File) -> io::Result<File> {
    let locked = move || loop {
        match file.lock() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            locked => return locked.map(|()| file),
        }
    };
    timeout::run_with_timeout(LOCK_TIMEOUT, locked).unwrap_or_else(|| Err(io::ErrorKind::WouldBlock.into()))
}

/// Returns whether the locked file is still the one that the next process would lock.
fn is_current(folder: &Folder, name: &OsStr, file: &File) -> io::Result<bool> {
    let (there, ours) = (folder.id(name)?, FileId::from_file(file)?);
    Ok(there.is_some_and(|there| there.is_same_file(&ours)))
}

impl FolderLock {
    /// Rejects a change if a sync tool, for example, removed or replaced the lock file since it was locked.
    pub(super) fn require_held(&self) -> io::Result<()> {
        if is_current(&self.folder, &self.name, &self.file)? {
            Ok(())
        } else {
            Err(io::Error::other(LockLost))
        }
    }

    /// Reads a file in the folder whole. Returns `None` if it does not exist.
    pub(crate) fn read(&self, name: &OsStr, limit: u64) -> io::Result<Option<Vec<u8>>> {
        self.folder.read_file(name, limit)
    }

    /// Returns the metadata of a file in the folder, and `None` if it does not exist.
    pub(crate) fn file_id(&self, name: &OsStr) -> io::Result<Option<FileId>> {
        self.folder.id(name)
    }
}

/// Returns whether a write failed because the lock file was removed or replaced meanwhile.
pub(crate) fn is_lock_lost(error: &io::Error) -> bool {
    error.get_ref().and_then(|error| error.downcast_ref::<LockLost>()).is_some()
}
