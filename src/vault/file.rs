//! The vault on the disk: read whole, changed under a lock, replaced whole.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::failure::cause;
use crate::text::shown_path;

use super::{DocumentError, Vault, document, durable, location};

/// Far above 10 000 accounts; what is larger is no vault
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// How long a change waits for the one before it: many of them in a row must fit
const LOCK_PATIENCE: Duration = Duration::from_secs(20);

/// How long it sleeps between two looks at the lock
const LOCK_PAUSE: Duration = Duration::from_millis(5);

/// The file that keeps the accounts, and the only way to it
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VaultFile {
    path: PathBuf,
}

/// A vault as it was read
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) vault: Vault,
    /// Whether anybody but its owner may read the file
    pub(crate) exposed: bool,
}

/// What the file holds
struct Contents {
    bytes: Zeroizing<Vec<u8>>,
    /// Whether anybody but its owner may read them
    exposed: bool,
}

/// Why the file could not be read or replaced
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("there is no home folder to keep the vault in")]
    NoHome,
    #[error("the vault is a file, and cannot be stdin or stdout")]
    Stream,
    #[error("could not read the vault '{}': {}", shown_path(path), cause(error))]
    Read { path: PathBuf, error: io::Error },
    #[error("could not write the vault '{}': {}", shown_path(path), cause(error))]
    Write { path: PathBuf, error: io::Error },
    #[error("could not write the vault: no lock on '{}': {}", shown_path(path), cause(error))]
    Lock { path: PathBuf, error: io::Error },
    #[error("could not write the vault's backup '{}': {}", shown_path(path), cause(error))]
    Backup { path: PathBuf, error: io::Error },
    #[error("the vault '{}' is being changed by another process", shown_path(path))]
    Locked { path: PathBuf },
    #[error("the vault '{}' is larger than {} MiB", shown_path(path), MAX_BYTES >> 20)]
    TooLarge { path: PathBuf },
    #[error("the vault '{}' {error}", shown_path(path))]
    Document { path: PathBuf, error: DocumentError },
}

impl FileError {
    /// What the user can do about it
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::NoHome | Self::Stream => {
                Some("say where it lies: --vault FILE, or the variable MFA_VAULT".to_owned())
            }
            Self::Document { error: DocumentError::NewerVersion(_), .. } => {
                Some("a newer mfa has written it: use that one here as well".to_owned())
            }
            Self::Locked { .. } => Some("try again; nothing was changed".to_owned()),
            Self::Document { error: DocumentError::NotEditable, .. } => {
                Some("write the accounts as [accounts.NAME] tables".to_owned())
            }
            Self::Document { path, .. } => Some(match backup_of(path).filter(|backup| backup.exists()) {
                Some(backup) => format!("the vault before the last change is in '{}'", shown_path(&backup)),
                None => "a vault begins with 'version = 1' and has a table [accounts.NAME] for each account"
                    .to_owned(),
            }),
            _ => None,
        }
    }
}

