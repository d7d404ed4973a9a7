//! Checks whether another machine's changes wait to be merged, and whether the vault's files have other names.

use super::finding::Finding;
use crate::platform::atomic_file::accepts_files;
use crate::text::{argument, shown_path};
use crate::vault::VaultFile;

pub(super) fn check(file: &VaultFile) -> Vec<Finding> {
    let mut findings: Vec<Finding> = check_folder(file).into_iter().collect();
    findings.extend(file.hard_linked().into_iter().map(|linked| {
        let text = format!(
            "'{}' is hard-linked: another name keeps what a change replaces; find it with 'find / -xdev -inum {}'",
            shown_path(&linked.path),
            linked.inode
        );
        Finding::warning("links", text)
    }));
    if file.has_conflict_markers() {
        let text = "git left conflict markers in the vault: take one side with 'git checkout --ours FILE', \
                    save the other with 'git show :3:FILE', and run 'mfa vault merge' on that; \
                    'mfa vault merge --install-driver' lets git do it next time";
        findings.push(Finding::problem("conflicts", text));
    }
    findings.extend(file.conflict_copies().into_iter().map(|copy| {
        let path = shown_path(&copy);
        let text =
            format!("'{path}' has changes of another machine: run 'mfa vault merge {}'", argument(&path));
        Finding::warning("conflicts", text)
    }));
    findings
}

/// Reports a folder in which no change can be written.
fn check_folder(file: &VaultFile) -> Option<Finding> {
    let folder = file.paths().ok()?.folder;
    if !folder.is_dir() || accepts_files(&folder) {
        return None;
    }
    let text = format!("'{}' is not writable: the vault cannot be changed", shown_path(&folder));
    Some(Finding::warning("folder", text))
}
