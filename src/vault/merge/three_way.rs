//! Merges two copies of a vault, with their common ancestor if it is known.
//!
//! Accounts are the same if their key is: a new name, issuer or note is an edit. Without an ancestor it does not show
//! which value is the older one, so each difference is a conflict, unless one copy has no value.

use crate::otp::Account;
use crate::vault::merge::Field;
use crate::vault::merge::pairing::{pair, split_by_key};

/// One of the two copies
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// The vault that gets the result
    Here,
    /// The other copy
    There,
}

/// A difference that only the user can settle
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Conflict {
    /// Both copies have another value
    Field(Field),
    /// Removed in this vault, but changed in the other copy
    RemovedHere,
    /// Removed in the other copy, but changed in this vault
    RemovedThere,
}

/// A difference between the copies of an account, as far as it concerns this vault
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Difference {
    /// Only the other copy has the account: it is added
    Added,
    /// The other copy removed the account: it is removed
    Removed,
    /// Only this vault has the account, which may be new here or removed there: it stays
    OnlyHere,
    /// The value of the other copy is taken
    Taken(Field),
    /// The other copy has no value: this one stays
    Kept(Field),
    /// The higher counter of the other copy is taken
    CounterAdvanced,
    Conflict(Conflict),
}

/// The two copies of an account, and the result of merging them
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccountMerge {
    pub(crate) here: Option<Account>,
    pub(crate) there: Option<Account>,
    /// `None` if the account is removed. Until a conflict is settled: the value here, and never a removal.
    pub(crate) result: Option<Account>,
    pub(crate) differences: Vec<Difference>,
}

impl AccountMerge {
    pub(crate) fn conflicts(&self) -> impl Iterator<Item = Conflict> {
        self.differences.iter().filter_map(|difference| match difference {
            Difference::Conflict(conflict) => Some(*conflict),
            _ => None,
        })
    }

    /// Returns whether this vault changes.
    pub(crate) fn is_change(&self) -> bool {
        self.result != self.here
    }

    /// Settles a conflict with the value, or the removal, of one side.
    pub(crate) fn resolve(&mut self, conflict: Conflict, side: Side) {
        match (conflict, side) {
            (Conflict::Field(field), _) => {
                let from = if side == Side::Here { &self.here } else { &self.there };
                if let (Some(from), Some(result)) = (from, &mut self.result) {
                    field.copy(from, result);
                }
            }
            (Conflict::RemovedHere, Side::Here) | (Conflict::RemovedThere, Side::There) => self.result = None,
            (Conflict::RemovedHere, Side::There) => self.result.clone_from(&self.there),
            (Conflict::RemovedThere, Side::Here) => self.result.clone_from(&self.here),
        }
    }

    fn new(base: Option<&Account>, here: Option<Account>, there: Option<Account>, has_base: bool) -> Self {
        let mut differences = Vec::new();
        let result = match (base, &here, &there) {
            (_, Some(here), Some(there)) => Some(merge_fields(base, here, there, &mut differences)),
            (Some(base), Some(here), None) if base == here => {
                differences.push(Difference::Removed);
                None
            }
            (Some(_), Some(here), None) => {
                differences.push(Difference::Conflict(Conflict::RemovedThere));
                Some(here.clone())
            }
            (None, Some(here), None) => {
                differences.extend((!has_base).then_some(Difference::OnlyHere));
                Some(here.clone())
            }
            (Some(base), None, Some(there)) if base == there => None,
            (Some(_), None, Some(there)) => {
                differences.push(Difference::Conflict(Conflict::RemovedHere));
                Some(there.clone())
            }
            (None, None, Some(there)) => {
                differences.push(Difference::Added);
                Some(there.clone())
            }
            (_, None, None) => None,
        };
        Self { here, there, result, differences }
    }
}

/// Merges the accounts of a vault (`here`) with those of another copy, in the order of the vault.
///
/// `base` are the accounts of the common ancestor.
pub(crate) fn merge_accounts(
    base: Option<&[Account]>,
    here: &[Account],
    there: &[Account],
) -> Vec<AccountMerge> {
    let has_base = base.is_some();
    let mut merges: Vec<(Option<usize>, AccountMerge)> = Vec::new();
    for [base, here, there] in split_by_key([base.unwrap_or_default(), here, there]) {
        for (base, here, there) in pair(&base, &here, &there) {
            let position = here.map(|here| here.0);
            let [base, here, there] = [base, here, there].map(|account| account.map(|(_, account)| account));
            merges.push((position, AccountMerge::new(base, here.cloned(), there.cloned(), has_base)));
        }
    }
    // the accounts that are not here come last, in their order there
    merges.sort_by_key(|(position, _)| position.unwrap_or(usize::MAX));
    merges.into_iter().map(|(_, merge)| merge).collect()
}

