//! What this machine remembers of sealed vaults, since a file cannot tell that it is an old copy, or another's, of itself.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::platform::atomic_file;
use crate::state;
use crate::vault::Vault;

/// One lock for all vaults: it is held for no longer than a file takes to be replaced
const LOCK: &str = "lock";

/// What was seen of the vault at a path; no secret
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct TrustState {
    /// Which vault it was: its id and the fingerprint of its data key, in Base64
    id: String,
    fingerprint: String,
    generation: u64,
    /// Whether the user has put the key into the system's key store
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    key_store: bool,
    /// What it was about to become when a change of it began
    #[serde(default, skip_serializing_if = "Option::is_none")]
    coming: Option<PendingChange>,
}

/// What a change makes of a vault
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
enum PendingChange {
    Plain,
    /// One with another key, or another id
    EncryptedVault {
        id: String,
        fingerprint: String,
    },
}

/// What a sound vault can still be
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TrustError {
    #[error("is an older copy: generation {found}, and {known} was there already")]
    Rollback { found: u64, known: u64 },
    #[error("is another vault than the one that was there, or has another key")]
    KeyMismatch,
    #[error("is not sealed, and was when it was last seen here")]
    Downgrade,
}

impl TrustError {
    /// What the user can do about it
    pub(crate) const HINT: &'static str =
        "if that is right (a backup put back, a key changed elsewhere): mfa verify-vault --accept";
}

impl TrustState {
    pub(crate) fn new(id: String, fingerprint: String, generation: u64) -> Self {
        Self { id, fingerprint, generation, ..Self::default() }
    }

    /// What is remembered of the vault at this path; none where nothing is, or can be
    pub(crate) fn of(vault: &Path) -> Option<Self> {
        Self::all_of(vault).next()
    }

    /// The same under each path that leads to it
    pub(super) fn all_of(vault: &Path) -> impl Iterator<Item = Self> {
        files(vault).into_iter().filter_map(|file| read(&file))
    }

    /// Why a plain vault, or an unlocked one, may not be the one that was there
    pub(crate) fn doubt_of(&self, vault: &Vault) -> Option<TrustError> {
        if vault.is_sealed() {
            return self.doubt(&vault.known()?);
        }
        (self.coming != Some(PendingChange::Plain)).then_some(TrustError::Downgrade)
    }

    /// Whether what is there now can follow what was there before
    pub(crate) fn doubt(&self, now: &Self) -> Option<TrustError> {
        if self.coming.as_ref().is_some_and(|coming| *coming == now.as_coming()) {
            None
        } else if (&self.id, &self.fingerprint) != (&now.id, &now.fingerprint) {
            Some(TrustError::KeyMismatch)
        } else if now.generation < self.generation {
            Some(TrustError::Rollback { found: now.generation, known: self.generation })
        } else {
            None
        }
    }

    /// The same, and what a change is about to make of the vault
    pub(super) fn before(self, vault: &Vault) -> Self {
        Self { coming: Some(vault.known().map_or(PendingChange::Plain, |known| known.as_coming())), ..self }
    }

    fn as_coming(&self) -> PendingChange {
        PendingChange::EncryptedVault { id: self.id.clone(), fingerprint: self.fingerprint.clone() }
    }

    /// Whether the key of this vault is in the system's key store
    pub(crate) fn is_in_key_store(&self, vault: &Self) -> bool {
        self.key_store && self.id == vault.id
    }

    /// Whether its key is in the system's key store, for a vault that is not unlocked yet
    pub(crate) fn has_key_of(&self, id: &str) -> bool {
        self.key_store && self.id == id
    }

    pub(crate) fn in_key_store(self, key_store: bool) -> Self {
        Self { key_store, ..self }
    }

    /// Remembers it.
    ///
    /// # Errors
    /// A folder that cannot be written, or none at all.
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
        // under the lock, since what a killed process has left is only swept away then
        match atomic_file::lock(&folder.join(LOCK)) {
            Err(error) if atomic_file::has_no_locks(&error) => atomic_file::replace(path, text.as_bytes()),
            locked => locked.and_then(|_lock| atomic_file::replace_locked(path, text.as_bytes())),
        }
    }

    /// Forgets what is remembered of the vault at this path: it is plain text now.
    pub(crate) fn forget(vault: &Path) {
        for file in files(vault) {
            let _ = std::fs::remove_file(file);
        }
    }

    /// Which of its generations it was
    pub(super) fn generation(&self) -> u64 {
        self.generation
    }

    /// Which vault it is
    pub(crate) fn id(&self) -> &str {
        &self.id
    }
}

/// One file a path of a vault
fn files(vault: &Path) -> Vec<PathBuf> {
    let Some(folder) = state::folder() else { return Vec::new() };
    state::state_keys(vault).into_iter().map(|handle| folder.join("vaults").join(handle + ".json")).collect()
}

fn read(file: &Path) -> Option<TrustState> {
    serde_json::from_str(&std::fs::read_to_string(file).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lower_generation_is_an_older_copy_and_another_key_is_another_vault() {
        let known = TrustState::new("a".to_owned(), "f".to_owned(), 5);
        let now = |id: &str, fingerprint: &str, generation| {
            TrustState::new(id.to_owned(), fingerprint.to_owned(), generation)
        };
        assert_eq!(known.doubt(&now("a", "f", 5)), None);
        assert_eq!(known.doubt(&now("a", "f", 9)), None);
        assert_eq!(known.doubt(&now("a", "f", 4)), Some(TrustError::Rollback { found: 4, known: 5 }));
        assert_eq!(known.doubt(&now("b", "f", 6)), Some(TrustError::KeyMismatch));
        assert_eq!(known.doubt(&now("a", "g", 6)), Some(TrustError::KeyMismatch));
    }

    #[test]
    fn what_was_announced_raises_no_doubt_and_anything_else_does() {
        let sealed = |id: &str| TrustState::new(id.to_owned(), "f".to_owned(), 5);
        let with = |coming| TrustState { coming: Some(coming), ..sealed("a") };
        let plain = Vault::default();
        assert_eq!(sealed("a").doubt_of(&plain), Some(TrustError::Downgrade));
        assert_eq!(sealed("a").before(&plain).doubt_of(&plain), None);
        assert_eq!(with(PendingChange::Plain).doubt(&sealed("b")), Some(TrustError::KeyMismatch));
        assert_eq!(with(sealed("b").as_coming()).doubt(&sealed("b")), None);
        assert_eq!(with(sealed("b").as_coming()).doubt(&sealed("c")), Some(TrustError::KeyMismatch));
        assert_eq!(with(sealed("b").as_coming()).doubt_of(&plain), Some(TrustError::Downgrade));
    }
}
