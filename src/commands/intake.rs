//! Accounts that come in by the dozen: none is doubled, none is in the way of another.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use crate::otp::{Account, Kind, Label, Name, Parameters};
use crate::vault::Vault;

/// An account that was offered to the vault, as it is there now
#[derive(Debug, Clone)]
pub(super) struct TakenIn {
    pub(super) account: Account,
    pub(super) how: How,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum How {
    New,
    /// With a number behind its name, since another account has that name
    Numbered {
        wanted: Name,
    },
    /// It was there, maybe under another name: nothing was written
    Known,
}

/// A vault that accounts are taken into
pub(super) struct Intake<'a> {
    vault: &'a mut Vault,
    /// Those that are there, by a hash of what the same account has the same
    known: HashMap<u64, Vec<Account>>,
    hashing: RandomState,
}

impl<'a> Intake<'a> {
    pub(super) fn new(vault: &'a mut Vault) -> Self {
        let accounts: Vec<Account> = vault.accounts().collect();
        let mut intake = Self { vault, known: HashMap::new(), hashing: RandomState::new() };
        for account in accounts {
            intake.know(account);
        }
        intake
    }

    /// Takes an account in, with the first free number behind its name where that is taken.
    pub(super) fn take(&mut self, mut account: Account) -> TakenIn {
        let alike = self.known.get(&self.hash(&account)).into_iter().flatten();
        if let Some(same) = alike.into_iter().find(|other| is_same(other, &account)) {
            return TakenIn { account: same.clone(), how: How::Known };
        }
        let name = self.vault.free_name(&account.name);
        let how = if name == account.name {
            How::New
        } else {
            How::Numbered { wanted: std::mem::replace(&mut account.name, name) }
        };
        self.vault.insert(account.clone()).expect("the name is free");
        self.know(account.clone());
        TakenIn { account, how }
    }

    fn know(&mut self, account: Account) {
        self.known.entry(self.hash(&account)).or_default().push(account);
    }

    fn hash(&self, account: &Account) -> u64 {
        let Label { issuer, account_name, .. } = &account.label;
        self.hashing.hash_one((issuer, account_name, account.key.secret().expose()))
    }
}

/// Equal in everything but the name, the tags, and how often a counter was used
fn is_same(one: &Account, other: &Account) -> bool {
    one.label == other.label
        && one.key.secret() == other.key.secret()
        && without_counter(one.key.parameters()) == without_counter(other.key.parameters())
}

fn without_counter(parameters: Parameters) -> (Parameters, bool) {
    match parameters.kind() {
        Kind::Hotp { .. } => {
            let fresh = Parameters::hotp(parameters.algorithm(), parameters.digits(), 0);
            (fresh.unwrap_or(parameters), true)
        }
        Kind::Totp { .. } | Kind::Steam => (parameters, false),
    }
}
