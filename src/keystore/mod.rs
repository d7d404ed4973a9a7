//! The key of an encrypted vault, kept outside the vault's file, and the care for a process that holds it.
//!
//! - `store`: for good, in the system's key store, where the user chose that as one more way to unlock
//! - `hardening`: no core dump and no debugger while the key is in memory
#![expect(dead_code, reason = "wired up with the commands that follow")]

mod data_key;
pub(crate) mod hardening;
pub(crate) mod store;

pub(crate) use data_key::DataKey;

/// What our entries are filed under in the system's key store
const SERVICE: &str = "mfa";
