//! The accounts of a vault as a set, and the changes that are still to be written.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};

use crate::error::{CommandError, ExitCode};
use crate::otp::{Account, Name};
use crate::vault::change::Change;
use crate::vault::encrypted::EncryptedVault;
use crate::vault::entry::Entry;
use crate::vault::record::{Problem, Record};
use crate::vault::stamp::Stamp;

/// The accounts of a vault, in the order of the file, with the changes made since they were read
#[derive(Debug, Default)]
pub(crate) struct Vault {
    pub(super) records: Vec<Record>,
    pub(super) changes: Vec<Change>,
    /// The names of the records, cached because an import looks up thousands
    names: OnceCell<HashSet<String>>,
    /// The file's stamp before it was read
    pub(super) stamp: Option<Stamp>,
    /// `None` in a plain-text vault
    pub(super) encryption: Option<Box<EncryptedVault>>,
}

/// Compares everything but the cache and the stamp.
impl PartialEq for Vault {
    fn eq(&self, other: &Self) -> bool {
        (&self.records, &self.changes, &self.encryption)
            == (&other.records, &other.changes, &other.encryption)
    }
}

/// Rejection of a name that another account has
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the account '{0}' already exists; nothing was written")]
pub(crate) struct NameTaken(pub(crate) Name);

impl Vault {
    pub(super) fn new(records: Vec<Record>) -> Self {
        Self { records, ..Self::default() }
    }

    /// Returns the readable accounts, with encrypted or plain-text secrets.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.records.iter().filter_map(|record| record.entry.as_ref().ok())
    }

    /// Returns the accounts whose secrets are not encrypted.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = Account> {
        self.entries().filter_map(Entry::account)
    }

    /// Returns the name of each record that is not a valid account, with the problem. A hidden name is no problem.
    pub(crate) fn damaged(&self) -> impl Iterator<Item = (&str, &Problem)> {
        let problems =
            self.records.iter().filter_map(|record| Some((record.handle(), record.entry.as_ref().err()?)));
        problems.filter(|(_, problem)| !matches!(problem, Problem::Hidden(_)))
    }

    /// Returns the number of accounts, with those whose names are hidden.
    pub(crate) fn count(&self) -> usize {
        self.records.len() - self.damaged().count()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Returns whether a record, readable or damaged, has this name.
    pub(crate) fn has(&self, name: &Name) -> bool {
        let names =
            self.names.get_or_init(|| self.records.iter().map(|record| record.name().to_owned()).collect());
        names.contains(name.as_str())
    }

    /// Returns the name itself, or the name with an appended number if it is taken.
    ///
    /// The number before the returned one is taken. A binary search finds it, because thousands of accounts may share
    /// a name.
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
    /// `NameTaken` if a record has the account's name. The vault is unchanged then.
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
        let record = Record::from_account(account.clone(), self.hides_names());
        self.changes.push(Change::Insert { key: record.key.clone(), account });
        self.records.push(record);
    }

    /// Adds an account, or replaces the record that has its name.
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

    /// Removes the record with this name. Returns whether it existed.
    pub(crate) fn remove(&mut self, text: &str) -> bool {
        self.remove_all(&[text]).is_ok()
    }

    /// Removes the records with these names, in one pass.
    ///
    /// # Errors
    /// The first name that no record has. The vault is unchanged then.
    pub(crate) fn remove_all<'n>(&mut self, names: &[&'n str]) -> Result<(), &'n str> {
        let handles: HashMap<&str, usize> =
            self.records.iter().enumerate().map(|(position, record)| (record.handle(), position)).collect();
        let position =
            |name: &&'n str| handles.get(name).copied().or_else(|| self.index_of_name(name)).ok_or(*name);
        let positions: HashSet<usize> = names.iter().map(position).collect::<Result<_, _>>()?;
        self.names.take();
        let mut place = 0..;
        let is_removed = |_: &mut Record| place.next().is_some_and(|place| positions.contains(&place));
        let removed = self.records.extract_if(.., is_removed).map(|record| record.key).collect();
        self.changes.push(Change::Remove(removed));
        Ok(())
    }

    /// Renames an account without moving it. Does nothing if the account does not exist or is still encrypted.
    ///
    /// # Errors
    /// `NameTaken` if another account has the new name.
    pub(crate) fn rename(&mut self, name: &Name, to: Name) -> Result<(), NameTaken> {
        let Some(position) = self.position(name) else { return Ok(()) };
        if self.position(&to).is_some_and(|taken| taken != position) {
            return Err(NameTaken(to));
        }
        let hides_names = self.hides_names();
        let record = &mut self.records[position];
        let Some(account) = record.entry.as_ref().ok().and_then(Entry::account) else { return Ok(()) };
        self.names.take();
        let account = Account { name: to, ..account };
        let from = record.key.clone();
        record.entry = Ok(account.clone().into());
        if !hides_names {
            account.name.as_str().clone_into(&mut record.key);
        }
        self.changes.push(Change::Rename { from, to: record.key.clone(), account });
        Ok(())
    }

    /// Empties the cache of names.
    pub(super) fn forget_names(&mut self) {
        self.names.take();
    }

    pub(super) fn position(&self, name: &Name) -> Option<usize> {
        self.records.iter().position(|record| record.has_name(name))
    }
}

impl From<NameTaken> for CommandError {
    fn from(error: NameTaken) -> Self {
        Self::wrap(ExitCode::Exists, error).hint("replace it with --force (the backup keeps the old one)")
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
