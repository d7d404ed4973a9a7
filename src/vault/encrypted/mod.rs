//! An encrypted vault: its state, unlocking it, and changing its encryption.

mod encryption;
mod state;
mod succession;
mod unlock;

pub(super) use state::EncryptedVault;
