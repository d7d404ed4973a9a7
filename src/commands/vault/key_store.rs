//! The vault's data key in the system's key store.

use crate::error::{CommandError, Context as _, Result, cause};
use crate::keyring::{cache, store};
use crate::session::Session;
use crate::vault::TrustState;
use crate::vault::crypto::{DataKey, VaultHeader, VaultId, VaultKeys};

/// Returns whether the user has put the key of the vault with this id into the key store.
pub(super) fn has_key(id: &str, session: &Session<'_>) -> bool {
    session.vault.known_state().is_some_and(|pinned| pinned.has_stored_key(id))
}

/// Puts the key into the key store, and pins that it is there.
///
/// # Errors
/// Fails if the key store rejects the key, or if the pin cannot be written. The vault stays as it is.
pub(super) fn put_key(header: &VaultHeader, key: &DataKey, session: &mut Session<'_>) -> Result<()> {
    put(&header.id.to_base64(), key)?;
    pin_key(header, key, session)
}

/// Runs `write`, which writes a vault of this id and key. If the user wants it, puts the key into the key store before,
/// and removes it again if `write` fails.
///
/// # Errors
/// Fails if the key store rejects the key, before `write` runs; and if `write` fails.
pub(super) fn with_key_in_store<T>(
    is_wanted: bool,
    id: VaultId,
    key: &DataKey,
    session: &mut Session<'_>,
    write: impl FnOnce(&mut Session<'_>) -> Result<T>,
) -> Result<T> {
    if !is_wanted {
        return write(session);
    }
    let id = id.to_base64();
    let was_there = has_key(&id, session);
    put(&id, key)?;
    write(session).inspect_err(|_| {
        if !was_there {
            let _ = store::forget(&id);
        }
    })
}

fn put(id: &str, key: &DataKey) -> Result<()> {
    store::put(id, key).context("could not put the key into the key store")
}

/// Pins that the key is in the key store.
///
/// # Errors
/// Fails if the pin cannot be written. Removes the key from the key store then.
pub(super) fn pin_key(header: &VaultHeader, key: &DataKey, session: &mut Session<'_>) -> Result<()> {
    let id = header.id.to_base64();
    let fingerprint = VaultKeys::derive(key, header.id).fingerprint();
    let pinned = session
        .vault
        .known_state()
        .unwrap_or_else(|| TrustState::new(id.clone(), fingerprint, header.generation));
    if let Err(error) = pinned.with_stored_key(true).save_pin(session.vault.path()) {
        // Without the pin mfa would never ask for the key.
        let _ = store::forget(&id);
        let cause = cause(&error);
        return Err(CommandError::failed(format!(
            "the key is not in the key store: could not record that it would be there: {cause}"
        )));
    }
    session.ui.status("the key is in the system's key store");
    Ok(())
}

/// Removes the key of the vault with this id from the key store.
///
/// # Errors
/// Fails if the key store does not answer.
pub(super) fn remove_key(id: &str, session: &mut Session<'_>) -> Result<()> {
    let existed = store::forget(id)?;
    if let Some(pinned) = session.vault.known_state().filter(|pinned| pinned.has_stored_key(id)) {
        let _ = pinned.with_stored_key(false).save_pin(session.vault.path());
    }
    session.ui.status(if existed {
        "removed the key from the key store"
    } else {
        "the key was not in the key store"
    });
    Ok(())
}

/// Removes a key that no longer decrypts the vault from the cache, and from the key store if it is there.
///
/// Ignores errors: the key is of no use any more.
pub(super) fn forget_old_key(id: &str, is_in_key_store: bool) {
    let _ = cache::forget(id);
    if is_in_key_store {
        let _ = store::forget(id);
    }
}
