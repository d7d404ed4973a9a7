//! Errors of reading and replacing the vault's file, with their hints.

use std::io;
use std::path::{Path, PathBuf};

use crate::error::{CommandError, ExitCode, cause};
use crate::platform::atomic_file;
use crate::state;
use crate::text::shown_path;
use crate::vault::DocumentError;
use crate::vault::crypto::TamperFinding;
use crate::vault::file::paths::{resolve_links, with_suffix};
use crate::vault::trust_state::TrustError;

/// Size limit of a vault: 16 MiB, far above the size of 10 000 accounts
pub(super) const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// Reason why the vault's file could not be read or replaced
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("no home folder to keep the vault in")]
    NoHome,
    #[error("the vault must be a file, not stdin or stdout")]
    Stream,
    #[error("could not read the vault '{}': {}", shown_path(path), cause(error))]
    Read { path: PathBuf, error: io::Error },
    #[error("could not write the vault '{}': {}", shown_path(path), cause(error))]
    Write { path: PathBuf, error: io::Error },
    #[error("could not write the vault: no lock on '{}': {}", shown_path(path), cause(error))]
    Lock { path: PathBuf, error: io::Error },
    #[error("could not write the vault's backup '{}': {}", shown_path(path), cause(error))]
    Backup { path: PathBuf, error: io::Error },
    #[error("could not record the next state of the vault{}: {}", in_state_folder(), cause(error))]
    State { error: io::Error },
    #[error("could not read the pinned state of the vault, '{}': {}", shown_path(path), cause(error))]
    PinnedState { path: PathBuf, error: io::Error },
    #[error("another process is changing the vault '{}'", shown_path(path))]
    Locked { path: PathBuf },
    #[error("the vault '{}' is larger than {} MiB", shown_path(path), MAX_BYTES >> 20)]
    TooLarge { path: PathBuf },
    #[error("the vault '{}' would be larger than {} MiB", shown_path(path), MAX_BYTES >> 20)]
    WouldBeTooLarge { path: PathBuf },
    #[error("the vault '{}' {error}", shown_path(path))]
    Document { path: PathBuf, error: DocumentError },
    #[error("another process changed the vault '{}'", shown_path(path))]
    Changed { path: PathBuf },
    #[error("the vault '{}' was tampered with: {}", shown_path(path), join_findings(findings))]
    Tampered { path: PathBuf, findings: Vec<TamperFinding> },
    #[error("the vault '{}' {reason}", shown_path(path))]
    Untrusted { path: PathBuf, reason: TrustError },
    #[error("the backup '{}' {reason}", shown_path(path))]
    UnexpectedBackup { path: PathBuf, reason: TrustError },
}

impl FileError {
    /// Returns what the user can do about the error.
    pub(crate) fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::NoHome | Self::Stream => "name a file with --vault FILE or the variable MFA_VAULT",
            Self::WouldBeTooLarge { .. } => "nothing was changed",
            Self::Locked { .. } | Self::Changed { .. } => "try again; nothing was changed",
            Self::Lock { error, .. } if atomic_file::has_no_locks(error) => {
                "keep the vault on a local disk (--vault FILE or MFA_VAULT): its file system has no locks"
            }
            Self::Tampered { .. } => {
                "run 'mfa vault verify' to see the changes, 'mfa vault verify --accept' to accept them"
            }
            Self::Untrusted { .. } | Self::PinnedState { .. } => TrustError::HINT,
            Self::UnexpectedBackup { .. } => {
                "mfa did not write this backup, so it was not restored; to return to plain text run 'mfa vault decrypt'"
            }
            Self::Document { path, error } => return Some(document_hint(path, error)),
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

fn document_hint(path: &Path, error: &DocumentError) -> String {
    let hint = match error {
        DocumentError::OldVersion => "decrypt the vault with the mfa that wrote it, then encrypt it again",
        DocumentError::NewerVersion(_) => "update mfa: a newer version wrote this vault",
        DocumentError::PlainSecret(_) | DocumentError::CommentedSecret(_) => {
            "remove the secret from that comment or field"
        }
        DocumentError::LastGeneration => {
            "lower the generation in the file, then run 'mfa vault verify --accept'"
        }
        DocumentError::NotEditable => "write the accounts as [accounts.NAME] tables",
        _ => match backup_of(path).filter(|backup| backup.exists()) {
            Some(backup) => {
                return format!("the vault before the last change is in '{}'", shown_path(&backup));
            }
            None => "a vault begins with 'version = 1' and has a table [accounts.NAME] for each account",
        },
    };
    hint.to_owned()
}

fn join_findings(findings: &[TamperFinding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn in_state_folder() -> String {
    state::folder().map(|folder| format!(" in '{}'", shown_path(&folder))).unwrap_or_default()
}

fn backup_of(path: &Path) -> Option<PathBuf> {
    resolve_links(path).ok().map(|path| with_suffix(&path, ".bak"))
}

impl From<FileError> for CommandError {
    fn from(error: FileError) -> Self {
        let hint = error.hint();
        Self::wrap(ExitCode::Failed, error).hint_if_any(hint)
    }
}
