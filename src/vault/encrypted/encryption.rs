//! Changing how a vault is encrypted.

use toml::Table;

use crate::vault::Vault;
use crate::vault::change::Change;
use crate::vault::crypto::{DataKey, KeySlot, VaultHeader, VaultKeys};
use crate::vault::encrypted::state::EncryptedVault;

impl Vault {
    /// Encrypts a plain-text or unlocked vault with `key`; `header` has the key slots.
    pub(crate) fn encrypt(&mut self, key: &DataKey, header: VaultHeader) {
        let keys = Some(VaultKeys::derive(key, header.id));
        self.encryption = Some(Box::new(EncryptedVault { header, root: Table::new(), keys }));
        self.changes.push(Change::Encrypt);
    }

    /// Turns an unlocked vault into a plain-text vault.
    pub(crate) fn decrypt(&mut self) {
        self.encryption = None;
        self.changes.push(Change::Decrypt);
    }

    /// Replaces the key slots of an unlocked vault.
    pub(crate) fn set_slots(&mut self, slots: Vec<KeySlot>) {
        if let Some(encryption) = &mut self.encryption {
            encryption.header.slots = slots;
            self.changes.push(Change::SetSlots);
        }
    }

    /// Accepts an unlocked vault in its current state: its MACs are computed again.
    pub(crate) fn accept(&mut self) {
        self.changes.push(Change::Authenticate);
    }
}
