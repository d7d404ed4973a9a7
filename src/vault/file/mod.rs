//! The vault on the disk: read whole, changed under a lock, replaced whole.

mod conflicts;
mod error;
mod load;
mod paths;
mod pin;
mod plaintext_copies;
mod restore;
mod update;
mod vault_file;
mod write;

pub(crate) use error::FileError;
pub(crate) use load::Loaded;
pub(crate) use paths::resolve_links;
pub(crate) use plaintext_copies::PlainCopy;
pub(crate) use update::{BackupPolicy, WriteOptions};
pub(crate) use vault_file::VaultFile;
