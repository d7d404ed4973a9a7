//! Commands that work on the vault file as a whole.

pub(crate) mod decrypt;
pub(crate) mod encrypt;
pub(crate) mod key_args;
pub(crate) mod merge;
pub(crate) mod passwd;
pub(crate) mod rekey;
pub(crate) mod slots;
pub(crate) mod verify_vault;
