//! Per-user state directory. Contains no secrets.
//!
//! Files are named after the vault's path and the account's name, never after the secret: an attacker with the folder
//! could otherwise test guesses of weak secrets.

mod error;
mod folder;
mod step_record;
mod used_codes;

pub(crate) use error::StateError;
pub(crate) use folder::{folder, is_writable, state_keys};
pub(crate) use used_codes::{UsedCodes, UsedCodesLock};
