//! Reading the vault: all of it, or one account only.

use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::Path;

use zeroize::Zeroizing;

use crate::platform::atomic_file::is_exposed;
use crate::vault::file::error::{FileError, MAX_BYTES};
use crate::vault::file::vault_file::VaultFile;
use crate::vault::{Vault, document, fast_scan};

/// A vault as it was read from the disk
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) vault: Vault,
    /// Whether users other than the owner can read the file
    pub(crate) readable_by_others: bool,
}

/// The bytes of a file
pub(super) struct Contents {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// Whether users other than the owner can read the file
    readable_by_others: bool,
}

impl VaultFile {
    /// Reads the vault. A missing file is an empty vault.
    ///
    /// # Errors
    /// A file that cannot be read, or is damaged as a whole.
    pub(crate) fn load(&self) -> Result<Loaded, FileError> {
        self.load_with(|bytes| self.parse(bytes))
    }

    fn load_with(&self, parse: impl Fn(&[u8]) -> Result<Vault, FileError>) -> Result<Loaded, FileError> {
        let stamp = self.stamp();
        let Some(Contents { bytes, readable_by_others }) = self.read(self.path())? else {
            return Ok(Loaded { vault: Vault::default(), readable_by_others: false });
        };
        let mut vault = parse(&bytes)?;
        vault.stamp = stamp;
        Ok(Loaded { vault, readable_by_others })
    }

    /// Reads one account, and no other if the file can be scanned quickly; otherwise reads the whole vault.
    ///
    /// # Errors
    /// The errors of `load`.
    pub(crate) fn load_account(&self, name: &str) -> Result<Loaded, FileError> {
        let parse = |bytes: &[u8]| Vault::scan(bytes, name).map_or_else(|| self.parse(bytes), Ok);
        self.try_fast_scan(name).map_or_else(|| self.load_with(parse), Ok)
    }

    /// Returns `None` if the fast scan does not suffice. The full parser then also reports any error.
    fn try_fast_scan(&self, name: &str) -> Option<Loaded> {
        // opening a pipe here would leave its writer without a reader the second time
        self.path().metadata().ok().filter(Metadata::is_file)?;
        let file = File::open(self.path()).ok()?;
        let metadata = file.metadata().ok()?;
        let size = usize::try_from(metadata.len()).ok().filter(|_| metadata.len() <= MAX_BYTES)?;
        let record = fast_scan::find_record(file, size, name).ok()??;
        Some(Loaded { vault: Vault::new(vec![record]), readable_by_others: is_exposed(&metadata) })
    }

    /// Like `load`, for use before `update`. Rejects pipes and devices, which cannot be read twice.
    ///
    /// # Errors
    /// The errors of `load`, and a path that is no regular file.
    pub(crate) fn load_for_change(&self) -> Result<Loaded, FileError> {
        self.replaceable_path()?;
        self.load()
    }

    pub(super) fn parse(&self, bytes: &[u8]) -> Result<Vault, FileError> {
        document::parse(bytes).map_err(|error| self.document_error(error))
    }

    /// Reads a file of the vault. Returns `None` if it does not exist.
    pub(super) fn read(&self, path: &Path) -> Result<Option<Contents>, FileError> {
        let read_error = |error| FileError::Read { path: self.path().to_owned(), error };
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(read_error)?,
        };
        let metadata = file.metadata().map_err(read_error)?;
        let bytes = read_limited(&file, metadata.len())
            .map_err(read_error)?
            .ok_or_else(|| FileError::TooLarge { path: self.path().to_owned() })?;
        Ok(Some(Contents { bytes, readable_by_others: metadata.is_file() && is_exposed(&metadata) }))
    }
}

/// Returns `None` if the file is larger than a vault may be.
fn read_limited(file: &File, size: u64) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
    let Some(capacity) = usize::try_from(size).ok().filter(|_| size <= MAX_BYTES) else { return Ok(None) };
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity + 1));
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(Some(bytes).filter(|bytes| bytes.len() as u64 <= MAX_BYTES))
}
