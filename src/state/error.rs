//! Errors of the record of used codes, with their hints.

use std::io;
use std::path::PathBuf;

use crate::error::{CommandError, ExitCode, cause};
use crate::platform::atomic_file;
use crate::text::shown_path;

/// Reason why the used codes could not be read or recorded
#[derive(Debug, thiserror::Error)]
pub(crate) enum StateError {
    #[error("no home folder to record used codes in")]
    NoHome,
    #[error("could not read the used codes in '{}': {}", shown_path(path), cause(error))]
    Read { path: PathBuf, error: io::Error },
    #[error("could not record the used code in '{}': {}", shown_path(path), cause(error))]
    Write { path: PathBuf, error: io::Error },
    #[error("the record of used codes '{}' is damaged", shown_path(.0))]
    Damaged(PathBuf),
}

impl StateError {
    /// Returns what the user can do about the error.
    fn hint(&self) -> Option<String> {
        match self {
            Self::Damaged(path) => {
                Some(format!("remove '{}' to forget the used codes of this account", shown_path(path)))
            }
            Self::Write { error, .. } if atomic_file::has_no_locks(error) => Some(
                "set XDG_STATE_HOME to a folder on a local disk: this file system has no locks".to_owned(),
            ),
            Self::Write { error, .. } if atomic_file::is_lock_lost(error) => Some("try again".to_owned()),
            _ => None,
        }
    }
}

impl From<StateError> for CommandError {
    fn from(error: StateError) -> Self {
        let hint = error.hint();
        Self::wrap(ExitCode::Failed, error).hint_if_any(hint)
    }
}
