//! Brings the result of a merge into the vault.

use std::collections::HashMap;

use crate::otp::{Account, Name};
use crate::vault::change::Change;
use crate::vault::crypto::KeySlot;
use crate::vault::merge::AccountMerge;
use crate::vault::{DocumentError, Vault, document};

/// An account that got a number, because another one has its name
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Renumbered {
    pub(crate) wanted: Name,
    pub(crate) name: Name,
}

/// The key slots by which two copies of an encrypted vault differ
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct SlotChanges {
    /// Taken over from the other copy
    pub(crate) added: Vec<KeySlot>,
    /// Removed, as in the other copy
    pub(crate) removed: Vec<KeySlot>,
    /// Only in the other copy; without an ancestor they are not taken over
    pub(crate) only_there: Vec<KeySlot>,
}

/// A rename that is still to be done
struct Rename {
    /// The name before the merge
    here: Name,
    /// The name now, which may be a temporary one
    now: Name,
    to: Name,
}

impl SlotChanges {
    /// Returns whether the slots of this vault change.
    pub(crate) fn is_change(&self) -> bool {
        !(self.added.is_empty() && self.removed.is_empty())
    }
}

impl Vault {
    /// Gives each account the result of its merge, and adds and removes accounts.
    pub(crate) fn apply_merge(&mut self, merges: &[AccountMerge]) -> Vec<Renumbered> {
        let mut renames = Vec::new();
        for merge in merges {
            match (&merge.here, &merge.result) {
                (Some(here), None) => drop(self.remove(here.name.as_str())),
                (Some(here), Some(result)) if here.name != result.name => {
                    renames.push(Rename {
                        here: here.name.clone(),
                        now: here.name.clone(),
                        to: result.name.clone(),
                    });
                }
                _ => {}
            }
        }
        let names = self.rename_all(renames);
        let mut renumbered = Vec::new();
        for merge in merges.iter().filter(|merge| merge.is_change()) {
            let Some(result) = &merge.result else { continue };
            let new_name = merge.here.as_ref().and_then(|here| names.get(here.name.as_str()));
            let name = match (&merge.here, new_name) {
                (_, Some(name)) => name.clone(),
                (None, None) => self.free_name(&result.name),
                (Some(_), None) => result.name.clone(),
            };
            if name != result.name {
                renumbered.push(Renumbered { wanted: result.name.clone(), name: name.clone() });
            }
            self.replace(Account { name, ..result.clone() });
        }
        renumbered
    }

    /// Renames accounts, whose names may be exchanged among them. Returns the new names by the old ones.
    fn rename_all(&mut self, mut renames: Vec<Rename>) -> HashMap<String, Name> {
        let mut names = HashMap::new();
        while !renames.is_empty() {
            let free = renames.iter().position(|rename| !self.has(&rename.to));
            let rename = renames.swap_remove(free.unwrap_or_default());
            // an account with that name may still be to be renamed itself
            if free.is_none() && renames.iter().any(|other| other.now == rename.to) {
                let now = self.free_name(&rename.now);
                self.rename(&rename.now, now.clone()).expect("the name is free");
                renames.push(Rename { now, ..rename });
                continue;
            }
            let name = self.free_name(&rename.to);
            self.rename(&rename.now, name.clone()).expect("the name is free");
            names.insert(rename.here.as_str().to_owned(), name);
        }
        names
    }

    /// Takes over the key slots that another copy of this unlocked vault added or removed since their ancestor.
    ///
    /// Without an ancestor the slots stay, and the caller learns which ones only the other copy has.
    pub(crate) fn merge_slots(&mut self, base: Option<&Self>, there: &Self) -> SlotChanges {
        let (Some(here), Some(other)) = (self.header(), there.header()) else {
            return SlotChanges::default();
        };
        if here.id != other.id {
            return SlotChanges::default();
        }
        let is_in = |slots: &[KeySlot], slot: &KeySlot| slots.iter().any(|other| other.data == slot.data);
        let only_there: Vec<KeySlot> =
            other.slots.iter().filter(|slot| !is_in(&here.slots, slot)).cloned().collect();
        let Some(base) = base.and_then(Self::header).filter(|base| base.id == here.id) else {
            return SlotChanges { only_there, ..SlotChanges::default() };
        };
        let added: Vec<KeySlot> = only_there.into_iter().filter(|slot| !is_in(&base.slots, slot)).collect();
        let was_removed = |slot: &&KeySlot| is_in(&base.slots, slot) && !is_in(&other.slots, slot);
        let removed: Vec<KeySlot> = here.slots.iter().filter(was_removed).cloned().collect();
        let kept = here.slots.iter().filter(|slot| !is_in(&removed, slot));
        let slots: Vec<KeySlot> = kept.chain(&added).cloned().collect();
        if slots.is_empty() || (added.is_empty() && removed.is_empty()) {
            return SlotChanges::default();
        }
        self.set_slots(slots);
        SlotChanges { added, removed, only_there: Vec::new() }
    }

