//! A cache for the keys of vaults that needs no daemon.
//!
//! On Linux this is the user's keyring in the kernel, which removes expired keys by itself. On other systems it is the
//! system's key store, with an expiry time beside each key.
//!
//! Each backend has the same functions:
//!
//! - `put` caches the key of a vault, for a number of seconds or until the machine restarts, and replaces the cached one.
//! - `get` returns the key of a vault if it is cached and has not expired.
//! - `get_with_expiry` also returns the Unix seconds of the expiry; `None` if the key does not expire.
//! - `forget` removes the key of a vault. Returns whether one was cached.
//! - `forget_all` removes the keys of all vaults. Returns how many were cached. After an error some may be removed.
//!
//! Each vault is named by its id.

mod error;
#[cfg(any(test, not(target_os = "linux")))]
#[cfg_attr(target_os = "linux", expect(dead_code, reason = "on Linux only its tests use it"))]
mod expiring;
#[cfg(target_os = "linux")]
mod kernel;

#[cfg(not(target_os = "linux"))]
pub(crate) use expiring::{forget, forget_all, get, get_with_expiry, put};
#[cfg(target_os = "linux")]
pub(crate) use kernel::{forget, forget_all, get, get_with_expiry, put};
