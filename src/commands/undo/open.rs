//! Opens the vault and its backup.

use crate::error::{CommandError, ExitCode, ExitStatus, Result};
use crate::session::Session;
use crate::text::{argument, shown_path};
use crate::vault::crypto::{AgeError, DataKey, VaultId};
use crate::vault::{FileError, Vault, VaultFile};

/// The unlocked backup, with the key that it was opened with
pub(super) struct OpenBackup {
    pub(super) vault: Vault,
    pub(super) key: Option<(VaultId, DataKey)>,
}

/// Opens the vault, tampered with or not, and the backup.
///
/// Returns `None` for a vault that is damaged or locked, and warns about it. A backup of such a vault can still be
/// restored.
///
/// # Errors
/// Fails if the backup cannot be opened or was tampered with, and if the vault cannot be read.
pub(super) fn open_both(session: &mut Session<'_>) -> Result<(Option<Vault>, OpenBackup)> {
    let (vault, problem) = match open_vault(session) {
        Err(error) if is_about_vault(&error) => (None, Some(error.to_string())),
        opened => (Some(opened?), None),
    };
    let is_plain = vault.as_ref().is_some_and(|vault| !vault.is_encrypted());
    let backup = open_backup(is_plain, session);
    let failure = backup.as_ref().err().map(ToString::to_string);
    // The same passphrase opens both as a rule: the error alone says that it is missing.
    if let Some(problem) = problem.filter(|problem| failure.as_ref() != Some(problem)) {
        session.ui.warn(problem, None);
    }
    Ok((vault, backup?))
}

fn open_vault(session: &mut Session<'_>) -> Result<Vault> {
    let mut vault = session.load_untrusted()?;
    match session.unlock_all(&mut vault) {
        Err(error) if is_about_integrity(&error) => session.ui.warn(error, None),
        unlocked => unlocked?,
    }
    Ok(vault)
}

/// Opens the backup. Says that it is encrypted if the vault `is_plain`: the user expects no question for a key then.
fn open_backup(is_plain: bool, session: &mut Session<'_>) -> Result<OpenBackup> {
    let file = session.vault.backup()?;
    if !file.path().exists() {
        return Err(CommandError::failed(format!("there is no backup '{}'", shown_path(file.path()))));
    }
    let key = session.key.clone();
    let mut other = Session::new(&file, &mut *session.ui, session.identity);
    let mut vault = other.load_untrusted()?;
    if let Some(header) = vault.header().cloned() {
        other.key = key;
        let path = shown_path(file.path());
        if is_plain && other.ui.can_prompt() {
            other.ui.status(format_args!("the backup '{path}' is encrypted"));
        }
        let key = other.data_key(&header).map_err(|error| {
            if is_plain { error.context(format!("the backup '{path}' is encrypted")) } else { error }
        })?;
        let findings = vault.unlock_edited(&key);
        if !findings.is_empty() {
            return Err(tampered(&file, &file.tampered(findings)));
        }
    }
    let key = other.key.take().filter(|_| vault.is_encrypted());
    Ok(OpenBackup { vault, key })
}

fn tampered(backup: &VaultFile, error: &FileError) -> CommandError {
    let path = argument(&shown_path(backup.path()));
    CommandError::failed(error.to_string())
        .hint(format!("see the changes with 'mfa --vault {path} vault verify'; add --accept to accept them"))
}

/// Returns whether an unlocked vault is not the one that this machine last saw, or was tampered with.
fn is_about_integrity(error: &CommandError) -> bool {
    matches!(error.downcast_ref(), Some(FileError::Tampered { .. } | FileError::Untrusted { .. }))
}

/// Returns whether the vault itself cannot be opened: it is damaged, or its passphrase or key is missing.
fn is_about_vault(error: &CommandError) -> bool {
    match error.downcast_ref() {
        Some(FileError::Document { .. }) => true,
        Some(_) => false,
        None => {
            error.status == ExitStatus::Code(ExitCode::Locked) || error.downcast_ref::<AgeError>().is_some()
        }
    }
}