impl VaultFile {
    /// The file that is named, else the one in the user's configuration folder.
    ///
    /// # Errors
    /// `NoHome` where nothing is named and the user has no home.
    pub(crate) fn locate(named: Option<PathBuf>) -> Result<Self, FileError> {
        let path = named.or_else(location::default_path).ok_or(FileError::NoHome)?;
        if path.as_os_str() == "-" {
            return Err(FileError::Stream);
        }
        Ok(Self { path })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the vault; a missing file is an empty vault.
    ///
    /// # Errors
    /// A file that cannot be read, or is damaged as a whole.
    pub(crate) fn load(&self) -> Result<Loaded, FileError> {
        let Some(Contents { bytes, exposed }) = self.read(&self.path)? else {
            return Ok(Loaded { vault: Vault::default(), exposed: false });
        };
        Ok(Loaded { vault: self.parse(&bytes)?, exposed })
    }

    /// Changes the vault: locks it, reads it, lets `change` work on it and replaces it, the one before kept as
    /// `.bak`. Where `change` fails, or changes nothing, nothing is written.
    ///
    /// # Errors
    /// Those of `change`, and those of the disk; only after `Ok` is the change on the disk.
    pub(crate) fn update<T, E: From<FileError>>(
        &self,
        change: impl FnOnce(&mut Vault) -> Result<T, E>,
    ) -> Result<T, E> {
        let path = location::resolved(&self.path).map_err(|error| self.write_error(error))?;
        refuse_special(&path).map_err(|error| self.write_error(error))?;
        let _lock = self.lock(&path)?;
        let before = self.read(&path)?.map(|contents| contents.bytes);
        let mut vault = before.as_ref().map_or_else(|| Ok(Vault::default()), |bytes| self.parse(bytes))?;
        let answer = change(&mut vault)?;
        if !vault.changes.is_empty() {
            let before = before.as_ref().map(|bytes| bytes.as_slice());
            let after = document::render(before, &vault).map_err(|error| self.document_error(error))?;
            let after = Zeroizing::new(after);
            self.write(&path, before, after.as_bytes())?;
        }
        Ok(answer)
    }

    /// The lock is a file of its own, since the vault itself is replaced
    fn lock(&self, path: &Path) -> Result<File, FileError> {
        durable::create_folder(durable::folder_of(path)).map_err(|error| self.write_error(error))?;
        let lock = location::beside(path, ".lock");
        let lock_error = |error| FileError::Lock { path: lock.clone(), error };
        let file = durable::open_lock(&lock).map_err(lock_error)?;
        let start = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::Error(error)) => return Err(lock_error(error)),
                Err(TryLockError::WouldBlock) if start.elapsed() > LOCK_PATIENCE => {
                    return Err(FileError::Locked { path: self.path.clone() });
                }
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
            }
        }
    }

    /// None where there is no file
    fn read(&self, path: &Path) -> Result<Option<Contents>, FileError> {
        let read_error = |error| FileError::Read { path: self.path.clone(), error };
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(read_error)?,
        };
        let metadata = file.metadata().map_err(read_error)?;
        let too_large = || FileError::TooLarge { path: self.path.clone() };
        let size = usize::try_from(metadata.len().min(MAX_BYTES)).map_err(|_| too_large())?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(size + 1));
        if metadata.len() <= MAX_BYTES {
            file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(read_error)?;
        }
        if metadata.len() > MAX_BYTES || bytes.len() as u64 > MAX_BYTES {
            return Err(too_large());
        }
        Ok(Some(Contents { bytes, exposed: metadata.is_file() && durable::is_exposed(&metadata) }))
    }

    fn write(&self, path: &Path, before: Option<&[u8]>, after: &[u8]) -> Result<(), FileError> {
        if let Some(before) = before {
            let backup = location::beside(path, ".bak");
            durable::replace_locked(&backup, before)
                .map_err(|error| FileError::Backup { path: backup, error })?;
        }
        durable::replace_locked(path, after).map_err(|error| self.write_error(error))
    }

    fn parse(&self, bytes: &[u8]) -> Result<Vault, FileError> {
        document::parse(bytes).map_err(|error| self.document_error(error))
    }

    fn document_error(&self, error: DocumentError) -> FileError {
        FileError::Document { path: self.path.clone(), error }
    }

    fn write_error(&self, error: io::Error) -> FileError {
        FileError::Write { path: self.path.clone(), error }
    }
}

/// A pipe or a device can be read as a vault, and must not be replaced by a file
fn refuse_special(path: &Path) -> io::Result<()> {
    match path.metadata() {
        Ok(metadata) if !metadata.is_file() => Err(io::Error::other("it is not a regular file")),
        _ => Ok(()),
    }
}

fn backup_of(path: &Path) -> Option<PathBuf> {
    location::resolved(path).ok().map(|path| location::beside(&path, ".bak"))
}
