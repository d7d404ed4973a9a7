//! Merges imported accounts into a vault: skips duplicates, renames on conflict.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use crate::otp::{Account, Label, Name, Note};
use crate::vault::Vault;

/// An imported account as it is in the vault now
#[derive(Debug, Clone)]
pub(crate) struct Merged {
    pub(crate) account: Account,
    pub(crate) outcome: MergeOutcome,
    pub(crate) note: MergedNote,
}

/// The effect of merging the note of an account that the vault has
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MergedNote {
    Same,
    /// The account had no note, and got the imported one
    Added,
    /// The account has another note, and keeps it
    Kept,
}

/// The effect of merging one account
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MergeOutcome {
    New,
    /// Stored with a number appended, because another account has its name
    Numbered {
        wanted: Name,
    },
    /// Nothing was written: the vault has the account, maybe under another name
    AlreadyPresent,
    /// The vault has the account, and got the higher counter of the imported one
    CounterAdvanced,
}

impl Merged {
    /// Returns whether the vault had the account before.
    pub(crate) fn is_duplicate(&self) -> bool {
        matches!(self.outcome, MergeOutcome::AlreadyPresent | MergeOutcome::CounterAdvanced)
    }
}

/// Adds accounts to a vault without storing duplicates
pub(crate) struct AccountMerger<'a> {
    vault: &'a mut Vault,
    /// The vault's accounts by a hash of the label and secret, which duplicates share
    by_hash: HashMap<u64, Vec<Account>>,
    hash_state: RandomState,
}

impl<'a> AccountMerger<'a> {
    pub(crate) fn new(vault: &'a mut Vault) -> Self {
        let accounts: Vec<Account> = vault.accounts().collect();
        let mut merger = Self { vault, by_hash: HashMap::new(), hash_state: RandomState::new() };
        for account in accounts {
            merger.index(&account);
        }
        merger
    }

    /// Adds an account unless the vault has it, with a number appended to its name if that is taken.
    pub(crate) fn add(&mut self, mut account: Account) -> Merged {
        let candidates =
            labels(&account).into_iter().filter_map(|label| self.by_hash.get(&self.hash(&label, &account)));
        if let Some(same) = candidates.flatten().find(|other| is_same(other, &account)) {
            let same = same.clone();
            return self.merge_note(same, account.note);
        }
        let name = self.vault.free_name(&account.name);
        let outcome = if name == account.name {
            MergeOutcome::New
        } else {
            MergeOutcome::Numbered { wanted: std::mem::replace(&mut account.name, name) }
        };
        self.vault.insert(account.clone()).expect("the name is free");
        self.index(&account);
        Merged { account, outcome, note: MergedNote::Same }
    }

    /// Gives an account of the vault the imported note, if it has none.
    fn merge_note(&mut self, mut account: Account, note: Note) -> Merged {
        let outcome = MergeOutcome::AlreadyPresent;
        if note.is_empty() || note == account.note {
            return Merged { account, outcome, note: MergedNote::Same };
        }
        if !account.note.is_empty() {
            return Merged { account, outcome, note: MergedNote::Kept };
        }
        account.note = note;
        self.update(&account);
        Merged { account, outcome, note: MergedNote::Added }
    }

    /// Replaces an account of the vault, whose label and secret stay the same.
    fn update(&mut self, account: &Account) {
        self.vault.replace(account.clone());
        for label in labels(account) {
            let hash = self.hash(&label, account);
            let indexed = self.by_hash.get_mut(&hash).into_iter().flatten();
            indexed
                .filter(|indexed| indexed.name == account.name)
                .for_each(|indexed| indexed.clone_from(account));
        }
    }

    /// Adds an account or, if the vault has it, raises its counter to the imported one.
    ///
    /// For accounts whose HOTP codes may have been used elsewhere, such as those in a copy of the vault.
    pub(crate) fn merge(&mut self, account: Account) -> Merged {
        let key = account.key.clone();
        let merged = self.add(account);
        if merged.outcome != MergeOutcome::AlreadyPresent || key.counter() <= merged.account.key.counter() {
            return merged;
        }
        let account = Account { key, ..merged.account };
        self.update(&account);
        Merged { account, outcome: MergeOutcome::CounterAdvanced, note: merged.note }
    }

    fn index(&mut self, account: &Account) {
        for label in labels(account) {
            self.by_hash.entry(self.hash(&label, account)).or_default().push(account.clone());
        }
    }

    fn hash(&self, label: &[String; 2], account: &Account) -> u64 {
        self.hash_state.hash_one((label, account.key.secret().expose()))
    }
}

/// Returns whether two accounts differ at most in the name, the tags, the note and the counter.
///
/// A missing serial number equals any other, because many formats cannot store one.
fn is_same(one: &Account, other: &Account) -> bool {
    let serials = (&one.label.serial, &other.label.serial);
    (serials.0 == serials.1 || serials.0.is_none() || serials.1.is_none())
        && one.key.eq_ignoring_counter(&other.key)
        && labels(one).iter().any(|label| labels(other).contains(label))
}

/// Returns the labels that exports may write for an account: issuer and account name.
///
/// An account without a label may come back with its name or serial number as either part, or with no label at all.
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
