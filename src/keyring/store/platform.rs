//! The key store of this operating system.

use std::sync::Arc;

use keyring_core::CredentialStore;

use crate::keyring::store::error::StoreError;

/// Connects to the key store.
///
/// # Errors
/// `Unavailable`, whatever the cause.
pub(super) fn open() -> Result<Arc<CredentialStore>, StoreError> {
    seed_session_keys()?;
    #[cfg(all(unix, not(target_os = "macos")))]
    if !has_bus() {
        // Check this first: with an X display the library would start its own bus.
        return Err(StoreError::Unavailable("no D-Bus session".to_owned()));
    }
    match store() {
        Ok(store) => Ok(store),
        Err(error) => Err(StoreError::Unavailable(error.to_string())),
    }
}

#[cfg(all(unix, not(target_os = "macos")))]
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(dbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(windows)]
fn store() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// Seeds the generator of this thread from the system's random numbers.
///
/// The library draws the key of its session from that generator, which would otherwise begin with the clock.
///
/// # Errors
/// `Failed` if the system gives no random numbers.
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) fn seed_session_keys() -> Result<(), StoreError> {
    let mut seed = [0; 8];
    getrandom::fill(&mut seed).map_err(|error| StoreError::Failed(error.to_string()))?;
    fastrand::seed(u64::from_ne_bytes(seed));
    Ok(())
}

#[cfg(any(target_os = "macos", windows))]
#[expect(clippy::unnecessary_wraps, reason = "on other systems it can fail")]
pub(super) fn seed_session_keys() -> Result<(), StoreError> {
    Ok(())
}

/// Returns whether the variable of the D-Bus specification is set, or the socket of systemd exists.
#[cfg(all(unix, not(target_os = "macos")))]
fn has_bus() -> bool {
    use crate::platform::env::var_os;
    use std::path::PathBuf;

    var_os("DBUS_SESSION_BUS_ADDRESS").is_some()
        || var_os("XDG_RUNTIME_DIR").is_some_and(|folder| PathBuf::from(folder).join("bus").exists())
}
