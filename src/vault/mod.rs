//! The accounts as a set, and the file that keeps them.
//!
//! The set is pure: a change is recorded in it, `document` writes the changes into the text and leaves the rest of the
//! text as it stands, and `file` alone touches the disk. In a sealed vault the secrets are sealed one by one (`seal`);
//! `sealed` opens them, `known` remembers outside of the file what a file cannot tell of itself.

pub(crate) mod crypto;
mod document;
mod encrypted;
mod entry;
mod fast_scan;
mod file;
mod lookup;
pub(crate) mod merge;
mod record;
mod trust_state;
mod whole_file;

use std::cell::OnceCell;
use std::collections::HashSet;

pub(crate) use crate::platform::atomic_file::{create, is_exposed, replace};
pub(crate) use crate::vault::file::paths::resolved;
pub(crate) use crate::vault::file::plaintext_copies::PlainCopy;
pub(crate) use crate::vault::file::stamp::Stamp;
pub(crate) use document::DocumentError;
pub(crate) use entry::Entry;
pub(crate) use file::{BackupPolicy, FileError, Loaded, VaultFile, WriteOptions};
pub(crate) use lookup::{FindError, MatchKind, contains_folded};
pub(crate) use record::Problem;
pub(crate) use trust_state::{TrustError, TrustState};
pub(crate) use whole_file::WholeFileCipher;

use crate::error::{CommandError, ExitCode};
use crate::otp::{Account, Name};
use encrypted::EncryptedVault;
use record::Record;

/// The accounts of a vault, in the order of the file, and what has been changed since they were read
#[derive(Debug, Default)]
pub(crate) struct Vault {
    records: Vec<Record>,
    changes: Vec<Change>,
    /// The names of the records, once one was asked for: an import asks for ten thousand
    names: OnceCell<HashSet<String>>,
    /// None: the secrets are not sealed
    sealed: Option<Box<EncryptedVault>>,
}

/// Whether anybody has asked for a name makes no difference
impl PartialEq for Vault {
    fn eq(&self, other: &Self) -> bool {
        (&self.records, &self.changes, &self.sealed) == (&other.records, &other.changes, &other.sealed)
    }
}

/// One change of a vault, still to be written
#[derive(Debug, Clone, PartialEq, Eq)]
enum Change {
    /// A new record at the end
    Insert(Account),
    /// Other contents of the record with this key
    Replace {
        key: String,
        account: Account,
    },
    Remove {
        key: String,
    },
    /// Another name for the record with this key
    Rename {
        key: String,
        account: Account,
    },
    /// All secrets sealed, or sealed with another key
    Seal,
    /// All secrets as plain text again
    Unseal,
    /// Other slots
    Slots,
    /// Nothing but a new signature
    Sign,
    /// Of a vault that is encrypted as a whole: for whom; none where it is for a passphrase, or no longer encrypted
    Recipients(Vec<String>),
}

impl Vault {
    /// Parses the text of a vault.
    #[cfg(test)]
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, DocumentError> {
        document::parse(bytes)
    }

    fn new(records: Vec<Record>) -> Self {
        Self { records, ..Self::default() }
    }

