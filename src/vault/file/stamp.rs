//! Whether the vault's file is still the one that was read, at the price of a look at its metadata.

use std::fs::{self, Metadata};
use std::time::SystemTime;

use crate::vault::VaultFile;

/// What changes with a file, whether it is replaced or written in place
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
    inode: Inode,
}

/// Device and number, and the seconds and nanoseconds of its last change, be it of its mode
#[cfg(unix)]
type Inode = (u64, u64, i64, i64);

/// Where there is no such thing, time and size must do
#[cfg(not(unix))]
type Inode = ();

impl VaultFile {
    /// None where there is no file, or one that can be read only once. To be taken before the file is read: what comes
    /// between the two is seen at the next look.
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
    fn each_way_of_changing_a_file_shows() {
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
    fn a_file_that_can_be_read_again_shows() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.toml");
        let vault = VaultFile::locate(Some(path.clone())).unwrap();
        fs::write(&path, "one").unwrap();
        let changed = |mode| {
            let before = vault.stamp();
            // the clock of some file systems is coarse
            while vault.stamp() == before {
                fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            }
        };
        changed(0o000);
        changed(0o600);
    }
}
