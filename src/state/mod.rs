//! What this machine remembers, in a folder of its own; never a secret.
//!
//! It is keyed by the vault's path and the account's name, never by the secret: whoever finds the folder could otherwise
//! try guesses at weak secrets on it.

mod used_codes;

use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use sha2::{Digest as _, Sha256};

pub(crate) use used_codes::{StateError, UsedCodes, UsedCodesLock};

/// How much of a hash names a file
const HANDLE_BYTES: usize = 16;

/// `$XDG_STATE_HOME/mfa` or `~/.local/state/mfa`, and the folder for local data where a system has no other; none where
/// the user has no home
pub(crate) fn folder() -> Option<PathBuf> {
    let folders = ProjectDirs::from("", "", "mfa")?;
    Some(folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned())
}

/// Whether something can be remembered, without trying it: the folder, or the first above it that is there, takes files
pub(crate) fn is_writable() -> bool {
    let Some(folder) = folder() else { return false };
    folder.ancestors().find(|above| above.exists()).is_some_and(takes_files)
}

#[cfg(unix)]
fn takes_files(folder: &Path) -> bool {
    use rustix::fs::{Access, access};
    folder.is_dir() && access(folder, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn takes_files(folder: &Path) -> bool {
    folder.metadata().is_ok_and(|metadata| metadata.is_dir() && !metadata.permissions().readonly())
}

/// What a vault, or an account in it, is called here: a hash, so that the folder does not show the names that a vault
/// may hide
pub(crate) fn state_key(vault: &Path, account: &str) -> Option<String> {
    let path = vault.canonicalize().or_else(|_| std::path::absolute(vault)).ok()?;
    Some(handle_of(&path, account))
}

/// What a vault is called by the path that it is named by, and by the one where it lies once all links are followed:
/// whoever puts a link in its place shall not make another of it
pub(crate) fn state_keys(vault: &Path) -> Vec<String> {
    let named = std::path::absolute(vault).ok().map(|path| handle_of(&path, ""));
    let mut state_keys: Vec<String> = named.into_iter().chain(state_key(vault, "")).collect();
    state_keys.dedup();
    state_keys
}

fn handle_of(path: &Path, account: &str) -> String {
    let mut hash = Sha256::new_with_prefix(path.as_os_str().as_encoded_bytes());
    if !account.is_empty() {
        // no path holds this byte
        hash.update([0]);
        hash.update(account);
    }
    data_encoding::HEXLOWER.encode(&hash.finalize()[..HANDLE_BYTES])
}
