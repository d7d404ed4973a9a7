//! An account as the vault stores it: its readable fields, and its secret, as plain text or encrypted.

use crate::otp::{Account, Key, Label, Name, Note, Parameters, Secret};

/// An account of the vault, whose secret may be encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) name: Name,
    pub(crate) label: Label,
    pub(crate) tags: Vec<String>,
    pub(crate) parameters: Parameters,
    pub(super) secret: StoredSecret,
}

/// A secret as the vault stores it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum StoredSecret {
    Plain(Secret, Note),
    /// The value of the field `sealed`: Base64 of the encrypted secret and note
    Encrypted(String),
}

impl Entry {
    /// Returns the secret, or `None` while it is encrypted.
    pub(crate) fn secret(&self) -> Option<&Secret> {
        match &self.secret {
            StoredSecret::Plain(secret, _) => Some(secret),
            StoredSecret::Encrypted(_) => None,
        }
    }

    /// Returns the account with its secret, or `None` while the secret is encrypted.
    pub(crate) fn account(&self) -> Option<Account> {
        let StoredSecret::Plain(secret, note) = &self.secret else { return None };
        Some(Account {
            name: self.name.clone(),
            label: self.label.clone(),
            tags: self.tags.clone(),
            note: note.clone(),
            key: Key::new(secret.clone(), self.parameters),
        })
    }
}

impl From<Account> for Entry {
    fn from(account: Account) -> Self {
        let parameters = account.key.parameters();
        let secret = StoredSecret::Plain(account.key.secret().clone(), account.note);
        Self { name: account.name, label: account.label, tags: account.tags, parameters, secret }
    }
}
