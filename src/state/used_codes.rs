//! The last used TOTP step of each account, so that no code is used twice.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::platform::atomic_file;
use crate::state::error::StateError;
use crate::state::folder::{folder, state_key};

const FOLDER: &str = "steps";

/// Lock file for all accounts: each write holds it only while it replaces one file
const LOCK: &str = "lock";

/// The used codes of one account
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UsedCodes {
    folder: PathBuf,
    state_key: String,
    period: u32,
}

/// The contents of the account's file
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Record {
    step: u64,
    /// The last used step in the future, which only `--at` can choose; earlier steps stay unused
    #[serde(default, skip_serializing_if = "Option::is_none", rename = "ahead")]
    future_step: Option<u64>,
    /// In seconds; steps of different periods cannot be compared
    period: u32,
}

/// Lock of the used codes: no other process marks a code as used while it exists
#[derive(Debug)]
pub(crate) struct UsedCodesLock<'a> {
    codes: &'a UsedCodes,
    _lock: File,
}

impl UsedCodes {
    /// Returns the used codes of an account of a vault. The period is in seconds, and 0 for HOTP.
    ///
    /// # Errors
    /// `NoHome`.
    pub(crate) fn for_account(vault: &Path, account: &str, period: u32) -> Result<Self, StateError> {
        let state_key = state_key(vault, account).ok_or(StateError::NoHome)?;
        Ok(Self { folder: folder().ok_or(StateError::NoHome)?.join(FOLDER), state_key, period })
    }

    /// Returns the used codes of an account, or `None` if no used code of any account was ever recorded.
    pub(crate) fn existing_for_account(vault: &Path, account: &str, period: u32) -> Option<Self> {
        folder()?.join(FOLDER).exists().then(|| Self::for_account(vault, account, period).ok())?
    }

    /// Returns the last used step, or `None` if no step is recorded.
    ///
    /// # Errors
    /// A file that cannot be read or is damaged.
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

    /// Waits until no other process holds the lock, and takes it.
    ///
    /// # Errors
    /// A folder that cannot be created or locked.
    pub(crate) fn lock(&self) -> Result<UsedCodesLock<'_>, StateError> {
        let lock = self.folder.join(LOCK);
        let file = atomic_file::create_folder(&self.folder).and_then(|()| atomic_file::lock(&lock));
        match file {
            Ok(file) => Ok(UsedCodesLock { codes: self, _lock: file }),
            Err(error) => Err(StateError::Write { path: lock, error }),
        }
    }

    /// Marks a step and all steps before it as used. Returns the previous last step.
    ///
    /// # Errors
    /// A file that cannot be read or written. The step is on the disk once `mark` returns `Ok`.
    pub(crate) fn mark(&self, step: u64) -> Result<Option<u64>, StateError> {
        let lock = self.lock()?;
        let before = lock.last()?;
        lock.mark(step)?;
        Ok(before)
    }

    /// Restores the last step from before `step` was marked, unless a later one has been marked since.
    ///
    /// # Errors
    /// The errors of `mark`.
    pub(crate) fn revert(&self, step: u64, before: Option<u64>) -> Result<(), StateError> {
        let lock = self.lock()?;
        match before {
            _ if lock.last()? != Some(step) => Ok(()),
            Some(before) => lock.set(before),
            None => {
                let path = self.file();
                std::fs::remove_file(&path).map_err(|error| StateError::Write { path, error })
            }
        }
    }

    /// Copies the used codes of an account to its new name, and ignores errors.
    ///
    /// Keeps the old record, because the account may be renamed back.
    pub(crate) fn copy(vault: &Path, from: &str, to: &str) {
        let (Ok(from), Ok(to)) = (Self::for_account(vault, from, 0), Self::for_account(vault, to, 0)) else {
            return;
        };
        if let Ok(text) = std::fs::read(from.file())
            && let Ok(_lock) = from.lock()
            && !to.is_ahead_of(&text)
        {
            let _ = atomic_file::replace_locked(&to.file(), &text);
        }
    }

    /// Returns whether the recorded step is not before that of another record.
    fn is_ahead_of(&self, text: &[u8]) -> bool {
        let own =
            std::fs::read(self.file()).ok().and_then(|text| serde_json::from_slice::<Record>(&text).ok());
        let other = serde_json::from_slice::<Record>(text).ok();
        own.zip(other).is_some_and(|(own, other)| own.period == other.period && own.step >= other.step)
    }

    fn file(&self) -> PathBuf {
        self.folder.join(format!("{}.json", self.state_key))
    }
}

