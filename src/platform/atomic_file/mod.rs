//! Files that are whole and on the disk, or not there at all.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use crate::platform::timeout;

/// How long a change waits for the one before it: many of them in a row must fit
const LOCK_TIMEOUT: Duration = Duration::from_secs(20);

/// Characters behind a temporary file's name: none where a lock is held, else as many as keep two processes apart
const FIXED: usize = 0;
const UNIQUE: usize = 6;

/// Puts `bytes` in the place of a file, for its owner only: written beside it, flushed to the disk, renamed over it,
/// the folder flushed. At every instant the file is the old or the new one, whole.
///
/// # Errors
/// Those of the disk. Only once this returns `Ok` are the bytes safe; after an error the file is most likely the old
/// one.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    PendingWrite::write(path, bytes, UNIQUE)?.commit()
}

/// As `replace`, for whoever holds the lock: the name beside the file is always the same, so that what a killed
/// process has left there is swept away by the next change.
pub(crate) fn replace_locked(path: &Path, bytes: &[u8]) -> io::Result<()> {
    stage_locked(path, bytes)?.commit()
}

/// The first half of `replace_locked`: all that a full disk can fail. Nothing has changed before `commit`.
pub(crate) fn stage_locked(path: &Path, bytes: &[u8]) -> io::Result<PendingWrite> {
    remove_stale_temp(path)?;
    PendingWrite::write(path, bytes, FIXED)
}

/// Takes away what a killed process has left beside a file; for whoever holds the lock.
pub(crate) fn remove_stale_temp(path: &Path) -> io::Result<()> {
    match fs::remove_file(folder_of(path).join(temporary_name(path))) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// What a file is to hold, on the disk beside it
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

    /// With the owner of another file, where root writes it.
    pub(crate) fn owned_as(self, other: &Path) -> Self {
        copy_owner(other, self.temporary.as_file());
        self
    }

    /// Puts it in the place of the file.
    pub(crate) fn commit(self) -> io::Result<()> {
        put(self.temporary, &self.path)?;
        sync_folder(folder_of(&self.path))
    }
}

/// Lets two files of one folder change places, both for their owner only: at every instant each is in one of the two.
///
/// # Errors
/// `Unsupported` where the system or the file system cannot do that in one step; nothing has changed then.
pub(crate) fn exchange(a: &Path, b: &Path) -> io::Result<()> {
    for path in [a, b] {
        restrict_file(&File::open(path)?)?;
    }
    swap(a, b)?;
    sync_folder(folder_of(a))
}

/// `.vault.toml.new`
fn temporary_name(path: &Path) -> OsString {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    name
}

/// Writes a file that only its owner can read and that was not there before; half of one is taken away again.
///
/// # Errors
/// `AlreadyExists`, and those of the disk.
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

/// Creates a folder and those above it, for their owner only, and sees that they are on the disk
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

/// Takes the lock, and waits for whoever has it. It is a file of its own, since what it guards is replaced.
///
/// # Errors
/// Those of the disk; `WouldBlock` where somebody else keeps it.
pub(crate) fn lock(path: &Path) -> io::Result<File> {
    let file = open_lock(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::Error(error)) if error.kind() != io::ErrorKind::Interrupted => Err(error),
        Err(_) => wait_for_lock(file),
    }
}

/// Waits in the queue that the system keeps: whoever only looks again and again may find the lock taken each time. A lock
/// that comes when nobody waits any more is free again, since its file is closed.
fn wait_for_lock(file: File) -> io::Result<File> {
    let locked = move || loop {
        match file.lock() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            locked => return locked.map(|()| file),
        }
    };
    timeout::run_with_timeout(LOCK_TIMEOUT, locked).unwrap_or_else(|| Err(io::ErrorKind::WouldBlock.into()))
}

/// A pipe or a device can be read as a file, and must not be opened as a lock or replaced: whoever opens a pipe waits for
/// its other end
///
/// # Errors
/// One that says so.
pub(crate) fn require_regular_file(path: &Path) -> io::Result<()> {
    match path.metadata() {
        Ok(metadata) if !metadata.is_file() => Err(io::Error::other("it is not a regular file")),
        _ => Ok(()),
    }
}

/// Opens the lock file, which stays empty and is never renamed or taken away, since somebody may hold it; creates it
/// where it is missing
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

/// Whether there is no lock since the file system has none, as that of some network folders
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

    /// 0600, whatever the umask
    pub(crate) fn restrict_file(file: &File) -> io::Result<()> {
        file.set_permissions(Permissions::from_mode(0o600))
    }

    pub(crate) fn put(temporary: NamedTempFile, path: &Path) -> io::Result<()> {
        temporary.persist(path).map(drop).map_err(|error| error.error)
    }

    /// Where root changes the file of a user, or makes one that belongs to it, it is the user's; for everybody else this
    /// changes nothing
    pub(crate) fn copy_owner(theirs: &Path, file: &File) {
        if let (Ok(theirs), Ok(now)) = (theirs.metadata(), file.metadata())
            && (theirs.uid(), theirs.gid()) != (now.uid(), now.gid())
        {
            let _ = fchown(file, Some(theirs.uid()), Some(theirs.gid()));
        }
    }

    /// 0700, whatever the umask
    pub(crate) fn create_one_folder(folder: &Path) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(folder)?;
        std::fs::set_permissions(folder, Permissions::from_mode(0o700))
    }

    pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    /// What the system says where it keeps no locks for a file system
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

    /// Whether others may put another file in the place of one in this folder
    pub(crate) fn is_open_to_others(folder: &Metadata) -> bool {
        const WRITE: u32 = 0o022;
        const STICKY: u32 = 0o1000;
        let mode = folder.permissions().mode();
        mode & WRITE != 0 && mode & STICKY == 0
    }

    /// Whether anybody but the owner may read a file
    pub(crate) fn is_exposed(metadata: &Metadata) -> bool {
        metadata.permissions().mode() & 0o077 != 0
    }
}

#[cfg(not(unix))]
#[path = "windows.rs"]
mod platform;

use platform::{NO_LOCKS, create_one_folder, put, restrict_creation, restrict_file, swap, sync_folder};
pub(crate) use platform::{copy_owner, is_exposed, is_open_to_others};
