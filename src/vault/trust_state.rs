//! Rollback protection: the id, key fingerprint and generation last seen for each encrypted vault.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::platform::atomic_file;
use crate::state;
use crate::vault::Vault;

/// Lock file for all vaults: each write holds it only while it replaces one file
const LOCK: &str = "lock";

/// The size limit of a pinned state, in bytes
const MAX_BYTES: u64 = 1 << 16;

/// The pinned state of the vault at a path; contains no secret
///
/// A security control, not a cache: a file that cannot be read is an error, not a vault that was never seen.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TrustState {
    /// Id of the vault, in Base64
    id: String,
    /// Fingerprint of its data key, in Base64
    fingerprint: String,
    generation: u64,
    /// Whether the vault was decrypted: a process that still reads the encrypted file must not pin it again
    #[serde(default, skip_serializing_if = "std::ops::Not::not", rename = "plain")]
    is_plain: bool,
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

    /// Returns the state of a plain-text vault.
    pub(super) fn plain() -> Self {
        Self { is_plain: true, ..Self::default() }
    }

    /// Returns whether the vault was plain text when this machine last saw it.
    pub(crate) fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// Returns the states pinned under each path that leads to the vault.
    ///
    /// # Errors
    /// A file that cannot be read, or holds no state, with its path.
    pub(super) fn load_all(vault: &Path) -> Result<Vec<Self>, (PathBuf, io::Error)> {
        // one look suffices on a machine that never saw an encrypted vault
        if folder().is_none_or(|folder| is_missing(&folder)) {
            return Ok(Vec::new());
        }
        let read_file = |file: PathBuf| match read(&file) {
            Ok(state) => state.map(Ok),
            Err(error) => Some(Err((file, error))),
        };
        files(vault).into_iter().filter_map(read_file).collect()
    }

    /// Returns why a vault that is not unlocked may not follow this state.
    pub(super) fn check_locked(&self, vault: &Vault) -> Option<TrustError> {
        if self.is_plain {
            return None;
        }
        let Some(header) = vault.header() else {
            return (self.pending != Some(PendingChange::Plain)).then_some(TrustError::Downgrade);
        };
        let id = header.id.to_base64();
        let is_pending =
            matches!(&self.pending, Some(PendingChange::Encrypted { id: next, .. }) if *next == id);
        (id != self.id && !is_pending).then_some(TrustError::KeyMismatch)
    }

    /// Returns why a plain-text or unlocked vault may not follow this state.
    pub(crate) fn check_vault(&self, vault: &Vault) -> Option<TrustError> {
        match vault.trust_state() {
            Some(now) => self.check(&now),
            None => self.check_locked(vault),
        }
    }

    /// Returns why the state `now` may not follow this state.
    fn check(&self, now: &Self) -> Option<TrustError> {
        let is_same = (&self.id, &self.fingerprint) == (&now.id, &now.fingerprint);
        let is_pending = self.pending.as_ref().is_some_and(|pending| *pending == now.to_pending());
        if self.is_plain {
            None
        } else if is_same && now.generation < self.generation {
            Some(TrustError::Rollback { found: now.generation, pinned: self.generation })
        } else if is_same || is_pending {
            None
        } else {
            Some(TrustError::KeyMismatch)
        }
    }

    /// Adds the state that a change is about to lead to; `None` for plain text.
    pub(super) fn with_pending(self, next: Option<&Self>) -> Self {
        Self { pending: Some(next.map_or(PendingChange::Plain, Self::to_pending)), ..self }
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

    /// Adds whether the key store has the key of this vault, as the pinned states say.
    pub(super) fn with_key_of(self, pinned: &[Self]) -> Self {
        let has_stored_key = pinned.iter().any(|pinned| pinned.has_stored_key(&self.id));
        self.with_stored_key(has_stored_key)
    }

    /// Returns the number of paths that lead to the vault.
    pub(super) fn count(vault: &Path) -> usize {
        files(vault).len()
    }

    /// Pins the state.
    ///
    /// # Errors
    /// A state folder that cannot be written, or no home folder.
    pub(crate) fn save_pin(&self, vault: &Path) -> io::Result<()> {
        self.save_pin_if(vault, || true)
    }

    /// Pins the state if `is_current` says, while no other process can pin, that it still holds.
    ///
    /// # Errors
    /// The errors of `save_pin`.
    pub(super) fn save_pin_if(&self, vault: &Path, is_current: impl FnOnce() -> bool) -> io::Result<()> {
        let files = files(vault);
        let first = files.first().ok_or(io::ErrorKind::NotFound)?;
        let folder = atomic_file::folder_of(first);
        atomic_file::create_folder(folder)?;
        // The lock lets `replace` remove the temporary file of a process that was killed.
        let lock = match atomic_file::lock(&folder.join(LOCK), first) {
            Err(error) if atomic_file::has_no_locks(&error) => None,
            locked => Some(locked?),
        };
        if !is_current() {
            return Ok(());
        }
        let text = serde_json::to_string(self)?;
        let differs = |file: &&PathBuf| !matches!(read(file), Ok(Some(pinned)) if pinned == *self);
        files.iter().filter(differs).try_for_each(|file| match &lock {
            Some(lock) => lock.replace(file.file_name().unwrap_or_default(), text.as_bytes()),
            None => atomic_file::replace(file, text.as_bytes()),
        })
    }

    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }
}

/// Returns the folder of the pinned states, or `None` if the user has no home folder.
fn folder() -> Option<PathBuf> {
    state::folder().map(|folder| folder.join("vaults"))
}

fn is_missing(folder: &Path) -> bool {
    folder.symlink_metadata().is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

/// Returns a file for each path that leads to the vault.
fn files(vault: &Path) -> Vec<PathBuf> {
    let Some(folder) = folder() else { return Vec::new() };
    state::state_keys(vault).into_iter().map(|key| folder.join(key + ".json")).collect()
}

/// Returns the state in a file, or `None` if the file does not exist.
fn read(file: &Path) -> io::Result<Option<TrustState>> {
    let text = atomic_file::read(file, MAX_BYTES)?;
    Ok(text.map(|text| serde_json::from_slice(&text)).transpose()?)
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
        assert_eq!(encrypted("a").with_pending(None).check_vault(&plain), None);
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
