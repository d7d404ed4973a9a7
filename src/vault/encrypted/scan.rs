//! Looking up one account of an encrypted vault by the fast scan.

use crate::vault::crypto::VaultKeys;
use crate::vault::encrypted::state::EncryptedVault;
use crate::vault::fast_scan::{Scanned, ScannedAccount, scan_encrypted};
use crate::vault::{Vault, document};

impl Vault {
    /// Reads an encrypted vault to look up the account with this name, and no other.
    ///
    /// If the names are hidden, the vault has no account before its names are revealed. Returns `None` if the whole vault
    /// must be parsed.
    pub(in crate::vault) fn scan(bytes: &[u8], name: &str) -> Option<Self> {
        let Scanned { header, root, account } = scan_encrypted(bytes, name)?;
        let encrypted = EncryptedVault::new(header, root);
        let (records, encrypted) = match account {
            ScannedAccount::Found(record) => (vec![record], encrypted),
            ScannedAccount::Unread(unread) => {
                (Vec::new(), EncryptedVault { unread: Some(unread), ..encrypted })
            }
        };
        let mut vault = Self::new(records);
        vault.encryption = Some(Box::new(encrypted));
        Some(vault)
    }

    /// Reads the records of a vault with hidden names of which only the head was read.
    pub(super) fn read_unread(&mut self, keys: &VaultKeys) {
        let Some(encryption) = &mut self.encryption else { return };
        let Some(unread) = encryption.unread.take() else { return };
        if let Some((record, accounts)) = unread.read(keys) {
            self.records = vec![record];
            encryption.root.insert("accounts".to_owned(), accounts.into());
        } else if let Ok(mut whole) = document::parse(unread.bytes()) {
            // the scan has accepted the text, so the parser does
            self.records = std::mem::take(&mut whole.records);
            if let Some(parsed) = whole.encryption {
                encryption.root = parsed.root;
            }
        }
        self.forget_names();
    }
}
