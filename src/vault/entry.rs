//! An account as the vault keeps it: all that can be told without its secret, and the secret, open or sealed.

use crate::otp::{Account, Key, Label, Name, Parameters, Secret};

/// An account of the vault, whose secret may be sealed
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: Name,
    pub(crate) label: Label,
    pub(crate) tags: Vec<String>,
    pub(crate) parameters: Parameters,
    pub(super) secret: StoredSecret,
}

/// How the vault holds a secret
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StoredSecret {
    Open(Secret),
    /// As the file has it: Base64 of the sealed bytes
    EncryptedVault(String),
}

impl Entry {
    /// None while it is sealed
    pub(crate) fn secret(&self) -> Option<&Secret> {
        match &self.secret {
            StoredSecret::Open(secret) => Some(secret),
            StoredSecret::EncryptedVault(_) => None,
        }
    }

    /// The account with its secret; none while that is sealed
    pub(crate) fn account(&self) -> Option<Account> {
        let StoredSecret::Open(secret) = &self.secret else { return None };
        let key = Key::new(secret.clone(), self.parameters);
        Some(Account { name: self.name.clone(), label: self.label.clone(), tags: self.tags.clone(), key })
    }
}

impl From<Account> for Entry {
    fn from(account: Account) -> Self {
        let parameters = account.key.parameters();
        let secret = StoredSecret::Open(account.key.secret().clone());
        Self { name: account.name, label: account.label, tags: account.tags, parameters, secret }
    }
}
