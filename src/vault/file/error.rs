//! Why the vault's file could not be read or replaced, and what the user can do about it.

use std::io;
use std::path::{Path, PathBuf};

use crate::error::{CommandError, ExitCode, cause};
use crate::platform::atomic_file;
use crate::state;
use crate::text::shown_path;
use crate::vault::DocumentError;
use crate::vault::crypto::{AgeError, TamperFinding};
use crate::vault::file::{MAX_BYTES, paths};
use crate::vault::trust_state::TrustError;

/// Why the file could not be read or replaced
#[derive(Debug, thiserror::Error)]
pub(crate) enum FileError {
    #[error("there is no home folder to keep the vault in")]
    NoHome,
    #[error("the vault is a file, and cannot be stdin or stdout")]
    Stream,
    #[error("could not read the vault '{}': {}", shown_path(path), cause(error))]
    Read { path: PathBuf, error: io::Error },
    #[error("could not write the vault '{}': {}", shown_path(path), cause(error))]
    Write { path: PathBuf, error: io::Error },
    #[error("could not write the vault: no lock on '{}': {}", shown_path(path), cause(error))]
    Lock { path: PathBuf, error: io::Error },
    #[error("could not write the vault's backup '{}': {}", shown_path(path), cause(error))]
    BackupPolicy { path: PathBuf, error: io::Error },
    #[error("could not note what becomes of the vault{}: {}", in_state_folder(), cause(error))]
    State { error: io::Error },
    #[error("the vault '{}' is being changed by another process", shown_path(path))]
    Locked { path: PathBuf },
    #[error("the vault '{}' is larger than {} MiB", shown_path(path), MAX_BYTES >> 20)]
    TooLarge { path: PathBuf },
    #[error("the vault '{}' would be larger than {} MiB", shown_path(path), MAX_BYTES >> 20)]
    WouldBeTooLarge { path: PathBuf },
    #[error("the vault '{}' {error}", shown_path(path))]
    Document { path: PathBuf, error: DocumentError },
    #[error("the vault '{}' is encrypted as a whole", shown_path(path))]
    NeedsWholeFileKey { path: PathBuf },
    #[error("could not open the vault '{}': {error}", shown_path(path))]
    WholeFileCipher { path: PathBuf, error: AgeError },
    #[error("the vault '{}' was changed by another process meanwhile", shown_path(path))]
    Changed { path: PathBuf },
    #[error("the vault '{}' was changed without its key: {}", shown_path(path), told(findings))]
    Tampered { path: PathBuf, findings: Vec<TamperFinding> },
    #[error("the vault '{}' {doubt}", shown_path(path))]
    Untrusted { path: PathBuf, doubt: TrustError },
    #[error("the backup '{}' {doubt}", shown_path(path))]
    UnexpectedBackup { path: PathBuf, doubt: TrustError },
}

/// All findings in one line
fn told(findings: &[TamperFinding]) -> String {
    findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl FileError {
    /// What the user can do about it
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::NoHome | Self::Stream => {
                Some("say where it lies: --vault FILE, or the variable MFA_VAULT".to_owned())
            }
            Self::Document { error: DocumentError::NewerVersion(_), .. } => {
                Some("a newer mfa has written it: use that one here as well".to_owned())
            }
            Self::WouldBeTooLarge { .. } => Some("nothing was changed".to_owned()),
            Self::Locked { .. } | Self::Changed { .. } => Some("try again; nothing was changed".to_owned()),
            Self::Lock { error, .. } if atomic_file::has_no_locks(error) => Some(
                "its file system has no locks; keep the vault on a local disk: --vault FILE, or MFA_VAULT"
                    .to_owned(),
            ),
            Self::Tampered { .. } => {
                Some("'mfa verify-vault' shows it, and --accept signs it anew".to_owned())
            }
            Self::Untrusted { .. } => Some(TrustError::HINT.to_owned()),
            Self::UnexpectedBackup { .. } => Some(
                "no change leaves such a backup: it is not put back; 'mfa decrypt' goes back to plain text"
                    .to_owned(),
            ),
            Self::Document {
                error: DocumentError::PlainSecret(_) | DocumentError::CommentedSecret(_),
                ..
            } => Some("take it out of the comment or field there".to_owned()),
            Self::Document { error: DocumentError::LastGeneration, .. } => {
                Some("give it a lower number in the file, then 'mfa verify-vault --accept'".to_owned())
            }
            Self::Document { error: DocumentError::NotEditable, .. } => {
                Some("write the accounts as [accounts.NAME] tables".to_owned())
            }
            Self::Document { path, .. } => Some(match backup_of(path).filter(|backup| backup.exists()) {
                Some(backup) => format!("the vault before the last change is in '{}'", shown_path(&backup)),
                None => "a vault begins with 'version = 1' and has a table [accounts.NAME] for each account"
                    .to_owned(),
            }),
            _ => None,
        }
    }
}

/// Where this machine remembers its vaults
fn in_state_folder() -> String {
    state::folder().map(|folder| format!(", in '{}'", shown_path(&folder))).unwrap_or_default()
}

fn backup_of(path: &Path) -> Option<PathBuf> {
    paths::resolved(path).ok().map(|path| paths::beside(&path, ".bak"))
}

impl From<FileError> for CommandError {
    fn from(error: FileError) -> Self {
        let hint = error.hint();
        Self::wrap(ExitCode::Failed, error).hint_if_any(hint)
    }
}