    /// The accounts that can be read, whether their secrets are sealed or not
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.records.iter().filter_map(|record| record.entry.as_ref().ok())
    }

    /// The accounts whose secrets are not sealed
    pub(crate) fn accounts(&self) -> impl Iterator<Item = Account> {
        self.entries().filter_map(Entry::account)
    }

    /// The records that can not, by name
    pub(crate) fn damaged(&self) -> impl Iterator<Item = (&str, &Problem)> {
        self.records.iter().filter_map(|record| Some((record.key.as_str(), record.entry.as_ref().err()?)))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Whether a record, readable or not, has this name
    pub(crate) fn has(&self, name: &Name) -> bool {
        let names =
            self.names.get_or_init(|| self.records.iter().map(|record| record.name().to_owned()).collect());
        names.contains(name.as_str())
    }

    /// The name itself, or with a number behind it that is free and follows one that is not: found by halves, for of
    /// thousands of accounts all may have the same name
    pub(crate) fn free_name(&self, name: &Name) -> Name {
        if !self.has(name) {
            return name.clone();
        }
        // the name itself counts as the first
        let (mut taken, mut free) = (1, 2);
        while self.has(&name.numbered(free)) {
            (taken, free) = (free, 2 * free);
        }
        while free - taken > 1 {
            let number = taken.midpoint(free);
            if self.has(&name.numbered(number)) { taken = number } else { free = number }
        }
        name.numbered(free)
    }

    /// Adds an account.
    ///
    /// # Errors
    /// `NameTaken` where a record has its name; nothing is changed then.
    pub(crate) fn insert(&mut self, account: Account) -> Result<(), NameTaken> {
        if self.has(&account.name) {
            return Err(NameTaken(account.name));
        }
        self.push(account);
        Ok(())
    }

    fn push(&mut self, account: Account) {
        if let Some(names) = self.names.get_mut() {
            names.insert(account.name.as_str().to_owned());
        }
        self.records.push(Record::of(account.clone()));
        self.changes.push(Change::Insert(account));
    }

    /// Adds an account, in the place of the record that has its name, if there is one.
    pub(crate) fn replace(&mut self, account: Account) {
        match self.position(&account.name) {
            None => self.push(account),
            Some(position) => {
                let record = &mut self.records[position];
                record.entry = Ok(account.clone().into());
                self.changes.push(Change::Replace { key: record.key.clone(), account });
            }
        }
    }

    /// Takes away the record that has this name; whether there was one.
    pub(crate) fn remove(&mut self, text: &str) -> bool {
        let Some(position) = self.index_of_name(text) else { return false };
        self.names.take();
        let record = self.records.remove(position);
        self.changes.push(Change::Remove { key: record.key });
        true
    }

    /// Gives an account another name, in the same place. It does nothing where there is no such account, or its secret
    /// is sealed.
    ///
    /// # Errors
    /// `NameTaken`, by another account.
    pub(crate) fn rename(&mut self, name: &Name, to: Name) -> Result<(), NameTaken> {
        let Some(position) = self.position(name) else { return Ok(()) };
        if self.position(&to).is_some_and(|taken| taken != position) {
            return Err(NameTaken(to));
        }
        let record = &mut self.records[position];
        let Some(account) = record.entry.as_ref().ok().and_then(Entry::account) else { return Ok(()) };
        self.names.take();
        let account = Account { name: to, ..account };
        let key = std::mem::replace(record, Record::of(account.clone())).key;
        self.changes.push(Change::Rename { key, account });
        Ok(())
    }

    fn position(&self, name: &Name) -> Option<usize> {
        self.records.iter().position(|record| record.has_name(name))
    }
}

/// Another account has that name already
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' exists already, as another account; nothing was written")]
pub(crate) struct NameTaken(pub(crate) Name);

impl From<NameTaken> for CommandError {
    fn from(error: NameTaken) -> Self {
        Self::wrap(ExitCode::Exists, error).hint("--force replaces it (the one before stays in the backup)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::{Enrolment, Key, Label, Parameters, Secret};

    fn account(name: &str) -> Account {
        let (secret, _) = Secret::from_base32("JBSWY3DPEHPK3PXP").unwrap();
        Enrolment::new(Label::default(), Key::new(secret, Parameters::DEFAULT)).named(name.parse().unwrap())
    }

    #[test]
    fn a_name_is_free_again_once_its_record_has_gone() {
        let mut vault = Vault::default();
        let has = |vault: &Vault| ["a", "b", "c"].map(|name| vault.has(&name.parse().unwrap()));
        assert_eq!(has(&vault), [false, false, false]);
        vault.insert(account("a")).unwrap();
        vault.replace(account("b"));
        assert_eq!(has(&vault), [true, true, false]);
        vault.rename(&"a".parse().unwrap(), "c".parse().unwrap()).unwrap();
        assert_eq!(has(&vault), [false, true, true]);
        assert!(vault.remove("b"));
        assert_eq!(has(&vault), [false, false, true]);
        assert!(vault.insert(account("c")).is_err());
        assert_eq!(vault.free_name(&"c".parse().unwrap()).as_str(), "c-2");
    }

    #[test]
    fn accounts_of_the_same_name_are_numbered_one_after_the_other() {
        let mut vault = Vault::default();
        let name: Name = "a".parse().unwrap();
        for number in 1..100_usize {
            let free = vault.free_name(&name);
            assert_eq!(free, if number == 1 { name.clone() } else { name.numbered(number) });
            vault.insert(account(free.as_str())).unwrap();
        }
        vault.remove("a-40");
        let free = vault.free_name(&name);
        assert!(!vault.has(&free));
    }
}
