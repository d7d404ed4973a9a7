//! Commands that work on the vault file as a whole: its encryption, its keys, its integrity, and other copies of it.

pub(super) mod decrypt;
pub(super) mod encrypt;
mod key_args;
mod key_store;
pub(super) mod merge;
pub(super) mod passwd;
mod plain_copies;
pub(super) mod rekey;
mod slot_summary;
pub(super) mod slots;
pub(super) mod verify_vault;

pub(super) use slot_summary::{summaries, summary};
