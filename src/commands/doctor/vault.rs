//! Checks the vault file: whether it can be read, its permissions, its encryption.

use super::finding::Finding;
use crate::commands::account_json::format_count;
use crate::commands::vault::{summaries, summary};
use crate::platform::atomic_file::{is_exposed, is_open_to_others};
use crate::text::shown_path;
use crate::vault::crypto::KeySlot;
use crate::vault::{FileError, Loaded, Vault, VaultFile};

pub(super) fn check(vault: &Result<Loaded, FileError>, file: &VaultFile) -> Vec<Finding> {
    let path = shown_path(file.path());
    if vault.is_ok() && !file.path().exists() {
        return vec![Finding::ok("vault", format!("no vault yet: 'mfa add' creates '{path}'"))];
    }
    let readable = match vault {
        Ok(loaded) => Finding::ok("vault", format!("{}, in '{path}'", format_count(loaded.vault.count()))),
        Err(error) => Finding::problem("vault", error.to_string()),
    };
    let is_encrypted = vault.as_ref().is_ok_and(|loaded| loaded.vault.is_encrypted());
    let mut findings = vec![readable];
    findings.extend(check_permissions(file));
    findings.extend(vault.as_ref().ok().map(|loaded| encryption(&loaded.vault)));
    let headers = vault.iter().filter_map(|loaded| loaded.vault.header());
    findings.extend(headers.flat_map(|header| damaged_slots(&header.slots)));
    if is_encrypted {
        findings.extend(plain_copies(file));
    }
    findings
}

/// Checks whether others can read or replace the files.
fn check_permissions(file: &VaultFile) -> Vec<Finding> {
    let Ok(surroundings) = file.paths() else { return Vec::new() };
    let mut findings = Vec::new();
    for file in &surroundings.files {
        if file.metadata().is_ok_and(|metadata| metadata.is_file() && is_exposed(&metadata)) {
            let path = shown_path(file);
            findings.push(Finding::problem("permissions", format!("others can use '{path}': chmod 600")));
        }
    }
    let folder = &surroundings.folder;
    if folder.metadata().is_ok_and(|metadata| is_open_to_others(&metadata)) {
        let path = shown_path(folder);
        findings.push(Finding::problem("permissions", format!("others can write to '{path}': chmod 700")));
    }
    if findings.is_empty() && !surroundings.files.is_empty() {
        let text = if cfg!(unix) {
            "only you can use the files"
        } else {
            "not checked: on Windows a file inherits them from its folder"
        };
        findings.push(Finding::ok("permissions", text));
    }
    findings
}

fn encryption(vault: &Vault) -> Finding {
    let text = match vault.header() {
        Some(header) => format!("the secrets are encrypted, opened by {}", summaries(&header.slots)),
        None => "the secrets are plain text; encrypt them with 'mfa vault encrypt'".to_owned(),
    };
    Finding::ok("encryption", text)
}

fn damaged_slots(slots: &[KeySlot]) -> Vec<Finding> {
    let damaged = (1..).zip(slots).filter(|(_, slot)| slot.is_damaged());
    let findings = damaged.map(|(number, slot)| {
        let text = format!("key {number} cannot be used: {}", summary(slot));
        Finding::problem("encryption", text)
    });
    findings.collect()
}

/// Returns a finding for each plain-text copy, which makes the encryption useless.
fn plain_copies(file: &VaultFile) -> Vec<Finding> {
    let findings = file.plain_copies(&[]).into_iter().map(|copy| {
        let text = format!("'{}' holds accounts as plain text", shown_path(&copy.path));
        Finding::problem("copies", text)
    });
    findings.collect()
}