impl UsedCodesLock<'_> {
    /// Returns the last used step.
    ///
    /// # Errors
    /// The errors of `UsedCodes::last`.
    pub(crate) fn last(&self) -> Result<Option<u64>, StateError> {
        self.codes.last()
    }

    /// Marks a step and all steps before it as used. A later last step is kept.
    ///
    /// # Errors
    /// A file that cannot be read or written. The step is on the disk once `mark` returns `Ok`.
    pub(crate) fn mark(&self, step: u64) -> Result<(), StateError> {
        let record = self.codes.record()?;
        self.write(
            record.as_ref().map_or(step, |record| record.step.max(step)),
            record.and_then(|record| record.future_step),
        )
    }

    /// Returns the last used step that was in the future when it was marked.
    ///
    /// # Errors
    /// The errors of `last`.
    pub(crate) fn future_step(&self) -> Result<Option<u64>, StateError> {
        Ok(self.codes.record()?.and_then(|record| record.future_step))
    }

    /// Marks a step in the future as used, but no step before it.
    ///
    /// # Errors
    /// The errors of `mark`.
    pub(crate) fn mark_ahead(&self, step: u64) -> Result<(), StateError> {
        let (last, future_step) =
            self.codes.record()?.map_or((0, None), |record| (record.step, record.future_step));
        self.write(last, future_step.max(Some(step)))
    }

    /// Sets the last used step, even to an earlier one.
    ///
    /// # Errors
    /// The errors of `mark`.
    pub(crate) fn set(&self, step: u64) -> Result<(), StateError> {
        self.write(step, self.future_step()?)
    }

    fn write(&self, step: u64, future_step: Option<u64>) -> Result<(), StateError> {
        let path = self.codes.file();
        let record = Record { step, future_step, period: self.codes.period };
        let text = serde_json::to_string(&record).expect("two numbers are JSON");
        atomic_file::replace_locked(&path, text.as_bytes()).map_err(|error| StateError::Write { path, error })
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
    fn mark_keeps_the_last_step() {
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
    fn revert_restores_the_step_unless_a_later_one_was_marked() {
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
        assert_eq!(steps.last().unwrap(), Some(20), "a later step was marked since");
    }

    #[test]
    fn steps_of_another_period_are_ignored() {
        let folder = tempfile::tempdir().unwrap();
        steps(folder.path(), 30).mark(7).unwrap();
        assert_eq!(steps(folder.path(), 60).last().unwrap(), None);
    }

    #[test]
    fn damaged_file_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        let steps = steps(folder.path(), 30);
        steps.mark(7).unwrap();
        std::fs::write(steps.file(), "{").unwrap();
        assert!(matches!(steps.last(), Err(StateError::Damaged(_))));
    }

    #[test]
    fn fifty_threads_get_fifty_different_steps() {
        let folder = tempfile::tempdir().unwrap();
        let steps = &steps(folder.path(), 30);
        let take = || {
            let lock = steps.lock().unwrap();
            let step = lock.last().unwrap().map_or(0, |last| last + 1);
            lock.mark(step).unwrap();
            step
        };
        let taken: HashSet<u64> = std::thread::scope(|scope| {
            let takers: Vec<_> = (0..50).map(|_| scope.spawn(take)).collect();
            takers.into_iter().map(|taker| taker.join().unwrap()).collect()
        });
        assert_eq!(taken.len(), 50);
    }

    #[test]
    fn file_of_an_earlier_version_is_read_and_written_unchanged() {
        let text = r#"{"step":7,"ahead":9,"period":30}"#;
        let record: Record = serde_json::from_str(text).unwrap();
        assert_eq!(record.future_step, Some(9));
        assert_eq!(serde_json::to_string(&record).unwrap(), text);
    }
}
