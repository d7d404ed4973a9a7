//! The vault's path, and the files beside it.

use std::io;
use std::path::{Path, PathBuf};

use crate::platform::atomic_file::{folder_of, inode_if_hard_linked, require_no_link, require_regular_file};
use crate::vault::crypto::TamperFinding;
use crate::vault::file::error::FileError;
use crate::vault::file::paths::{default_path, resolve_links, with_suffix};
use crate::vault::{DocumentError, Stamp};

/// The file that keeps the accounts, and the only way to it
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VaultFile {
    path: PathBuf,
}

/// A file of the vault that has another name, which keeps the content of before each change
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HardLinked {
    pub(crate) path: PathBuf,
    pub(crate) inode: u64,
}

/// The files of a vault, with all links resolved
#[derive(Debug)]
pub(crate) struct VaultPaths {
    pub(crate) folder: PathBuf,
    /// Those of the vault, its backup and its lock file that exist
    pub(crate) files: Vec<PathBuf>,
}

impl VaultFile {
    /// Returns the named file, or the vault in the user's configuration folder.
    ///
    /// # Errors
    /// `NoHome` if no file is named and the user has no home folder. `Stream` if the name is `-`.
    pub(crate) fn locate(named: Option<PathBuf>) -> Result<Self, FileError> {
        let path = named.or_else(default_path).ok_or(FileError::NoHome)?;
        if path.as_os_str() == "-" {
            return Err(FileError::Stream);
        }
        Ok(Self::at(path))
    }

    fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Returns the stamp of the vault, or `None` if it is not a regular file.
    ///
    /// Take the stamp before reading, so that a change in between is noticed next time.
    pub(crate) fn stamp(&self) -> Option<Stamp> {
        Stamp::read(&self.path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the backup: the version of the vault before the last change.
    ///
    /// # Errors
    /// Links in a circle. A backup that is a link or a pipe: mfa writes a file, and a pipe could block forever.
    pub(crate) fn backup(&self) -> Result<Self, FileError> {
        let path = with_suffix(&self.resolved_path()?, ".bak");
        match require_no_link(&path) {
            Ok(()) => Ok(Self::at(path)),
            Err(error) => Err(FileError::Read { path, error }),
        }
    }

    /// Returns the files whose permissions protect the vault: those that exist, and their folder.
    ///
    /// # Errors
    /// Links in a circle.
    pub(crate) fn paths(&self) -> Result<VaultPaths, FileError> {
        let path = self.resolved_path()?;
        let files = [path.clone(), with_suffix(&path, ".bak"), with_suffix(&path, ".lock")];
        Ok(VaultPaths {
            folder: folder_of(&path).to_owned(),
            files: files.into_iter().filter(|file| file.exists()).collect(),
        })
    }

    /// Returns which of the vault and its backup have another name.
    pub(crate) fn hard_linked(&self) -> Vec<HardLinked> {
        let Ok(path) = self.resolved_path() else { return Vec::new() };
        let backup = with_suffix(&path, ".bak");
        let linked = [path, backup].into_iter().filter_map(|path| {
            let inode = inode_if_hard_linked(&path.symlink_metadata().ok()?)?;
            Some(HardLinked { path, inode })
        });
        linked.collect()
    }

    fn resolved_path(&self) -> Result<PathBuf, FileError> {
        resolve_links(&self.path).map_err(|error| self.write_error(error))
    }

    /// Returns the path of a vault that can be replaced, with all links resolved.
    ///
    /// # Errors
    /// Links in a circle, and a path that is no regular file.
    pub(super) fn replaceable_path(&self) -> Result<PathBuf, FileError> {
        let path = self.resolved_path()?;
        require_regular_file(&path).map_err(|error| self.write_error(error))?;
        Ok(path)
    }

    pub(crate) fn tampered(&self, findings: Vec<TamperFinding>) -> FileError {
        FileError::Tampered { path: self.path.clone(), findings }
    }

    /// Returns the error for a vault that another process changed meanwhile.
    pub(crate) fn changed(&self) -> FileError {
        FileError::Changed { path: self.path.clone() }
    }

    pub(super) fn document_error(&self, error: DocumentError) -> FileError {
        FileError::Document { path: self.path.clone(), error }
    }

    pub(super) fn write_error(&self, error: io::Error) -> FileError {
        FileError::Write { path: self.path.clone(), error }
    }
}
