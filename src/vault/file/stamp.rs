//! Detects a changed vault file by its metadata.

use std::fs::{self, Metadata};
use std::time::SystemTime;

use crate::vault::file::vault_file::VaultFile;

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

impl VaultFile {
    /// Returns `None` if the path is not a regular file.
    ///
    /// Take the stamp before reading, so that a change in between is noticed next time.
    pub(crate) fn stamp(&self) -> Option<Stamp> {
        let metadata = fs::metadata(self.path()).ok().filter(Metadata::is_file)?;
        Some(Stamp { modified: metadata.modified().ok(), bytes: metadata.len(), inode: inode(&metadata) })
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
        let vault = VaultFile::locate(Some(path.clone())).unwrap();
        assert_eq!(vault.stamp(), None);

        fs::write(&path, "one").unwrap();
        let first = vault.stamp();
        assert!(first.is_some() && vault.stamp() == first);

        let time = fs::metadata(&path).unwrap().modified().unwrap();
        fs::write(&path, "three").unwrap();
        fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
        let second = vault.stamp();
        assert_ne!(second, first);

        let other = folder.path().join("new");
        fs::write(&other, "three").unwrap();
        fs::File::options().write(true).open(&other).unwrap().set_modified(time).unwrap();
        fs::rename(&other, &path).unwrap();
        #[cfg(unix)]
        assert_ne!(vault.stamp(), second);
    }

    #[cfg(unix)]
    #[test]
    fn stamp_differs_after_a_change_of_the_mode() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.toml");
        let vault = VaultFile::locate(Some(path.clone())).unwrap();
        fs::write(&path, "one").unwrap();
        let changed = |mode| {
            let before = vault.stamp();
            // some file systems have a coarse clock
            while vault.stamp() == before {
                fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            }
        };
        changed(0o000);
        changed(0o600);
    }
}
