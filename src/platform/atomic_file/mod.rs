//! Atomic, durable file replacement and file locks.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::platform::timeout;

/// The longest wait for the lock, during which many changes by other processes fit
const LOCK_TIMEOUT: Duration = Duration::from_secs(20);

/// Random characters in the name of a temporary file: none under the lock, so that the next change finds a stale one
const FIXED: usize = 0;
/// Random characters that keep the temporary files of two processes apart without a lock
const UNIQUE: usize = 6;

/// Replaces a file by `bytes`, readable by its owner only.
///
/// Writes a temporary file beside it, flushes it, renames it over the file and flushes the folder: at every instant the file is
/// the old or the new one, whole.
///
/// # Errors
/// If the disk refuses a step. The bytes are durable only after `Ok`; after an error the file is most likely the old one.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    PendingWrite::write(path, bytes, UNIQUE)?.commit()
}

/// Replaces a file like [`replace`], for a caller that holds the lock.
///
/// The temporary file always has the same name, so that the next change removes one that a killed process left.
pub(crate) fn replace_locked(path: &Path, bytes: &[u8]) -> io::Result<()> {
    stage_locked(path, bytes)?.commit()
}

/// Writes the temporary file of [`replace_locked`], which is all that a full disk can refuse. The file changes at `commit`.
pub(crate) fn stage_locked(path: &Path, bytes: &[u8]) -> io::Result<PendingWrite> {
    remove_stale_temp(path)?;
    PendingWrite::write(path, bytes, FIXED)
}

/// Removes the temporary file that a killed process left beside a file. The caller holds the lock.
pub(crate) fn remove_stale_temp(path: &Path) -> io::Result<()> {
    match fs::remove_file(folder_of(path).join(temporary_name(path))) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The new content of a file, in a temporary file beside it
#[derive(Debug)]
pub(crate) struct PendingWrite {
    path: PathBuf,
    temporary: NamedTempFile,
}

impl PendingWrite {
    fn write(path: &Path, bytes: &[u8], random_characters: usize) -> io::Result<Self> {
        let (folder, name) = (folder_of(path), temporary_name(path));
        let mut temporary =
            tempfile::Builder::new().prefix(&name).rand_bytes(random_characters).tempfile_in(folder)?;
        restrict_file(temporary.as_file())?;
        copy_owner(path, temporary.as_file());
        temporary.write_all(bytes)?;
        temporary.as_file().sync_all()?;
        Ok(Self { path: path.to_owned(), temporary })
    }

    /// Gives the new file the owner of another file, if root writes it.
    pub(crate) fn owned_as(self, other: &Path) -> Self {
        copy_owner(other, self.temporary.as_file());
        self
    }

    /// Renames the temporary file over the file, and flushes the folder.
    pub(crate) fn commit(self) -> io::Result<()> {
        put(self.temporary, &self.path)?;
        sync_folder(folder_of(&self.path))
    }
}

/// Exchanges two files of one folder in one step, and restricts both to their owner.
///
/// # Errors
/// `Unsupported` if the system or the file system cannot exchange files in one step. Nothing has changed then.
pub(crate) fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    for path in [a, b] {
        restrict_file(&File::open(path)?)?;
    }
    swap(a, b)?;
    sync_folder(folder_of(a))
}

/// Returns the name of the temporary file: `.vault.toml.new`.
fn temporary_name(path: &Path) -> OsString {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    name
}

/// Creates a file that only its owner can read. Removes it again if it could not be written whole.
///
/// # Errors
/// `AlreadyExists` if the path exists; otherwise the error of the disk.
pub(crate) fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create_new(true);
    restrict_creation(&mut options);
    let mut file = options.open(path)?;
    let written = restrict_file(&file).and_then(|()| file.write_all(bytes)).and_then(|()| file.sync_all());
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written
}

pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Creates a folder and its missing parents, for their owner only, and flushes them.
pub(crate) fn create_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder_of(folder);
    create_folder(above)?;
    match create_one_folder(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
        Ok(()) => sync_folder(above),
    }
}

