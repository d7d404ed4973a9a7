//! The state that an encrypted vault has and a plain-text vault has not.

use toml::Table;

use crate::vault::crypto::{VaultHeader, VaultKeys};
use crate::vault::fast_scan::Unread;

/// The header, the file and the keys of an encrypted vault
#[derive(Debug)]
pub(in crate::vault) struct EncryptedVault {
    pub(in crate::vault) header: VaultHeader,
    /// The file as it was read: the MACs cover it
    pub(in crate::vault) root: Table,
    /// `None` while the vault is locked
    pub(in crate::vault) keys: Option<VaultKeys>,
    /// The records, if their names are hidden and none was read yet
    pub(in crate::vault) unread: Option<Unread>,
}

/// Compares the files and ignores the keys.
impl PartialEq for EncryptedVault {
    fn eq(&self, other: &Self) -> bool {
        (&self.header, &self.root) == (&other.header, &other.root)
    }
}

impl EncryptedVault {
    pub(in crate::vault) fn new(header: VaultHeader, root: Table) -> Self {
        Self { header, root, keys: None, unread: None }
    }
}
