//! What this machine remembers, in a folder of its own; never a secret.
//!
//! It is keyed by the vault's path and the account's name, never by the secret: whoever finds the folder could otherwise
//! try guesses at weak secrets on it.

mod steps;

use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use sha2::{Digest as _, Sha256};

pub(crate) use steps::{StateError, Steps};

/// How much of a hash names a file
const HANDLE_BYTES: usize = 16;

/// `$XDG_STATE_HOME/mfa` or `~/.local/state/mfa`, and the folder for local data where a system has no other; none where
/// the user has no home
pub(crate) fn folder() -> Option<PathBuf> {
    let folders = ProjectDirs::from("", "", "mfa")?;
    Some(folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned())
}

/// What a vault, or an account in it, is called here: a hash, so that the folder does not show the names that a vault
/// may hide
pub(crate) fn handle(vault: &Path, account: &str) -> Option<String> {
    let path = vault.canonicalize().or_else(|_| std::path::absolute(vault)).ok()?;
    let mut hash = Sha256::new_with_prefix(path.as_os_str().as_encoded_bytes());
    if !account.is_empty() {
        // no path holds this byte
        hash.update([0]);
        hash.update(account);
    }
    Some(data_encoding::HEXLOWER.encode(&hash.finalize()[..HANDLE_BYTES]))
}
