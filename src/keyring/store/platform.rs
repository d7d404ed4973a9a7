//! Which key store this system has.

use std::sync::Arc;

use keyring_core::CredentialStore;

use crate::keyring::store::StoreError;

/// Reaches the key store.
///
/// # Errors
/// `Absent`, whatever the cause: nothing has been asked of it yet.
pub(super) fn open() -> Result<Arc<CredentialStore>, StoreError> {
    #[cfg(all(unix, not(target_os = "macos")))]
    if !has_bus() {
        // asked before the library is: it would start a bus of its own where there is an X display
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

/// The D-Bus specification's variable, or systemd's well-known place
#[cfg(all(unix, not(target_os = "macos")))]
fn has_bus() -> bool {
    use crate::platform::env::var_os;
    use std::path::PathBuf;

    var_os("DBUS_SESSION_BUS_ADDRESS").is_some()
        || var_os("XDG_RUNTIME_DIR").is_some_and(|folder| PathBuf::from(folder).join("bus").exists())
}
