//! Atomic, durable file replacement and file locks.
//!
//! A folder is opened once, and every file in it is reached by the folder's descriptor. No file in it may be a symbolic
//! link, and only files that this process created change their owner: as root, a path proves nothing.

mod lock;
mod pending;

#[cfg(unix)]
#[path = "unix.rs"]
mod folder;
#[cfg(not(unix))]
#[path = "windows.rs"]
mod folder;
#[cfg(unix)]
mod walk;

use std::ffi::OsStr;
use std::io::{self, Read as _};
use std::path::Path;

pub(crate) use folder::{
    FileId, accepts_files, inode_if_hard_linked, is_exposed, is_open_to_others, require_own_link,
};
pub(crate) use lock::{FolderLock, is_lock_lost, lock};
pub(crate) use pending::{PendingWrite, create, replace};

use folder::{Folder, NO_LOCKS};

/// Returns the folder of a file: `.` for a bare name.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Returns the name of a file in its folder.
fn name_of(path: &Path) -> io::Result<&OsStr> {
    path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidFilename))
}

/// Creates a folder and its missing parents, for their owner only, and flushes them.
pub(crate) fn create_folder(path: &Path) -> io::Result<()> {
    open_or_create(path).map(drop)
}

fn open_or_create(path: &Path) -> io::Result<Folder> {
    match (Folder::open(path), path.file_name()) {
        (Err(error), Some(name)) if error.kind() == io::ErrorKind::NotFound => {
            open_or_create(folder_of(path))?.create_folder(name)
        }
        (Err(error), None) if error.kind() == io::ErrorKind::NotFound && path.parent().is_some() => {
            open_or_create(folder_of(path))?;
            Folder::open(path)
        }
        (opened, _) => opened,
    }
}

/// Reads a file whole. Returns `None` if it does not exist.
///
/// # Errors
/// A symbolic link, a pipe or a device; a file that is larger than `limit` bytes.
pub(crate) fn read(path: &Path, limit: u64) -> io::Result<Option<Vec<u8>>> {
    let folder = match Folder::open(folder_of(path)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened?,
    };
    folder.read_file(name_of(path)?, limit)
}

impl Folder {
    /// Reads a file whole, like [`read`].
    fn read_file(&self, name: &OsStr, limit: u64) -> io::Result<Option<Vec<u8>>> {
        let file = match self.open_file(name, false) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let mut bytes = Vec::new();
        file.take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(Some(bytes)) }
    }
}

/// Rejects pipes and devices, which can be read but neither locked nor replaced. Opening a pipe would wait for its other end.
///
/// # Errors
/// If the path exists and is not a regular file.
pub(crate) fn require_regular_file(path: &Path) -> io::Result<()> {
    match path.metadata() {
        Ok(metadata) if !metadata.is_file() => Err(not_regular()),
        _ => Ok(()),
    }
}

/// Rejects links, pipes and devices.
///
/// # Errors
/// If the path exists and is not a regular file.
pub(crate) fn require_no_link(path: &Path) -> io::Result<()> {
    match path.symlink_metadata() {
        Ok(metadata) if metadata.is_symlink() => Err(is_link()),
        Ok(metadata) if !metadata.is_file() => Err(not_regular()),
        _ => Ok(()),
    }
}

fn not_regular() -> io::Error {
    io::Error::other("it is not a regular file")
}

fn is_link() -> io::Error {
    io::Error::other("it is a symbolic link")
}

/// Returns whether a lock failed because the file system has none, as on some network folders.
pub(crate) fn has_no_locks(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported || error.raw_os_error() == Some(NO_LOCKS)
}
