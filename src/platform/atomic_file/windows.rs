//! Windows: the folders of a user's profile give access to that user only, a folder cannot be flushed, and a file cannot be
//! replaced while another process reads it.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

use super::{is_link, not_regular};

/// `ERROR_ACCESS_DENIED` and `ERROR_SHARING_VIOLATION`: the errors for a file that another process has open
const OPEN_ELSEWHERE: [i32; 2] = [5, 32];

/// The longest wait for other processes: a reader closes the file at once, a virus scanner soon
const READERS_TIMEOUT: Duration = Duration::from_secs(5);
const READERS_PAUSE: Duration = Duration::from_millis(5);

/// `ERROR_INVALID_FUNCTION`
pub(super) const NO_LOCKS: i32 = 1;

/// A folder by its path
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
}

/// Windows has no owner to keep
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner;

/// The metadata that tell one version of a file from another
#[derive(Debug, Clone, Copy)]
pub(crate) struct FileId {
    bytes: u64,
    modified: Option<SystemTime>,
}

impl FileId {
    pub(super) fn from_file(file: &File) -> io::Result<Self> {
        file.metadata().map(|metadata| Self::from_metadata(&metadata))
    }

    fn from_metadata(metadata: &Metadata) -> Self {
        Self { bytes: metadata.len(), modified: metadata.modified().ok() }
    }

    /// Returns `true`: without inodes, a file is the one that has its name.
    pub(super) fn is_same_file(&self, _: &Self) -> bool {
        true
    }

    /// Returns whether nothing was written in between.
    pub(crate) fn is_unchanged(&self, other: &Self) -> bool {
        (self.bytes, self.modified) == (other.bytes, other.modified)
    }
}

impl Folder {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        if path.metadata()?.is_dir() {
            Ok(Self { path: path.to_owned() })
        } else {
            Err(io::ErrorKind::NotADirectory.into())
        }
    }

    pub(super) fn create_folder(&self, name: &OsStr) -> io::Result<Self> {
        let path = self.path.join(name);
        match fs::create_dir(&path) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
            _ => Self::open(&path),
        }
    }

    pub(super) fn create_file(&self, name: &OsStr) -> io::Result<File> {
        File::options().write(true).create_new(true).open(self.path.join(name))
    }

    /// Opens a regular file, for writing or for reading.
    pub(super) fn open_file(&self, name: &OsStr, for_writing: bool) -> io::Result<File> {
        let path = self.path.join(name);
        let metadata = path.symlink_metadata()?;
        if metadata.is_symlink() {
            return Err(is_link());
        }
        if !metadata.is_file() {
            return Err(not_regular());
        }
        File::options().read(!for_writing).write(for_writing).open(path)
    }

    /// Returns the metadata of a file, and `None` if it does not exist.
    pub(super) fn id(&self, name: &OsStr) -> io::Result<Option<FileId>> {
        match self.path.join(name).symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            metadata => Ok(Some(FileId::from_metadata(&metadata?))),
        }
    }

    #[allow(clippy::unused_self, reason = "other systems look at the file")]
    pub(super) fn owner_of(&self, _: &OsStr) -> Option<Owner> {
        None
    }

    #[allow(clippy::unused_self, reason = "other systems look at the folder")]
    pub(super) fn owner(&self) -> Option<Owner> {
        None
    }

    /// Removes a file, if it exists.
    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        match fs::remove_file(self.path.join(name)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    /// Renames a file over another. Retries while another process has that file open.
    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        let (start, from, to) = (Instant::now(), self.path.join(from), self.path.join(to));
        loop {
            match fs::rename(&from, &to) {
                Err(error) if is_open_elsewhere(&error, &to) && start.elapsed() < READERS_TIMEOUT => {
                    std::thread::sleep(READERS_PAUSE);
                }
                renamed => return renamed,
            }
        }
    }

    #[allow(clippy::unused_self, reason = "other systems exchange files")]
    pub(super) fn exchange(&self, _: &OsStr, _: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    #[allow(clippy::unused_self, clippy::unnecessary_wraps, reason = "other systems flush the folder")]
    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    /// Returns the names of the files.
    pub(super) fn names(&self) -> io::Result<Vec<OsString>> {
        fs::read_dir(&self.path)?.map(|entry| Ok(entry?.file_name())).collect()
    }
}

/// Returns whether another process has the file open. Windows gives the same error for a read-only file.
fn is_open_elsewhere(error: &io::Error, path: &Path) -> bool {
    error.raw_os_error().is_some_and(|number| OPEN_ELSEWHERE.contains(&number))
        && path.metadata().is_ok_and(|metadata| metadata.is_file() && !metadata.permissions().readonly())
}

#[allow(clippy::unnecessary_wraps, reason = "other systems change the mode")]
pub(super) fn restrict(_: &File) -> io::Result<()> {
    Ok(())
}

#[allow(clippy::unnecessary_wraps, reason = "other systems change the mode")]
pub(super) fn restrict_existing(_: &File) -> io::Result<()> {
    Ok(())
}

pub(super) fn set_owner(_: &File, _: Option<Owner>) {}

#[allow(clippy::unnecessary_wraps, reason = "other systems look at the owner")]
pub(crate) fn require_own_link(_: &Path) -> io::Result<()> {
    Ok(())
}

pub(crate) fn accepts_files(folder: &Path) -> bool {
    folder.metadata().is_ok_and(|metadata| metadata.is_dir() && !metadata.permissions().readonly())
}

/// Returns `None`: the standard library does not count the names of a file.
pub(crate) fn inode_if_hard_linked(_: &Metadata) -> Option<u64> {
    None
}

pub(crate) fn is_open_to_others(_: &Metadata) -> bool {
    false
}

pub(crate) fn is_exposed(_: &Metadata) -> bool {
    false
}
