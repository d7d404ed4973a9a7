//! A change of a vault, before it is written.

use crate::otp::Account;

/// A change of a vault that is still to be written into the file's text
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// Appends a record.
    Insert(Account),
    /// Replaces the contents of the record with this key.
    Replace {
        key: String,
        account: Account,
    },
    Remove {
        key: String,
    },
    /// Renames the record with this key.
    Rename {
        key: String,
        account: Account,
    },
    /// Encrypts all secrets, for the first time or with another key.
    Encrypt,
    /// Writes all secrets as plain text.
    Decrypt,
    /// Replaces the key slots.
    SetSlots,
    /// Recomputes the MACs and changes nothing else.
    Authenticate,
}
