//! An encrypted vault: its state, unlocking it, and changing its encryption.

mod compare;
mod encryption;
mod scan;
mod state;
mod succession;
mod unlock;

pub(crate) use compare::RecordDifference;
pub(super) use state::EncryptedVault;
pub(crate) use unlock::AccountError;
