//! A folder by its descriptor: another process may rename or link the path meanwhile, and changes nothing.

use std::ffi::{OsStr, OsString};
use std::fs::{File, Metadata, Permissions};
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use rustix::fs::{AtFlags, Dir, FileType, Gid, Mode, OFlags, Stat, Uid};
use rustix::fs::{fchown, fstat, fsync, mkdirat, renameat, statat, unlinkat};
use rustix::io::retry_on_intr;
use rustix::process::geteuid;

use super::walk::{self, open, openat};
use super::{is_link, not_regular};

pub(super) const FOREIGN_LINK: &str = "a symbolic link in its path belongs to another user";

/// The system's error number for a file system without locks
pub(super) const NO_LOCKS: i32 = rustix::io::Errno::NOLCK.raw_os_error();

/// An open folder
#[derive(Debug)]
pub(super) struct Folder {
    descriptor: OwnedFd,
}

/// The user and the group that own a file
#[derive(Debug, Clone, Copy)]
pub(super) struct Owner(Uid, Gid);

/// The metadata that tell one version of a file from another
#[derive(Debug, Clone, Copy)]
pub(crate) struct FileId(Stat);

impl FileId {
    pub(super) fn from_file(file: &File) -> io::Result<Self> {
        Ok(Self(fstat(file)?))
    }

    /// Returns whether both are the same file, which may have been written in between.
    pub(super) fn is_same_file(&self, other: &Self) -> bool {
        (self.0.st_dev, self.0.st_ino) == (other.0.st_dev, other.0.st_ino)
    }

    /// Returns whether both are the same file, and nothing was written in between.
    pub(crate) fn is_unchanged(&self, other: &Self) -> bool {
        let written = |stat: &Stat| (stat.st_size, stat.st_mtime, stat.st_mtime_nsec);
        self.is_same_file(other) && written(&self.0) == written(&other.0)
    }

    fn kind(&self) -> FileType {
        FileType::from_raw_mode(self.0.st_mode)
    }
}

