//! Files that are whole and on the disk, or not there at all.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;

/// Puts `bytes` in the place of a file, for its owner only: written beside it, flushed to the disk, renamed over it,
/// the folder flushed. At every instant the file is the old or the new one, whole.
///
/// # Errors
/// Those of the disk. Only once this returns `Ok` are the bytes safe; after an error the file is most likely the old
/// one.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = folder_of(path);
    let mut temporary = temporary(path)?;
    restrict_file(temporary.as_file())?;
    keep_owner(path, temporary.as_file());
    temporary.write_all(bytes)?;
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|error| error.error)?;
    sync_folder(folder)
}

/// A new file beside `path`, under a name that is always the same: the caller holds the lock, and what a killed
/// process has left there is swept away by the next change
fn temporary(path: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut name = std::ffi::OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    let folder = folder_of(path);
    match fs::remove_file(folder.join(&name)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    tempfile::Builder::new().prefix(&name).rand_bytes(0).tempfile_in(folder)
}

pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Creates a folder and those above it, for their owner only, and sees that they are on the disk
pub(super) fn create_folder(folder: &Path) -> io::Result<()> {
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

/// Opens the lock file, which stays empty and is never renamed, and creates it where it is missing
pub(super) fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
mod platform {
    use std::fs::{DirBuilder, File, Metadata, Permissions};
    use std::io;
    use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, PermissionsExt as _, fchown};
    use std::path::Path;

    /// 0600, whatever the umask
    pub(super) fn restrict_file(file: &File) -> io::Result<()> {
        file.set_permissions(Permissions::from_mode(0o600))
    }

    /// Where root changes the file of a user, it stays the user's; for everybody else this changes nothing
    pub(super) fn keep_owner(before: &Path, file: &File) {
        if let (Ok(before), Ok(now)) = (before.metadata(), file.metadata())
            && (before.uid(), before.gid()) != (now.uid(), now.gid())
        {
            let _ = fchown(file, Some(before.uid()), Some(before.gid()));
        }
    }

    /// 0700, whatever the umask
    pub(super) fn create_one_folder(folder: &Path) -> io::Result<()> {
        DirBuilder::new().mode(0o700).create(folder)?;
        std::fs::set_permissions(folder, Permissions::from_mode(0o700))
    }

    pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
        File::open(folder)?.sync_all()
    }

    /// Whether anybody but the owner may read a file
    pub(crate) fn is_exposed(metadata: &Metadata) -> bool {
        metadata.permissions().mode() & 0o077 != 0
    }
}

/// Windows: the folders of a user's profile give only that user access, and a folder cannot be flushed
#[cfg(not(unix))]
mod platform {
    use std::fs::{File, Metadata};
    use std::io;
    use std::path::Path;

    pub(super) fn restrict_file(_: &File) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn keep_owner(_: &Path, _: &File) {}

    pub(super) fn create_one_folder(folder: &Path) -> io::Result<()> {
        std::fs::create_dir(folder)
    }

    pub(super) fn sync_folder(_: &Path) -> io::Result<()> {
        Ok(())
    }

    pub(crate) fn is_exposed(_: &Metadata) -> bool {
        false
    }
}

pub(crate) use platform::is_exposed;
use platform::{create_one_folder, keep_owner, restrict_file, sync_folder};
