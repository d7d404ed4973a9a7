//! Rollback protection: the id, key fingerprint and generation last seen for each encrypted vault.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::platform::atomic_file;
use crate::state;
use crate::vault::Vault;

/// Lock file for all vaults: each write holds it only while it replaces one file
const LOCK: &str = "lock";

/// The pinned state of the vault at a path; contains no secret
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TrustState {
    /// Id of the vault, in Base64
    id: String,
    /// Fingerprint of its data key, in Base64
    fingerprint: String,
    generation: u64,
    /// Whether the user has put the key into the system's key store
    #[serde(default, skip_serializing_if = "std::ops::Not::not", rename = "key_store")]
    has_stored_key: bool,
    /// The change that has begun and may not have been pinned
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "coming")]
    pending: Option<PendingChange>,
}

/// The state that a change leads to
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum PendingChange {
    Plain,
    /// A vault with another key or id
    #[serde(rename = "Sealed")]
    Encrypted {
        id: String,
        fingerprint: String,
    },
}

/// Reason why an intact vault may still not be the expected one
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TrustError {
    #[error("is older than expected: generation {found}, last seen {pinned}")]
    Rollback { found: u64, pinned: u64 },
    #[error("is not the one seen before: its id or key differs")]
    KeyMismatch,
    #[error("is not encrypted, but it was when this machine last saw it")]
    Downgrade,
}

impl TrustError {
    pub(crate) const HINT: &'static str =
        "if you restored a backup or changed the key elsewhere, run 'mfa vault verify --accept'";
}

impl TrustState {
    pub(crate) fn new(id: String, fingerprint: String, generation: u64) -> Self {
        Self { id, fingerprint, generation, ..Self::default() }
    }

    /// Returns the state pinned for the vault at this path. Returns `None` if no state was pinned, or if it cannot be read.
    pub(super) fn load(vault: &Path) -> Option<Self> {
        Self::load_all(vault).next()
    }

    /// Returns the states pinned under each path that leads to the vault.
    pub(super) fn load_all(vault: &Path) -> impl Iterator<Item = Self> {
        files(vault).into_iter().filter_map(|file| read(&file))
    }

    /// Returns why a plain-text or unlocked vault may not follow this state.
    pub(crate) fn check_vault(&self, vault: &Vault) -> Option<TrustError> {
        if vault.is_encrypted() {
            return self.check(&vault.trust_state()?);
        }
        (self.pending != Some(PendingChange::Plain)).then_some(TrustError::Downgrade)
    }

    /// Returns why the state `now` may not follow this state.
    fn check(&self, now: &Self) -> Option<TrustError> {
        if self.pending.as_ref().is_some_and(|pending| *pending == now.to_pending()) {
            None
        } else if (&self.id, &self.fingerprint) != (&now.id, &now.fingerprint) {
            Some(TrustError::KeyMismatch)
        } else if now.generation < self.generation {
            Some(TrustError::Rollback { found: now.generation, pinned: self.generation })
        } else {
            None
        }
    }

    /// Adds the state that a change is about to lead to.
    pub(super) fn with_pending(self, vault: &Vault) -> Self {
        let next = vault.trust_state();
        Self { pending: Some(next.map_or(PendingChange::Plain, |next| next.to_pending())), ..self }
    }

    fn to_pending(&self) -> PendingChange {
        PendingChange::Encrypted { id: self.id.clone(), fingerprint: self.fingerprint.clone() }
    }

    /// Returns whether the key of the vault with this id is in the system's key store.
    pub(crate) fn has_stored_key(&self, id: &str) -> bool {
        self.has_stored_key && self.id == id
    }

    pub(crate) fn with_stored_key(self, has_stored_key: bool) -> Self {
        Self { has_stored_key, ..self }
    }

    /// Pins the state.
    ///
    /// # Errors
    /// A state folder that cannot be written, or no home folder.
    pub(crate) fn save_pin(&self, vault: &Path) -> io::Result<()> {
        let files = files(vault);
        if files.is_empty() {
            return Err(io::ErrorKind::NotFound.into());
        }
        files.iter().filter(|file| read(file).as_ref() != Some(self)).try_for_each(|file| self.write(file))
    }

    fn write(&self, path: &Path) -> io::Result<()> {
        let (folder, text) = (atomic_file::folder_of(path), serde_json::to_string(self)?);
        atomic_file::create_folder(folder)?;
        // The lock lets `replace_locked` remove the temporary file of a process that was killed.
        match atomic_file::lock(&folder.join(LOCK)) {
            Err(error) if atomic_file::has_no_locks(&error) => atomic_file::replace(path, text.as_bytes()),
            locked => locked.and_then(|_lock| atomic_file::replace_locked(path, text.as_bytes())),
        }
    }

    /// Removes the pinned state of a vault that is plain text now.
    pub(super) fn forget(vault: &Path) {
        for file in files(vault) {
            let _ = std::fs::remove_file(file);
        }
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }
}

/// Returns a file for each path that leads to the vault.
fn files(vault: &Path) -> Vec<PathBuf> {
    let Some(folder) = state::folder() else { return Vec::new() };
    state::state_keys(vault).into_iter().map(|key| folder.join("vaults").join(key + ".json")).collect()
}

fn read(file: &Path) -> Option<TrustState> {
    serde_json::from_str(&std::fs::read_to_string(file).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lower_generation_is_a_rollback_and_another_key_a_mismatch() {
        let pinned = TrustState::new("a".to_owned(), "f".to_owned(), 5);
        let now = |id: &str, fingerprint: &str, generation| {
            TrustState::new(id.to_owned(), fingerprint.to_owned(), generation)
        };
        assert_eq!(pinned.check(&now("a", "f", 5)), None);
        assert_eq!(pinned.check(&now("a", "f", 9)), None);
        assert_eq!(pinned.check(&now("a", "f", 4)), Some(TrustError::Rollback { found: 4, pinned: 5 }));
        assert_eq!(pinned.check(&now("b", "f", 6)), Some(TrustError::KeyMismatch));
        assert_eq!(pinned.check(&now("a", "g", 6)), Some(TrustError::KeyMismatch));
    }

    #[test]
    fn only_the_pending_change_is_trusted() {
        let encrypted = |id: &str| TrustState::new(id.to_owned(), "f".to_owned(), 5);
        let with = |pending| TrustState { pending: Some(pending), ..encrypted("a") };
        let plain = Vault::default();
        assert_eq!(encrypted("a").check_vault(&plain), Some(TrustError::Downgrade));
        assert_eq!(encrypted("a").with_pending(&plain).check_vault(&plain), None);
        assert_eq!(with(PendingChange::Plain).check(&encrypted("b")), Some(TrustError::KeyMismatch));
        assert_eq!(with(encrypted("b").to_pending()).check(&encrypted("b")), None);
        assert_eq!(with(encrypted("b").to_pending()).check(&encrypted("c")), Some(TrustError::KeyMismatch));
        assert_eq!(with(encrypted("b").to_pending()).check_vault(&plain), Some(TrustError::Downgrade));
    }

    /// The state files of earlier versions must stay readable: an unreadable pin protects nothing.
    #[test]
    fn file_of_an_earlier_version_is_read_and_written_unchanged() {
        let text = r#"{"id":"a","fingerprint":"f","generation":5,"key_store":true,"coming":{"Sealed":{"id":"b","fingerprint":"g"}}}"#;
        let state: TrustState = serde_json::from_str(text).unwrap();
        assert!(state.has_stored_key("a"));
        assert_eq!(serde_json::to_string(&state).unwrap(), text);
    }
}
