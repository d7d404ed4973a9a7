//! Keys of encrypted vaults outside the vault's file, and hardening of a process that holds a key.
//!
//! - `cache`: for a limited time, so that the user unlocks the vault once for many commands (`mfa unlock`, `mfa lock`)
//! - `store`: permanently, in the system's key store, if the user chose that as one more way to unlock
//! - `hardening`: no core dump and no debugger while a key is in memory
//!
//! `cache` and `store` make different promises: the cache may lose the key at any time and never prompts; the key store
//! keeps it and may show a prompt of its own.

pub(crate) mod cache;
pub(crate) mod hardening;
mod key_text;
pub(crate) mod store;

/// Service name of mfa's entries in the system's key store
const SERVICE: &str = "mfa";