fn merge_fields(
    base: Option<&Account>,
    here: &Account,
    there: &Account,
    differences: &mut Vec<Difference>,
) -> Account {
    let mut result = here.clone();
    for field in Field::ALL {
        if field.is_equal(here, there) {
            continue;
        }
        if field == Field::Tags {
            result.tags = merge_tags(base, here, there);
            differences.extend((result.tags != here.tags).then_some(Difference::Taken(field)));
            continue;
        }
        match base {
            Some(base) if field.is_equal(base, there) => {}
            Some(base) if field.is_equal(base, here) => {
                differences.push(Difference::Taken(field));
                field.copy(there, &mut result);
            }
            None if field.is_empty(here) => {
                differences.push(Difference::Taken(field));
                field.copy(there, &mut result);
            }
            None if field.is_empty(there) => differences.push(Difference::Kept(field)),
            _ => differences.push(Difference::Conflict(Conflict::Field(field))),
        }
    }
    if there.key.counter() > here.key.counter() {
        differences.push(Difference::CounterAdvanced);
        result.key.clone_from(&there.key);
    }
    result
}

/// Returns the tags of both, without those that one copy removed since the ancestor.
fn merge_tags(base: Option<&Account>, here: &Account, there: &Account) -> Vec<String> {
    let was_there = |tag: &String| base.is_some_and(|base| base.tags.contains(tag));
    let kept = here.tags.iter().filter(|tag| there.tags.contains(tag) || !was_there(tag));
    let added = there.tags.iter().filter(|tag| !here.tags.contains(tag) && !was_there(tag));
    kept.chain(added).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::{Enrolment, Key, Label, Note, Parameters, Secret};

    fn account(name: &str, secret: u8) -> Account {
        let key = Key::new(Secret::from_bytes(vec![secret; 20]).unwrap(), Parameters::DEFAULT);
        Enrolment::new(Label::default(), key).named(name.parse().unwrap())
    }

    fn only(base: Option<&[Account]>, here: &[Account], there: &[Account]) -> AccountMerge {
        let mut merges = merge_accounts(base, here, there);
        assert_eq!(merges.len(), 1, "{merges:?}");
        merges.remove(0)
    }

    /// The same secret with other parameters gives other codes: another account.
    #[test]
    fn account_is_the_same_if_its_key_is() {
        let base = [account("a", 1)];
        let there = [Account { name: "b".parse().unwrap(), ..base[0].clone() }];
        let merge = only(Some(&base), &base, &there);
        assert_eq!(merge.differences, [Difference::Taken(Field::Name)]);
        let merge = only(None, &base, &there);
        assert_eq!(merge.differences, [Difference::Conflict(Conflict::Field(Field::Name))]);
        assert_eq!(merge.result.as_ref(), Some(&base[0]));

        let eight = Parameters::new(crate::otp::Algorithm::Sha1, 8, 30).unwrap();
        let key = Key::new(base[0].key.secret().clone(), eight);
        let there = [Account { key, ..base[0].clone() }];
        let kinds: Vec<_> =
            merge_accounts(Some(&base), &base, &there).into_iter().map(|merge| merge.differences).collect();
        assert_eq!(kinds, [vec![Difference::Removed], vec![Difference::Added]]);
    }

    #[test]
    fn edit_and_removal_conflict_and_the_account_stays() {
        let base = [account("a", 1)];
        let mut edited = base.clone();
        edited[0].note = Note::new("old phone").unwrap();
        for (here, there, conflict) in
            [(&edited[..], &[][..], Conflict::RemovedThere), (&[][..], &edited[..], Conflict::RemovedHere)]
        {
            let mut merge = only(Some(&base), here, there);
            assert_eq!(merge.conflicts().collect::<Vec<_>>(), [conflict]);
            assert_eq!(merge.result.as_ref(), Some(&edited[0]));
            let removes = if conflict == Conflict::RemovedHere { Side::Here } else { Side::There };
            merge.resolve(conflict, removes);
            assert_eq!(merge.result, None);
        }
        for (here, there) in [(&base[..], &[][..]), (&[][..], &base[..])] {
            let merge = only(Some(&base), here, there);
            assert_eq!((merge.result.as_ref(), merge.conflicts().count()), (None, 0));
        }
    }

    #[test]
    fn tags_of_both_stay_and_removed_ones_go() {
        let tags = |tags: &[&str]| Account {
            tags: tags.iter().map(|&tag| tag.to_owned()).collect(),
            ..account("a", 1)
        };
        let (base, here, there) = ([tags(&["x", "y"])], [tags(&["y", "h"])], [tags(&["x", "t"])]);
        let merge = only(Some(&base), &here, &there);
        assert_eq!(merge.result.unwrap().tags, ["h", "t"]);
        assert_eq!(only(None, &here, &there).result.unwrap().tags, ["y", "h", "x", "t"]);
    }

    /// Two accounts may have one key.
    #[test]
    fn accounts_with_one_key_are_paired_by_name() {
        let [a, b] = ["a", "b"].map(|name| account(name, 1));
        let issuer = |account: &Account, issuer: &str| {
            let mut edited = account.clone();
            issuer.clone_into(&mut edited.label.issuer);
            edited
        };
        let (base, here) = ([a.clone(), b.clone()], [b.clone(), a.clone()]);
        let merges = merge_accounts(Some(&base), &here, &[issuer(&a, "A"), issuer(&b, "B")]);
        let results: Vec<_> = merges.into_iter().filter_map(|merge| merge.result).collect();
        assert_eq!(results, [issuer(&b, "B"), issuer(&a, "A")]);
    }
}
