//! Accounts that come in by the dozen: none is doubled, none is in the way of another.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use crate::otp::{Account, Label, Name};
use crate::vault::Vault;

/// An account that was offered to the vault, as it is there now
#[derive(Debug, Clone)]
pub(crate) struct Merged {
    pub(crate) account: Account,
    pub(crate) how: MergeOutcome,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MergeOutcome {
    New,
    /// With a number behind its name, since another account has that name
    Numbered {
        wanted: Name,
    },
    /// It was there, maybe under another name: nothing was written
    TrustState,
    /// Likewise, but its counter was further on where it came from
    CounterAdvanced,
}

impl Merged {
    pub(crate) fn was_there(&self) -> bool {
        matches!(self.how, MergeOutcome::TrustState | MergeOutcome::CounterAdvanced)
    }
}

/// A vault that accounts are taken into
pub(crate) struct AccountMerger<'a> {
    vault: &'a mut Vault,
    /// Those that are there, by a hash of what the same account has the same
    known: HashMap<u64, Vec<Account>>,
    hashing: RandomState,
}

impl<'a> AccountMerger<'a> {
    pub(crate) fn new(vault: &'a mut Vault) -> Self {
        let accounts: Vec<Account> = vault.accounts().collect();
        let mut intake = Self { vault, known: HashMap::new(), hashing: RandomState::new() };
        for account in accounts {
            intake.know(&account);
        }
        intake
    }

    /// Takes an account in, with the first free number behind its name where that is taken.
    pub(crate) fn take(&mut self, mut account: Account) -> Merged {
        let alike =
            labels(&account).into_iter().filter_map(|label| self.known.get(&self.hash(&label, &account)));
        if let Some(same) = alike.flatten().find(|other| is_same(other, &account)) {
            return Merged { account: same.clone(), how: MergeOutcome::TrustState };
        }
        let name = self.vault.free_name(&account.name);
        let how = if name == account.name {
            MergeOutcome::New
        } else {
            MergeOutcome::Numbered { wanted: std::mem::replace(&mut account.name, name) }
        };
        self.vault.insert(account.clone()).expect("the name is free");
        self.know(&account);
        Merged { account, how }
    }

    /// As `take`, from a copy of the vault: its codes were handed out there as well, and an account goes on from the further
    /// of both counters.
    pub(crate) fn take_up(&mut self, account: Account) -> Merged {
        let key = account.key.clone();
        let taken = self.take(account);
        if taken.how != MergeOutcome::TrustState || key.counter() <= taken.account.key.counter() {
            return taken;
        }
        let account = Account { key, ..taken.account };
        self.vault.replace(account.clone());
        for label in labels(&account) {
            let hash = self.hash(&label, &account);
            let alike = self.known.get_mut(&hash).into_iter().flatten();
            alike
                .filter(|known| known.name == account.name)
                .for_each(|known| known.key.clone_from(&account.key));
        }
        Merged { account, how: MergeOutcome::CounterAdvanced }
    }

    fn know(&mut self, account: &Account) {
        for label in labels(account) {
            self.known.entry(self.hash(&label, account)).or_default().push(account.clone());
        }
    }

    fn hash(&self, label: &[String; 2], account: &Account) -> u64 {
        self.hashing.hash_one((label, account.key.secret().expose()))
    }
}

/// Equal in everything but the name, the tags, and how often a counter was used. Many formats have no place for a serial.
fn is_same(one: &Account, other: &Account) -> bool {
    let serials = (&one.label.serial, &other.label.serial);
    (serials.0 == serials.1 || serials.0.is_none() || serials.1.is_none())
        && one.key.eq_ignoring_counter(&other.key)
        && labels(one).iter().any(|label| labels(other).contains(label))
}

/// Issuer and account name as exports write them: of an account that has none its name or its serial, which some formats
/// take for the one and some for the other, and nothing, since its name is no part of it
fn labels(account: &Account) -> Vec<[String; 2]> {
    let alone = |name: String| [String::new(), name];
    let Label { issuer, account_name, .. } = account.full_label();
    let is_alone = issuer.is_empty() || account_name.is_empty();
    let label = if is_alone { alone(issuer + &account_name) } else { [issuer, account_name] };
    let mut labels = vec![label];
    if account.label.is_blank() {
        labels.extend([alone(account.name.to_string()), alone(String::new())]);
    }
    labels
}
