//! The file: whether it can be read, who else can, and whether it is sealed.

use crate::commands::doctor::Finding;
use crate::commands::vault::key_args::summary;
use crate::platform::atomic_file::{is_exposed, is_open_to_others};
use crate::text::shown_path;
use crate::vault::crypto::KeySlot;
use crate::vault::{FileError, Loaded, Vault, VaultFile};

pub(super) fn check(vault: &Result<Loaded, FileError>, file: &VaultFile) -> Vec<Finding> {
    let path = shown_path(file.path());
    if vault.is_ok() && !file.path().exists() {
        return vec![Finding::ok("vault", format!("there is none yet: 'mfa add' makes '{path}'"))];
    }
    let readable = match vault {
        Ok(loaded) => Finding::ok("vault", format!("{}, in '{path}'", counted(&loaded.vault))),
        Err(FileError::NeedsWholeFileKey { .. }) => {
            Finding::ok("vault", format!("'{path}' is encrypted as a whole: it was not looked into"))
        }
        Err(error) => Finding::problem("vault", error.to_string()),
    };
    let is_sealed = match vault {
        Ok(loaded) => loaded.vault.is_encrypted(),
        Err(error) => matches!(error, FileError::NeedsWholeFileKey { .. }),
    };
    let mut findings = vec![readable];
    findings.extend(permissions(file));
    findings.extend(vault.as_ref().ok().map(|loaded| sealing(&loaded.vault)));
    findings
        .extend(vault.iter().filter_map(|loaded| loaded.vault.header()).flat_map(|head| slots(&head.slots)));
    if is_sealed {
        findings.extend(copies(file));
    }
    findings
}

fn counted(vault: &Vault) -> String {
    match vault.entries().count() {
        1 => "1 account".to_owned(),
        count => format!("{count} accounts"),
    }
}

/// Who else can read the files, or put others in their place
fn permissions(file: &VaultFile) -> Vec<Finding> {
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
            "nobody else can use the files"
        } else {
            "not looked at: on Windows a file takes them over from its folder"
        };
        findings.push(Finding::ok("permissions", text));
    }
    findings
}

fn sealing(vault: &Vault) -> Finding {
    let text = match vault.header() {
        Some(head) => {
            let slots: Vec<String> = head.slots.iter().map(summary).collect();
            format!("the secrets are sealed, opened by {}", slots.join(", "))
        }
        None => "the secrets are plain text; 'mfa encrypt' seals them".to_owned(),
    };
    Finding::ok("encryption", text)
}

fn slots(slots: &[KeySlot]) -> Vec<Finding> {
    let damaged = (1..).zip(slots).filter(|(_, slot)| slot.is_damaged());
    let told = damaged.map(|(number, slot)| {
        let text = format!("slot {number} opens nothing any more: {}", summary(slot));
        Finding::problem("encryption", text)
    });
    told.collect()
}

/// What makes the encryption useless
fn copies(file: &VaultFile) -> Vec<Finding> {
    let copies = file.plain_copies(&[]).into_iter().map(|copy| {
        let text = format!("'{}' holds accounts as plain text", shown_path(&copy.path));
        Finding::problem("copies", text)
    });
    copies.collect()
}
