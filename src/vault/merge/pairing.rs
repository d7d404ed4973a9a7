//! Finds the versions of each account in three copies of a vault.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};

use crate::otp::{Account, Key, Kind, Parameters};

/// An account, and its place in its copy
pub(super) type Placed<'a> = (usize, &'a Account);

/// The accounts with one key, of the ancestor, of this vault and of the other copy
pub(super) type SameKey<'a> = [Vec<Placed<'a>>; 3];

/// Returns the accounts of three copies by their keys, in the order in which the keys occur.
pub(super) fn split_by_key<'a>(copies: [&'a [Account]; 3]) -> Vec<SameKey<'a>> {
    let hash_state = RandomState::new();
    let mut groups: Vec<(&Key, SameKey<'a>)> = Vec::new();
    let mut by_hash: HashMap<u64, Vec<usize>> = HashMap::new();
    for (copy, accounts) in copies.into_iter().enumerate() {
        for (place, account) in accounts.iter().enumerate() {
            let indexes = by_hash.entry(hash(&hash_state, &account.key)).or_default();
            let found = indexes.iter().find(|&&index| groups[index].0.eq_ignoring_counter(&account.key));
            let index = found.copied().unwrap_or_else(|| {
                groups.push((&account.key, SameKey::default()));
                indexes.push(groups.len() - 1);
                groups.len() - 1
            });
            groups[index].1[copy].push((place, account));
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn hash(hash_state: &RandomState, key: &Key) -> u64 {
    let parameters: Parameters = key.parameters();
    let is_hotp = matches!(parameters.kind(), Kind::Hotp { .. });
    hash_state.hash_one((key.secret().expose(), parameters.digits(), is_hotp))
}

/// The versions of one account: of the ancestor, here, and there
pub(super) type Versions<'a> = (Option<Placed<'a>>, Option<Placed<'a>>, Option<Placed<'a>>);

/// Pairs the accounts with one key: each with the one of the same name, else of the same label, else the next one.
pub(super) fn pair<'a>(base: &[Placed<'a>], here: &[Placed<'a>], there: &[Placed<'a>]) -> Vec<Versions<'a>> {
    let (mut here, mut there) = (here.to_vec(), there.to_vec());
    let of_base = match_each(base, &mut here);
    let there_of_base = match_each(base, &mut there);
    let with_base = base.iter().zip(of_base).zip(there_of_base);
    let mut versions: Vec<Versions<'a>> =
        with_base.map(|((base, here), there)| (Some(*base), here, there)).collect();
    let new_here = std::mem::take(&mut here);
    let of_new = match_each(&new_here, &mut there);
    versions.extend(new_here.into_iter().zip(of_new).map(|(here, there)| (None, Some(here), there)));
    versions.extend(there.into_iter().map(|there| (None, None, Some(there))));
    versions
}

/// Takes the account out of `others` that belongs to each of `accounts`.
fn match_each<'a>(accounts: &[Placed<'a>], others: &mut Vec<Placed<'a>>) -> Vec<Option<Placed<'a>>> {
    let rules: [fn(&Account, &Account) -> bool; 3] =
        [|one, other| one.name == other.name, |one, other| one.label == other.label, |_, _| true];
    let mut matched = vec![None; accounts.len()];
    for rule in rules {
        for (account, matched) in accounts.iter().zip(&mut matched).filter(|(_, matched)| matched.is_none()) {
            let found = others.iter().position(|other| rule(account.1, other.1));
            *matched = found.map(|position| others.remove(position));
        }
    }
    matched
}
