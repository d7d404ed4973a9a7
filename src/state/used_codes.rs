//! The last step of each account whose code was handed out, so that no code is handed out twice.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{CommandError, ExitCode, cause};
use crate::platform::atomic_file;
use crate::state::{folder, state_key};
use crate::text::shown_path;

const FOLDER: &str = "steps";

/// One lock for all accounts: it is held for no longer than a file takes to be replaced
const LOCK: &str = "lock";

/// The steps of one account
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UsedCodes {
    folder: PathBuf,
    state_key: String,
    period: u32,
}

/// As the file has it
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    step: u64,
    /// The last one that was handed out for a time still to come, by `--at`: it hides nothing of the present
    #[serde(default, skip_serializing_if = "Option::is_none")]
    future_step: Option<u64>,
    /// Seconds: the steps of another period are others
    period: u32,
}

/// The right to hand out a code: as long as it lives nobody else hands one out
#[derive(Debug)]
pub(crate) struct UsedCodesLock<'a> {
    steps: &'a UsedCodes,
    _lock: File,
}

/// Why it is not known which codes were handed out
#[derive(Debug, thiserror::Error)]
pub(crate) enum StateError {
    #[error("there is no home folder to remember codes in")]
    NoHome,
    #[error("could not read which codes were handed out, in '{}': {}", shown_path(path), cause(error))]
    Read { path: PathBuf, error: io::Error },
    #[error("could not write which codes were handed out, in '{}': {}", shown_path(path), cause(error))]
    Write { path: PathBuf, error: io::Error },
    #[error("the file '{}' does not tell which codes were handed out", shown_path(.0))]
    Damaged(PathBuf),
}

impl StateError {
    /// What the user can do about it
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Damaged(path) => {
                Some(format!("remove '{}': then nothing is remembered of the account", shown_path(path)))
            }
            Self::Write { error, .. } if atomic_file::has_no_locks(error) => Some(
                "its file system has no locks; let XDG_STATE_HOME name a folder on a local disk".to_owned(),
            ),
            _ => None,
        }
    }
}

impl UsedCodes {
    /// Of an account of a vault.
    ///
    /// # Errors
    /// `NoHome`.
    pub(crate) fn of(vault: &Path, account: &str, period: u32) -> Result<Self, StateError> {
        let state_key = state_key(vault, account).ok_or(StateError::NoHome)?;
        Ok(Self { folder: folder().ok_or(StateError::NoHome)?.join(FOLDER), state_key, period })
    }

    /// As `of`, where something is remembered at all: whoever never asked for fresh codes pays one look for a folder
    pub(crate) fn remembered(vault: &Path, account: &str, period: u32) -> Option<Self> {
        folder()?.join(FOLDER).exists().then(|| Self::of(vault, account, period).ok())?
    }

    /// The last step whose code was handed out; none where nothing is remembered.
    ///
    /// # Errors
    /// A file that cannot be read, or holds something else.
    pub(crate) fn last(&self) -> Result<Option<u64>, StateError> {
        Ok(self.record()?.map(|record| record.step))
    }

    fn record(&self) -> Result<Option<Record>, StateError> {
        let path = self.file();
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(StateError::Read { path, error }),
            Ok(text) => text,
        };
        let record: Record = serde_json::from_str(&text).map_err(|_| StateError::Damaged(path))?;
        Ok(Some(record).filter(|record| record.period == self.period))
    }

    /// Waits for the right to hand out a code.
    ///
    /// # Errors
    /// A folder that cannot be made or locked.
    pub(crate) fn lock(&self) -> Result<UsedCodesLock<'_>, StateError> {
        let lock = self.folder.join(LOCK);
        let file = atomic_file::create_folder(&self.folder).and_then(|()| atomic_file::lock(&lock));
        match file {
            Ok(file) => Ok(UsedCodesLock { steps: self, _lock: file }),
            Err(error) => Err(StateError::Write { path: lock, error }),
        }
    }

    /// Notes that the code of a step, and of all before it, is handed out; the last one before that.
    ///
    /// # Errors
    /// Those of the disk; only after `Ok` is it remembered whatever happens.
    pub(crate) fn mark(&self, step: u64) -> Result<Option<u64>, StateError> {
        let turn = self.lock()?;
        let before = turn.last()?;
        turn.mark(step)?;
        Ok(before)
    }

    /// Notes what was noted before a step was, unless more has been since.
    ///
    /// # Errors
    /// Those of `mark`.
    pub(crate) fn revert(&self, step: u64, before: Option<u64>) -> Result<(), StateError> {
        let turn = self.lock()?;
        match before {
            _ if turn.last()? != Some(step) => Ok(()),
            Some(before) => turn.set(before),
            None => {
                let path = self.file();
                std::fs::remove_file(&path).map_err(|error| StateError::Write { path, error })
            }
        }
    }

    /// Lets an account be remembered under another name as well, as well as can be: it may get its old one back
    pub(crate) fn copy(vault: &Path, from: &str, to: &str) {
        let (Ok(from), Ok(to)) = (Self::of(vault, from, 0), Self::of(vault, to, 0)) else { return };
        if let Ok(text) = std::fs::read(from.file())
            && let Ok(_turn) = from.lock()
            && !to.is_ahead_of(&text)
        {
            let _ = atomic_file::replace_locked(&to.file(), &text);
        }
    }

    /// Whether as much as another record says is remembered, or more
    fn is_ahead_of(&self, text: &[u8]) -> bool {
        let there =
            std::fs::read(self.file()).ok().and_then(|text| serde_json::from_slice::<Record>(&text).ok());
        let other = serde_json::from_slice::<Record>(text).ok();
        there
            .zip(other)
            .is_some_and(|(there, other)| there.period == other.period && there.step >= other.step)
    }

    fn file(&self) -> PathBuf {
        self.folder.join(format!("{}.json", self.state_key))
    }
}

