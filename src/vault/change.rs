//! A change of a vault, before it is written.

use std::collections::{HashMap, HashSet};

use crate::otp::Account;

/// A change of a vault that is still to be written into the file's text
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// Appends a record with this key.
    Insert { key: String, account: Account },
    /// Replaces the contents of the record with this key.
    Replace { key: String, account: Account },
    /// Removes the records with these keys.
    Remove(HashSet<String>),
    /// Renames the account in the record with the key `from`; the key `to` is the same if the vault hides names.
    Rename { from: String, to: String, account: Account },
    /// Changes the keys of records.
    SetKeys(HashMap<String, String>),
    /// Encrypts all accounts, for the first time, with another key, or with hidden or shown names.
    Encrypt,
    /// Removes these fields, which only encrypted records have, from all records.
    RemoveFields(&'static [&'static str]),
    /// Writes all secrets as plain text.
    Decrypt,
    /// Replaces the key slots.
    SetSlots,
    /// Recomputes the MAC of the file and changes nothing else.
    Supersede,
    /// Recomputes the MACs of all accounts that can be used.
    Accept,
}
