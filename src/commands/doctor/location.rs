//! Checks that a plain-text vault is not in a git repository or a synchronised folder.

use std::path::Path;

use super::finding::Finding;
use crate::text::shown_path;
use crate::vault::VaultFile;

/// Prefixes of folder names, each with the service that copies such folders to other machines
const SYNCED: [(&str, &str); 8] = [
    ("Dropbox", "Dropbox"),
    ("Mobile Documents", "iCloud"),
    ("iCloud", "iCloud"),
    ("OneDrive", "OneDrive"),
    ("Nextcloud", "Nextcloud"),
    ("ownCloud", "ownCloud"),
    ("Google Drive", "Google Drive"),
    ("GoogleDrive", "Google Drive"),
];

/// The folder that Syncthing creates in the folders that it copies
const SYNCTHING_MARKER: &str = ".stfolder";

/// Checks the folder of a plain-text vault.
pub(super) fn check(file: &VaultFile) -> Option<Finding> {
    let folder = std::path::absolute(file.paths().ok()?.folder).ok()?;
    let folder = folder.canonicalize().unwrap_or(folder);
    let text = if let Some(tree) = folder.ancestors().find(|folder| folder.join(".git").exists()) {
        format!("the plain-text vault is in the git working tree '{}'", shown_path(tree))
    } else if let Some(service) = service(&folder) {
        format!("{service} copies the plain-text vault to other machines")
    } else {
        return Some(Finding::ok("place", "not in a git repository or a synchronised folder"));
    };
    Some(Finding::warning("place", format!("{text}; encrypt it with 'mfa vault encrypt'")))
}

fn service(folder: &Path) -> Option<&'static str> {
    if folder.ancestors().any(|folder| folder.join(SYNCTHING_MARKER).exists()) {
        return Some("Syncthing");
    }
    let parts = folder.components().map(|part| part.as_os_str().to_string_lossy());
    parts.rev().find_map(|part| SYNCED.into_iter().find(|(name, _)| part.starts_with(name)).map(|(_, s)| s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn service_is_recognised_by_the_folder_name() {
        for (folder, expected) in [
            ("/home/a/Dropbox/vault", Some("Dropbox")),
            ("/home/a/Dropbox (Work)", Some("Dropbox")),
            ("/Users/a/Library/Mobile Documents/com~apple~CloudDocs/x", Some("iCloud")),
            ("/mnt/c/Users/a/OneDrive - Corp/mfa", Some("OneDrive")),
            ("/home/a/Nextcloud", Some("Nextcloud")),
            ("/home/a/.config/mfa", None),
        ] {
            assert_eq!(service(Path::new(folder)), expected, "{folder}");
        }
    }
}
