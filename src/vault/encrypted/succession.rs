//! The generations of an encrypted vault: which state follows which.

use crate::otp::{Account, Key, Name};
use crate::vault::change::Change;
use crate::vault::crypto::VaultKeys;
use crate::vault::{TrustState, Vault};

impl Vault {
    /// Returns the state of an unlocked vault for this machine to pin; `None` if the vault is locked or plain text.
    pub(in crate::vault) fn trust_state(&self) -> Option<TrustState> {
        let (header, fingerprint) = (self.header()?, self.keys().map(VaultKeys::fingerprint)?);
        Some(TrustState::new(header.id.to_base64(), fingerprint, header.generation))
    }

    /// Restores an older vault as the successor of `last` and returns the accounts whose counter changed.
    ///
    /// Raises its generation and keeps the higher HOTP counters, because an HOTP code must never be reused.
    pub(in crate::vault) fn supersede(&mut self, last: &Self) -> Vec<Name> {
        let generation = last.header().map_or(0, |header| header.generation);
        if let Some(encryption) = &mut self.encryption {
            encryption.header.generation = encryption.header.generation.max(generation) + 1;
            self.changes.push(Change::Supersede);
        }
        let advanced: Vec<Account> =
            self.accounts().filter_map(|account| last.with_newer_counter(account, self)).collect();
        let names = advanced.iter().map(|account| account.name.clone()).collect();
        for account in advanced {
            self.replace(account);
        }
        names
    }

    /// Returns an account of the `other` vault with this vault's counter, if that is higher.
    ///
    /// Looks for the account's key under its name first, then under a name that the other vault does not have: the
    /// account may have been renamed.
    fn with_newer_counter(&self, account: Account, other: &Self) -> Option<Account> {
        let counter = account.key.counter()?;
        let same: Vec<Account> =
            self.accounts().filter(|here| here.key.eq_ignoring_counter(&account.key)).collect();
        let keys: Vec<&Key> = match same.iter().find(|here| here.name == account.name) {
            Some(here) => vec![&here.key],
            None => same.iter().filter(|here| !other.has(&here.name)).map(|here| &here.key).collect(),
        };
        let highest = keys.into_iter().max_by_key(|key| key.counter())?.clone();
        (highest.counter() > Some(counter)).then_some(Account { key: highest, ..account })
    }

    /// Raises the generation to the pinned one, if that is of the same vault.
    ///
    /// Otherwise a restored or accepted older copy would make the generations in between look newer.
    pub(in crate::vault) fn raise_generation_to(&mut self, pinned: &TrustState) {
        if let Some(encryption) = &mut self.encryption
            && pinned.id() == encryption.header.id.to_base64()
        {
            encryption.header.generation = encryption.header.generation.max(pinned.generation());
        }
    }

    /// Increments the generation of an encrypted vault.
    pub(in crate::vault) fn bump_generation(&mut self) {
        if let Some(encryption) = &mut self.encryption {
            encryption.header.generation += 1;
        }
    }
}
