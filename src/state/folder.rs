//! The state folder, and the names of the files in it.

use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use sha2::{Digest as _, Sha256};

use crate::platform::atomic_file::accepts_files;

/// Length of the hash in a file's name
const KEY_BYTES: usize = 16;

/// Returns the state folder, or `None` if the user has no home folder.
///
/// This is `$XDG_STATE_HOME/mfa` or `~/.local/state/mfa`, and the folder for local data on systems without a state
/// folder.
pub(crate) fn folder() -> Option<PathBuf> {
    let folders = ProjectDirs::from("", "", "mfa")?;
    Some(folders.state_dir().unwrap_or_else(|| folders.data_local_dir()).to_owned())
}

/// Returns whether the state folder, or its closest existing parent, seems writable. Writes nothing.
pub(crate) fn is_writable() -> bool {
    let Some(folder) = folder() else { return false };
    folder.ancestors().find(|above| above.exists()).is_some_and(accepts_files)
}

/// Returns the file name of a vault, or of an account in it.
///
/// This is a hash, because the vault may hide its accounts' names.
pub(super) fn state_key(vault: &Path, account: &str) -> Option<String> {
    let path = vault.canonicalize().or_else(|_| std::path::absolute(vault)).ok()?;
    Some(hash(&path, account))
}

/// Returns the file names of a vault: one for the given path, one for the path with all links resolved.
///
/// With both, an attacker who replaces the vault with a link does not get a vault without a pinned state.
pub(crate) fn state_keys(vault: &Path) -> Vec<String> {
    let given = std::path::absolute(vault).ok().map(|path| hash(&path, ""));
    let mut state_keys: Vec<String> = given.into_iter().chain(state_key(vault, "")).collect();
    state_keys.dedup();
    state_keys
}

fn hash(path: &Path, account: &str) -> String {
    let mut hash = Sha256::new_with_prefix(path.as_os_str().as_encoded_bytes());
    if !account.is_empty() {
        // no path contains this byte
        hash.update([0]);
        hash.update(account);
    }
    data_encoding::HEXLOWER.encode(&hash.finalize()[..KEY_BYTES])
}
