//! The accounts as a set, and the file that keeps them.
//!
//! The set (`accounts`) is pure: it records each change, `document` writes the changes into the text and preserves the
//! rest of it, and only `file` touches the disk. An encrypted vault encrypts each secret on its own (`crypto`,
//! `encrypted`). `trust_state` pins the last seen state outside the file, because a file cannot prove that it is current.

mod accounts;
mod change;
pub(crate) mod crypto;
mod document;
mod encrypted;
mod entry;
mod fast_scan;
mod file;
#[cfg(fuzzing)]
pub(crate) mod fuzz_checks;
mod lookup;
pub(crate) mod merge;
mod record;
mod stamp;
mod trust_state;

pub(crate) use crate::name_match::Pattern;
pub(crate) use crate::platform::atomic_file::{create, is_exposed, replace};
pub(crate) use accounts::{NameTaken, Vault};
use change::Change;
pub(crate) use document::DocumentError;
pub(crate) use encrypted::{AccountError, RecordDifference};
pub(crate) use entry::Entry;
pub(crate) use file::{BackupPolicy, FileError, Loaded, PlainCopy, VaultFile, WriteOptions, resolve_links};
pub(crate) use lookup::{FindError, MatchKind};
pub(crate) use record::Problem;
pub(crate) use stamp::Stamp;
pub(crate) use trust_state::{TrustError, TrustState};

impl Vault {
    /// Parses the text of a vault.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, DocumentError> {
        document::parse(bytes)
    }
}
