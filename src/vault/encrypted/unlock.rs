//! Unlocking an encrypted vault, in full or one account only, and checking its MACs.

use crate::otp::{Account, Key, Name};
use crate::vault::Vault;
use crate::vault::crypto::{
    AssociatedData, DataKey, SecretDecryptError, TamperFinding, VaultHeader, VaultKeys,
};
use crate::vault::entry::{Entry, StoredSecret};

/// An account of an encrypted vault, with its secret
#[derive(Debug)]
pub(crate) struct UnlockedAccount {
    pub(crate) account: Account,
    /// Whether the user gave its own name, not a part of it or its label
    pub(crate) is_named: bool,
    /// Tampering around the account; searched only if the account's own MAC does not suffice
    pub(crate) findings: Vec<TamperFinding>,
}

impl Vault {
    /// Returns the header of an encrypted vault, or `None` for a plain-text vault.
    pub(crate) fn header(&self) -> Option<&VaultHeader> {
        Some(&self.encryption.as_ref()?.header)
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.encryption.is_some()
    }

    pub(in crate::vault) fn keys(&self) -> Option<&VaultKeys> {
        self.encryption.as_ref()?.keys.as_ref()
    }

    /// Unlocks one account of an encrypted vault and checks no more than trust in it requires.
    ///
    /// Checks all accounts if `sought` is not the account's own name: an edited label of another account could make
    /// this one match. Returns `None` if the vault is not encrypted or has no such account.
    ///
    /// # Errors
    /// A secret that does not belong to this entry.
    pub(crate) fn unlock_account(
        &mut self,
        key: &DataKey,
        name: &Name,
        sought: &str,
    ) -> Result<Option<UnlockedAccount>, SecretDecryptError> {
        self.derive_keys(key);
        let Some((encryption, keys)) = self.encryption.as_ref().zip(self.keys()) else { return Ok(None) };
        let Some(record) = self.records.iter().find(|record| record.has_name(name)) else { return Ok(None) };
        let Ok(entry) = &record.entry else { return Ok(None) };
        let account = decrypt_account(entry, &record.key, keys)?;
        let is_named =
            self.index_of_name(sought).is_some_and(|position| self.records[position].key == record.key);
        let is_intact = is_named && keys.verifies_entry(&encryption.root, &record.key);
        let findings = if is_intact { Vec::new() } else { keys.verify(&encryption.root) };
        Ok(Some(UnlockedAccount { account, is_named, findings }))
    }

    /// Decrypts all secrets of an encrypted vault and returns what was tampered with.
    ///
    /// A secret that cannot be decrypted stays encrypted.
    pub(crate) fn unlock(&mut self, key: &DataKey) -> Vec<TamperFinding> {
        self.derive_keys(key);
        self.keys().cloned().map_or_else(Vec::new, |keys| self.unlock_with_keys(&keys))
    }

    /// Does the same as `unlock`, with keys that are derived already.
    pub(in crate::vault) fn unlock_with_keys(&mut self, keys: &VaultKeys) -> Vec<TamperFinding> {
        for record in &mut self.records {
            if let Ok(entry) = &mut record.entry
                && let StoredSecret::Encrypted(text) = &entry.secret
                && let Ok(secret) =
                    keys.decrypt_secret(text, &AssociatedData::new(&record.key, entry.parameters))
            {
                entry.secret = StoredSecret::Plain(secret);
            }
        }
        self.encryption.as_ref().map_or_else(Vec::new, |encryption| keys.verify(&encryption.root))
    }

    /// Returns whether an account that decrypts may still be an older version of itself.
    pub(crate) fn may_contain_old_entries(&self) -> bool {
        self.encryption
            .as_ref()
            .zip(self.keys())
            .is_some_and(|(encryption, keys)| keys.may_contain_old_entries(&encryption.root))
    }

    fn derive_keys(&mut self, key: &DataKey) {
        if let Some(encryption) = &mut self.encryption {
            encryption.keys = Some(VaultKeys::derive(key, encryption.header.id));
        }
    }
}

fn decrypt_account(entry: &Entry, record_key: &str, keys: &VaultKeys) -> Result<Account, SecretDecryptError> {
    let secret = match &entry.secret {
        StoredSecret::Plain(secret) => secret.clone(),
        StoredSecret::Encrypted(text) => {
            keys.decrypt_secret(text, &AssociatedData::new(record_key, entry.parameters))?
        }
    };
    Ok(Account {
        name: entry.name.clone(),
        label: entry.label.clone(),
        tags: entry.tags.clone(),
        key: Key::new(secret, entry.parameters),
    })
}
