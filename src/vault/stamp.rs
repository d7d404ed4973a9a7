//! Detects a changed vault file by its metadata.

use std::fs::{self, Metadata};
use std::path::Path;
use std::time::SystemTime;

/// Metadata that changes when a file is replaced or written in place
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
    inode: Inode,
}

/// Device, inode number, and the time of the last change, also of the mode, in seconds and nanoseconds
#[cfg(unix)]
type Inode = (u64, u64, i64, i64);

/// Nothing: without inodes, time and size must suffice
#[cfg(not(unix))]
type Inode = ();

impl Stamp {
    /// Returns the stamp of a file, or `None` if the path is not a regular file.
    pub(super) fn read(path: &Path) -> Option<Self> {
        let metadata = fs::metadata(path).ok().filter(Metadata::is_file)?;
        Some(Self { modified: metadata.modified().ok(), bytes: metadata.len(), inode: inode(&metadata) })
    }
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> Inode {
    use std::os::unix::fs::MetadataExt as _;

    (metadata.dev(), metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn inode(_metadata: &Metadata) -> Inode {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stamp_differs_after_each_kind_of_change() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.toml");
        assert_eq!(Stamp::read(&path), None);

        fs::write(&path, "one").unwrap();
        let first = Stamp::read(&path);
        assert!(first.is_some() && Stamp::read(&path) == first);

        let time = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&path, "three").unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        let second = Stamp::read(&path);
        assert_ne!(second, first);

        let other = folder.path().join("new");
        fs::write(&other, "three").unwrap();
        fs::File::options().write(true).open(&other).unwrap().set_modified(time).unwrap();
        fs::rename(&other, &path).unwrap();
        #[cfg(unix)]
        assert_ne!(Stamp::read(&path), second);
    }

    #[cfg(unix)]
    #[test]
    fn stamp_differs_after_a_change_of_the_mode() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.toml");
        fs::write(&path, "one").unwrap();
        let changed = |mode| {
            let before = Stamp::read(&path);
            // some file systems have a coarse clock
            while Stamp::read(&path) == before {
                fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            }
        };
        changed(0o000);
        changed(0o600);
    }
}