    /// Makes the next write of an unlocked vault the successor of another copy of it too.
    ///
    /// Otherwise a machine that knows the other copy would take the result for an older one.
    pub(crate) fn follow(&mut self, other: &Self) {
        if let Some(state) = other.trust_state() {
            self.raise_generation_to(&state);
            self.changes.push(Change::Supersede);
        }
    }

    /// Returns the text of the next version of a vault that was read from `before`.
    ///
    /// # Errors
    /// The text cannot be written without losing something.
    pub(crate) fn render_next(&mut self, before: &[u8]) -> Result<String, DocumentError> {
        self.bump_generation();
        document::render(Some(before), self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::{Enrolment, Key, Label, Parameters, Secret};
    use crate::vault::merge::merge_accounts;

    fn account(name: &str, secret: u8) -> Account {
        let key = Key::new(Secret::from_bytes(vec![secret; 20]).unwrap(), Parameters::DEFAULT);
        Enrolment::new(Label::default(), key).named(name.parse().unwrap())
    }

    fn merged(base: &[(&str, u8)], here: &[(&str, u8)], there: &[(&str, u8)]) -> (Vec<(String, u8)>, usize) {
        let accounts = |list: &[(&str, u8)]| {
            list.iter().map(|(name, secret)| account(name, *secret)).collect::<Vec<_>>()
        };
        let mut vault = Vault::default();
        for account in accounts(here) {
            vault.insert(account).unwrap();
        }
        let renumbered =
            vault.apply_merge(&merge_accounts(Some(&accounts(base)), &accounts(here), &accounts(there)));
        let names =
            vault.accounts().map(|account| (account.name.to_string(), account.key.secret().expose()[0]));
        let mut names: Vec<_> = names.collect();
        names.sort();
        (names, renumbered.len())
    }

    fn named(names: &[(&str, u8)]) -> Vec<(String, u8)> {
        names.iter().map(|(name, secret)| ((*name).to_owned(), *secret)).collect()
    }

    #[test]
    fn names_are_exchanged_and_passed_on() {
        let base = [("a", 1), ("b", 2), ("c", 3)];
        for there in
            [[("b", 1), ("a", 2), ("c", 3)], [("b", 1), ("c", 2), ("a", 3)], [("x", 1), ("a", 2), ("b", 3)]]
        {
            let mut expected = named(&there);
            expected.sort();
            assert_eq!(merged(&base, &base, &there), (expected, 0));
        }
    }

    #[test]
    fn name_that_another_account_has_gets_a_number() {
        let base = [("a", 1)];
        assert_eq!(merged(&base, &[("a", 1), ("x", 2)], &[("x", 1)]), (named(&[("x", 2), ("x-2", 1)]), 1));
        assert_eq!(merged(&[], &[("a", 1)], &[("a", 2)]), (named(&[("a", 1), ("a-2", 2)]), 1));
        assert_eq!(merged(&base, &base, &[("a", 2)]), (named(&[("a", 2)]), 0));
        let both = [("a", 1), ("b", 2)];
        assert_eq!(
            merged(&both, &[("x", 1), ("b", 2)], &[("a", 1), ("x", 2)]),
            (named(&[("x", 1), ("x-2", 2)]), 1)
        );
        assert_eq!(merged(&base, &[("x", 1)], &[("a", 1), ("x", 2)]), (named(&[("x", 1), ("x-2", 2)]), 1));
    }
}