impl Folder {
    /// Opens a folder. For root, no symbolic link of another user may lead there.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let descriptor =
            if geteuid().is_root() { walk::open_folder(path)? } else { open(path, flags, Mode::empty())? };
        Ok(Self { descriptor })
    }

    /// Creates a folder of mode 0700, whatever the umask, and flushes this one. Root gives it to the owner of this one.
    pub(super) fn create_folder(&self, name: &OsStr) -> io::Result<Self> {
        let created = match mkdirat(&self.descriptor, name, Mode::RWXU) {
            Err(rustix::io::Errno::EXIST) => false,
            made => made.map(|()| true)?,
        };
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let unmask = || rustix::fs::chmodat(&self.descriptor, name, Mode::RWXU, AtFlags::empty());
        let opened = openat(&self.descriptor, name, flags, Mode::empty()).or_else(|error| {
            // the umask may have left no permission to open it
            if created {
                unmask().and_then(|()| openat(&self.descriptor, name, flags, Mode::empty()))
            } else {
                Err(error)
            }
        })?;
        if created {
            rustix::fs::fchmod(&opened, Mode::RWXU)?;
            set_owner(&opened, self.owner());
            self.sync()?;
        }
        Ok(Self { descriptor: opened })
    }

    /// Creates a file that only its owner can read. The caller calls [`restrict`], which does the same under any umask.
    pub(super) fn create_file(&self, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        Ok(File::from(openat(&self.descriptor, name, flags, Mode::RUSR | Mode::WUSR)?))
    }

    /// Opens a regular file, for writing or for reading.
    pub(super) fn open_file(&self, name: &OsStr, for_writing: bool) -> io::Result<File> {
        match self.id(name)?.map(|id| id.kind()) {
            Some(FileType::RegularFile) => {}
            Some(FileType::Symlink) => return Err(is_link()),
            Some(FileType::Directory) if !for_writing => return Err(io::ErrorKind::IsADirectory.into()),
            Some(_) => return Err(not_regular()),
            None => return Err(io::ErrorKind::NotFound.into()),
        }
        let access = if for_writing { OFlags::WRONLY } else { OFlags::RDONLY };
        // a pipe that has taken the file's place must not block
        let flags = access | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let file = File::from(openat(&self.descriptor, name, flags, Mode::empty())?);
        if file.metadata()?.is_file() { Ok(file) } else { Err(not_regular()) }
    }

    /// Returns the metadata of a file, or of a link itself, and `None` if it does not exist.
    pub(super) fn id(&self, name: &OsStr) -> io::Result<Option<FileId>> {
        match statat(&self.descriptor, name, AtFlags::SYMLINK_NOFOLLOW) {
            Err(rustix::io::Errno::NOENT) => Ok(None),
            stat => Ok(Some(FileId(stat?))),
        }
    }

    /// Returns the owner of a regular file.
    pub(super) fn owner_of(&self, name: &OsStr) -> Option<Owner> {
        let file = self.id(name).ok()?.filter(|id| id.kind() == FileType::RegularFile)?;
        Some(owner(&file.0))
    }

    pub(super) fn owner(&self) -> Option<Owner> {
        fstat(&self.descriptor).ok().map(|stat| owner(&stat))
    }

    /// Removes a file, if it exists.
    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        match unlinkat(&self.descriptor, name, AtFlags::empty()) {
            Err(rustix::io::Errno::NOENT) => Ok(()),
            removed => Ok(removed?),
        }
    }

    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(renameat(&self.descriptor, from, &self.descriptor, to)?)
    }

    #[cfg(any(target_os = "linux", target_os = "macos"))]
    pub(super) fn exchange(&self, a: &OsStr, b: &OsStr) -> io::Result<()> {
        use rustix::fs::{RenameFlags, renameat_with};
        use rustix::io::Errno;
        let exchanged = renameat_with(&self.descriptor, a, &self.descriptor, b, RenameFlags::EXCHANGE);
        exchanged.map_err(|error| match error {
            Errno::INVAL | Errno::NOSYS | Errno::NOTSUP => io::ErrorKind::Unsupported.into(),
            error => error.into(),
        })
    }

    #[cfg(not(any(target_os = "linux", target_os = "macos")))]
    pub(super) fn exchange(&self, _: &OsStr, _: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn sync(&self) -> io::Result<()> {
        Ok(retry_on_intr(|| fsync(&self.descriptor))?)
    }

    /// Returns the names of the files.
    pub(super) fn names(&self) -> io::Result<Vec<OsString>> {
        let names = Dir::read_from(&self.descriptor)?.map(|entry| Ok(entry?.file_name().to_owned()));
        names
            .map(|name| {
                Ok(OsStr::from_bytes(name.map_err(|error: rustix::io::Errno| error)?.to_bytes()).to_owned())
            })
            .collect()
    }
}

fn owner(stat: &Stat) -> Owner {
    Owner(Uid::from_raw(stat.st_uid), Gid::from_raw(stat.st_gid))
}

/// Sets mode 0600, whatever the umask.
pub(super) fn restrict(file: &File) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(0o600))
}

/// Sets mode 0600, but not if root finds the file under several names: another may belong to the system.
pub(super) fn restrict_existing(file: &File) -> io::Result<()> {
    if geteuid().is_root() && file.metadata()?.nlink() > 1 { Ok(()) } else { restrict(file) }
}

/// Gives a file or folder that this process has created to its owner, so that root keeps a user's files the user's.
///
/// Has no effect for other users.
pub(super) fn set_owner(created: impl AsFd, owner: Option<Owner>) {
    if let (Some(Owner(user, group)), Ok(now)) = (owner, fstat(&created))
        && (user.as_raw(), group.as_raw()) != (now.st_uid, now.st_gid)
    {
        let _ = fchown(created, Some(user), Some(group));
    }
}

/// Rejects a symbolic link that root must not follow, because another user owns it.
///
/// # Errors
/// If root runs the process, and the link belongs to another user.
pub(crate) fn require_own_link(link: &Path) -> io::Result<()> {
    let is_foreign = geteuid().is_root() && link.symlink_metadata()?.uid() != 0;
    if is_foreign { Err(io::Error::other(FOREIGN_LINK)) } else { Ok(()) }
}

/// Returns whether this process can create files in a folder. Writes nothing.
pub(crate) fn accepts_files(folder: &Path) -> bool {
    use rustix::fs::{Access, access};
    folder.is_dir() && access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

/// Returns the inode number of a file that has several names, each of which keeps the content.
pub(crate) fn inode_if_hard_linked(file: &Metadata) -> Option<u64> {
    (file.is_file() && file.nlink() > 1).then_some(file.ino())
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
