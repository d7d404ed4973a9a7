//! Merging accounts into a vault.
//!
//! - `imported`: accounts of other apps, which have no history: the vault gets those that it does not have
//! - `pairing`: the versions of each account in the copies of a vault
//! - `three_way`: another copy of the vault, account by account and `field` by field
//! - `apply`: the result of that into the vault

mod apply;
mod field;
mod imported;
mod pairing;
mod three_way;

pub(crate) use apply::{Renumbered, SlotChanges};
pub(crate) use field::Field;
pub(crate) use imported::{AccountMerger, MergeOutcome, Merged, MergedNote};
pub(crate) use three_way::{AccountMerge, Conflict, Difference, Side, merge_accounts};