impl UsedCodesLock<'_> {
    /// As `UsedCodes::last`
    pub(crate) fn last(&self) -> Result<Option<u64>, StateError> {
        self.steps.last()
    }

    /// Notes that the code of a step, and of all before it, is handed out; a later one stays noted.
    ///
    /// # Errors
    /// Those of the disk; only after `Ok` is it remembered whatever happens.
    pub(crate) fn mark(&self, step: u64) -> Result<(), StateError> {
        let noted = self.steps.record()?;
        self.write(
            noted.as_ref().map_or(step, |noted| noted.step.max(step)),
            noted.and_then(|noted| noted.future_step),
        )
    }

    /// The last step that was handed out for a time still to come, as long as it is one
    ///
    /// # Errors
    /// As those of `last`.
    pub(crate) fn future_step(&self) -> Result<Option<u64>, StateError> {
        Ok(self.steps.record()?.and_then(|record| record.future_step))
    }

    /// Notes that the code of a step that is still to come is handed out, and none of those before it.
    ///
    /// # Errors
    /// As those of `mark`.
    pub(crate) fn mark_ahead(&self, step: u64) -> Result<(), StateError> {
        let (last, future_step) =
            self.steps.record()?.map_or((0, None), |noted| (noted.step, noted.future_step));
        self.write(last, future_step.max(Some(step)))
    }

    /// As `mark`, but forgets what was noted for later.
    ///
    /// # Errors
    /// As those of `mark`.
    pub(crate) fn set(&self, step: u64) -> Result<(), StateError> {
        self.write(step, self.future_step()?)
    }

    fn write(&self, step: u64, future_step: Option<u64>) -> Result<(), StateError> {
        let path = self.steps.file();
        let record = Record { step, future_step, period: self.steps.period };
        let text = serde_json::to_string(&record).expect("two numbers are JSON");
        atomic_file::replace_locked(&path, text.as_bytes()).map_err(|error| StateError::Write { path, error })
    }
}

impl From<StateError> for CommandError {
    fn from(error: StateError) -> Self {
        let hint = error.hint();
        Self::wrap(ExitCode::Failed, error).hint_if_any(hint)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn steps(folder: &Path, period: u32) -> UsedCodes {
        UsedCodes { folder: folder.join("made").join(FOLDER), state_key: "account".to_owned(), period }
    }

    #[test]
    fn the_last_step_is_remembered_and_no_earlier_one_takes_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let steps = steps(folder.path(), 30);
        assert_eq!(steps.last().unwrap(), None);
        for (marked, last) in [(7, 7), (3, 7), (8, 8)] {
            steps.mark(marked).unwrap();
            assert_eq!(steps.last().unwrap(), Some(last));
        }
        steps.lock().unwrap().set(2).unwrap();
        assert_eq!(steps.last().unwrap(), Some(2));
    }

    #[test]
    fn what_was_not_delivered_is_as_before() {
        let folder = tempfile::tempdir().unwrap();
        let steps = steps(folder.path(), 30);
        for before in [None, Some(4), Some(9)] {
            if let Some(before) = before {
                steps.mark(before).unwrap();
            }
            steps.mark(7).unwrap();
            steps.revert(7, before).unwrap();
            assert_eq!(steps.last().unwrap(), before);
        }
        steps.mark(20).unwrap();
        steps.revert(12, Some(9)).unwrap();
        assert_eq!(steps.last().unwrap(), Some(20), "somebody else was given more meanwhile");
    }

    #[test]
    fn steps_of_another_period_are_others() {
        let folder = tempfile::tempdir().unwrap();
        steps(folder.path(), 30).mark(7).unwrap();
        assert_eq!(steps(folder.path(), 60).last().unwrap(), None);
    }

    #[test]
    fn a_damaged_file_is_not_taken_for_none() {
        let folder = tempfile::tempdir().unwrap();
        let steps = steps(folder.path(), 30);
        steps.mark(7).unwrap();
        std::fs::write(steps.file(), "{").unwrap();
        assert!(matches!(steps.last(), Err(StateError::Damaged(_))));
    }

    #[test]
    fn fifty_at_once_are_given_fifty_different_steps() {
        let folder = tempfile::tempdir().unwrap();
        let steps = &steps(folder.path(), 30);
        let take = || {
            let turn = steps.lock().unwrap();
            let step = turn.last().unwrap().map_or(0, |last| last + 1);
            turn.mark(step).unwrap();
            step
        };
        let taken: HashSet<u64> = std::thread::scope(|scope| {
            let takers: Vec<_> = (0..50).map(|_| scope.spawn(take)).collect();
            takers.into_iter().map(|taker| taker.join().unwrap()).collect()
        });
        assert_eq!(taken.len(), 50);
    }
}
