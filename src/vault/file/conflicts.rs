//! Signs that two machines changed the vault: conflict copies of sync tools, conflict markers of git.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::platform::atomic_file;
use crate::vault::file::error::MAX_BYTES;
use crate::vault::file::paths::resolve_links;
use crate::vault::file::vault_file::VaultFile;

/// Parts of the names of conflict copies: Syncthing; Dropbox and Nextcloud; ownCloud
const CONFLICT_PARTS: [&str; 3] = [".sync-conflict-", "conflicted copy", "_conflict-"];

impl VaultFile {
    /// Returns the conflict copies of the vault beside it, sorted.
    pub(crate) fn conflict_copies(&self) -> Vec<PathBuf> {
        let path = resolve_links(self.path()).unwrap_or_else(|_| self.path().to_owned());
        let entries = std::fs::read_dir(atomic_file::folder_of(&path)).into_iter().flatten().flatten();
        let mut copies: Vec<PathBuf> =
            entries.map(|entry| entry.path()).filter(|copy| is_conflict_copy(copy, &path)).collect();
        copies.sort();
        copies
    }

    /// Returns whether git has left its conflict markers in the vault.
    pub(crate) fn has_conflict_markers(&self) -> bool {
        let mut text = Zeroizing::new(Vec::new());
        let is_file = self.path().metadata().is_ok_and(|metadata| metadata.is_file());
        let file = is_file.then(|| File::open(self.path()).ok()).flatten();
        let read = file.and_then(|file| file.take(MAX_BYTES).read_to_end(&mut text).ok());
        let begins =
            |marker: &str| text.split(|byte| *byte == b'\n').any(|line| line.starts_with(marker.as_bytes()));
        read.is_some() && ["<<<<<<< ", ">>>>>>> "].into_iter().all(begins)
    }
}

/// Returns whether a file is named like a conflict copy: `vault`, the part of a sync tool, `.toml`.
fn is_conflict_copy(copy: &Path, vault: &Path) -> bool {
    let name = copy.file_name().unwrap_or_default().to_string_lossy();
    let stem = vault.file_stem().unwrap_or_default().to_string_lossy();
    let rest = name.strip_prefix(&*stem).unwrap_or_default();
    copy.extension() == vault.extension() && CONFLICT_PARTS.iter().any(|part| rest.contains(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conflict_copies_are_known_by_their_names() {
        let vault = Path::new("/x/vault.toml");
        for (name, expected) in [
            ("vault.sync-conflict-20261130-101010-ABCDEFG.toml", true),
            ("vault (Anna's conflicted copy 2026-11-30).toml", true),
            ("vault (conflicted copy 2026-11-30 101010).toml", true),
            ("vault_conflict-20261130-101010.toml", true),
            ("vault.toml", false),
            ("vault.toml.bak", false),
            ("vault.toml.sync-conflict-20261130-101010-ABCDEFG.bak", false),
            ("other.sync-conflict-20261130-101010-ABCDEFG.toml", false),
        ] {
            assert_eq!(is_conflict_copy(&Path::new("/x").join(name), vault), expected, "{name}");
        }
    }
}
