//! The key of an encrypted vault, kept outside the vault's file, and the care for a process that holds it.
//!
//! - `cache`: for a time, so that one unlocking serves many commands (`mfa unlock`, `mfa lock`)
//! - `store`: for good, in the system's key store, where the user chose that as one more way to unlock
//! - `hardening`: no core dump and no debugger while the key is in memory
//!
//! The two are told apart because their promises differ: the cache may lose the key at any time and never asks the
//! user anything; the key store keeps it, and may show a prompt of its own.

pub(crate) mod cache;
mod data_key;
pub(crate) mod hardening;
pub(crate) mod store;

pub(crate) use data_key::DataKey;

/// What our entries are filed under in the system's key store
const SERVICE: &str = "mfa";
