//! Where the vault lies: plain text must not wander off into a repository or a cloud.

use std::path::Path;

use crate::commands::doctor::Finding;
use crate::text::shown_path;
use crate::vault::VaultFile;

/// What the folders of services that copy files to other machines are called, or begin with
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

/// What Syncthing leaves in the folders that it copies
const SYNCTHING: &str = ".stfolder";

/// For a vault of plain text
pub(super) fn check(file: &VaultFile) -> Option<Finding> {
    let folder = std::path::absolute(file.paths().ok()?.folder).ok()?;
    let folder = folder.canonicalize().unwrap_or(folder);
    let text = if let Some(tree) = folder.ancestors().find(|folder| folder.join(".git").exists()) {
        format!("the vault lies in the git working tree '{}', as plain text", shown_path(tree))
    } else if let Some(service) = service(&folder) {
        format!("{service} copies the vault to other machines, as plain text")
    } else {
        return Some(Finding::ok("place", "in no repository and no folder that is copied elsewhere"));
    };
    Some(Finding::warning("place", format!("{text}; 'mfa encrypt' seals it")))
}

fn service(folder: &Path) -> Option<&'static str> {
    if folder.ancestors().any(|folder| folder.join(SYNCTHING).exists()) {
        return Some("Syncthing");
    }
    let parts = folder.components().map(|part| part.as_os_str().to_string_lossy());
    parts.rev().find_map(|part| SYNCED.into_iter().find(|(name, _)| part.starts_with(name)).map(|(_, s)| s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_services_are_known_by_their_names() {
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