/// Takes the lock, and waits while another process holds it. The lock file is separate, because the file that it guards is
/// replaced.
///
/// # Errors
/// `WouldBlock` if another process holds the lock for 20 s; otherwise the error of the disk.
pub(crate) fn lock(path: &Path) -> io::Result<File> {
    let file = open_lock(path)?;
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

/// Rejects pipes and devices, which can be read but neither locked nor replaced. Opening a pipe would wait for its other end.
///
/// # Errors
/// If the path exists and is not a regular file.
pub(crate) fn require_regular_file(path: &Path) -> io::Result<()> {
    match path.metadata() {
        Ok(metadata) if !metadata.is_file() => Err(io::Error::other("it is not a regular file")),
        _ => Ok(()),
    }
}

/// Opens the lock file, or creates it. The file stays empty, and is never renamed or removed, because a process may hold it.
fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    restrict_creation(&mut options);
    match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            require_regular_file(path)?;
            File::options().write(true).open(path)
        }
        created => created.and_then(|file| restrict_file(&file).map(|()| file)),
    }
}

/// Returns whether a lock failed because the file system has none, as on some network folders.
pub(crate) fn has_no_locks(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported || error.raw_os_error() == Some(NO_LOCKS)
}

#[cfg(unix)]
mod platform {
    use std::fs::{DirBuilder, File, Metadata, OpenOptions, Permissions};
    use std::io;
    use std::os::unix::fs::{
        DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _, fchown,
    };
    use std::path::Path;

    use tempfile::NamedTempFile;

    pub(crate) fn restrict_creation(options: &mut OpenOptions) {
        options.mode(0o600);
    }

    /// Sets mode 0600, whatever the umask.
    pub(crate) fn restrict_file(file: &File) -> io::Result<()> {
        file.set_permissions(Permissions::from_mode(0o600))
    }

    pub(crate) fn put(temporary: NamedTempFile, path: &Path) -> io::Result<()> {
        temporary.persist(path).map(drop).map_err(|error| error.error)
    }

    /// Copies the owner of `theirs` to `file`, so that root keeps a user's files the user's. Has no effect for other users.
    pub(crate) fn copy_owner(theirs: &Path, file: &File) {
        if let (Ok(theirs), Ok(now)) = (theirs.metadata(), file.metadata())
            && (theirs.uid(), theirs.gid()) != (now.uid(), now.gid())
        {
            let _ = fchown(file, Some(theirs.uid()), Some(theirs.gid()));
        }
    }

    /// Creates a folder with mode 0700, whatever the umask.
    pub(crate) fn create_one_folder(folder: &Path) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(folder)?;
        std::fs::set_permissions(folder, Permissions::from_mode(0o700))
    }

    pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    /// The system's error number for a file system without locks
    pub(crate) const NO_LOCKS: i32 = rustix::io::Errno::NOLCK.raw_os_error();

    #[cfg(any(target_os = "linux", target_os = "macos"))]
    pub(crate) fn swap(a: &Path, b: &Path) -> io::Result<()> {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        use rustix::io::Errno;
        renameat_with(CWD, a, CWD, b, RenameFlags::EXCHANGE).map_err(|error| match error {
            Errno::INVAL | Errno::NOSYS | Errno::NOTSUP => io::ErrorKind::Unsupported.into(),
            error => error.into(),
        })
    }

    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    pub(crate) fn swap(_: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    /// Returns whether other users may replace files in this folder.
    pub(crate) fn is_open_to_others(folder: &Metadata) -> bool {
        const WRITE: u32 = 0o022;
        const STICKY: u32 = 0o1000;
        let mode = folder.permissions().mode();
        mode & WRITE != 0 && mode & STICKY == 0
    }

    /// Returns whether the file gives any permission to users other than its owner.
    pub(crate) fn is_exposed(metadata: &Metadata) -> bool {
        metadata.permissions().mode() & 0o077 != 0
    }
}

#[cfg(not(unix))]
#[path = "windows.rs"]
mod platform;

use platform::{NO_LOCKS, create_one_folder, put, restrict_creation, restrict_file, swap, sync_folder};
pub(crate) use platform::{copy_owner, is_exposed, is_open_to_others};
