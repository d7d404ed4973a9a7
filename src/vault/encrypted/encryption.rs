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
        let hides_names = header.hides_names;
        self.encryption =
            Some(Box::new(EncryptedVault { keys, ..EncryptedVault::new(header, Table::new()) }));
        if hides_names {
            self.rename_records(true);
        }
        self.changes.push(Change::Encrypt);
    }

    /// Turns an unlocked vault into a plain-text vault.
    pub(crate) fn decrypt(&mut self) {
        self.show_names();
        self.encryption = None;
        self.changes.extend([Change::RemoveFields(&["generation", "tag"]), Change::Decrypt]);
    }

    /// Hides or shows the names of an unlocked vault.
    pub(crate) fn set_hides_names(&mut self, hides_names: bool) {
        if hides_names {
            self.rename_records(true);
        } else {
            self.show_names();
        }
        if let Some(encryption) = &mut self.encryption {
            encryption.header.hides_names = hides_names;
            self.changes.push(Change::Encrypt);
        }
    }

    /// Makes each account's name the key of its record again, if the vault hides names.
    fn show_names(&mut self) {
        if self.hides_names() {
            self.rename_records(false);
            self.changes.push(Change::RemoveFields(&["label"]));
        }
    }

    /// Replaces the key slots of an unlocked vault.
    pub(crate) fn set_slots(&mut self, slots: Vec<KeySlot>) {
        if let Some(encryption) = &mut self.encryption {
            encryption.header.slots = slots;
            self.changes.push(Change::SetSlots);
        }
    }

    /// Accepts an unlocked vault in its current state: computes the MACs again of each account that can be used.
    pub(crate) fn accept(&mut self) {
        self.changes.push(Change::Accept);
    }

    /// Gives each record a key that shows no name, or the account's name as its key.
    fn rename_records(&mut self, hides_names: bool) {
        let keys: Vec<(String, String)> =
            self.records.iter_mut().filter_map(|record| record.set_key(hides_names)).collect();
        if !keys.is_empty() {
            self.changes.push(Change::SetKeys(keys.into_iter().collect()));
        }
    }
}
