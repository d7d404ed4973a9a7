//! The used TOTP steps of each account, so that no code is used twice.
//!
//! Nothing is flushed: after a power cut the step is over, and an empty file means that no step is recorded.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::platform::atomic_file::{self, FolderLock};
use crate::state::error::StateError;
use crate::state::folder::{folder, state_key};
use crate::state::step_record::StepRecord;

const FOLDER: &str = "steps";

/// Lock file for all accounts: each write holds it only while it replaces one file
const LOCK: &str = "lock";

/// Size limit of an account's file
const MAX_BYTES: u64 = 64 * 1024;

/// The used codes of one account
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UsedCodes {
    folder: PathBuf,
    state_key: String,
    period: u32,
}

/// Lock of the used codes: no other process marks a code as used while it exists
#[derive(Debug)]
pub(crate) struct UsedCodesLock<'a> {
    codes: &'a UsedCodes,
    folder: FolderLock,
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

    /// Returns whether the record of the account lacks this step. An account without a record lacks none.
    ///
    /// # Errors
    /// A file that cannot be read or is damaged.
    pub(crate) fn lacks(&self, step: u64) -> Result<bool, StateError> {
        Ok(self.record()?.is_some_and(|record| record.last_in(&(step..=step)).is_none()))
    }

    fn record(&self) -> Result<Option<StepRecord>, StateError> {
        self.parse(atomic_file::read(&self.file(), MAX_BYTES))
    }

    fn parse(&self, bytes: io::Result<Option<Vec<u8>>>) -> Result<Option<StepRecord>, StateError> {
        let path = self.file();
        let bytes = match bytes {
            Err(error) => return Err(StateError::Read { path, error }),
            Ok(bytes) => bytes.unwrap_or_default(),
        };
        if bytes.is_empty() {
            return Ok(None);
        }
        let record: StepRecord = serde_json::from_slice(&bytes).map_err(|_| StateError::Damaged(path))?;
        Ok(Some(record).filter(|record| record.period == self.period))
    }

    /// Waits until no other process holds the lock, and takes it.
    ///
    /// # Errors
    /// A folder that cannot be created or locked.
    pub(crate) fn lock(&self) -> Result<UsedCodesLock<'_>, StateError> {
        let lock = self.folder.join(LOCK);
        let created = atomic_file::create_folder(&self.folder);
        match created.and_then(|()| atomic_file::lock(&lock, &self.file())) {
            Ok(folder) => Ok(UsedCodesLock { codes: self, folder }),
            Err(error) => Err(StateError::Write { path: lock, error }),
        }
    }

    /// Marks a step and all steps shortly before it as used. Returns the previous last step.
    ///
    /// # Errors
    /// A file that cannot be read or written.
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
        match (lock.record()?, before) {
            (Some(mut record), Some(before)) if record.step == step => {
                record.revert(before);
                lock.write(&record)
            }
            (Some(record), None) if record.step == step => lock.remove(),
            _ => Ok(()),
        }
    }

    /// Copies the used codes of an account to its new name, and ignores errors.
    ///
    /// Keeps the old record, because the account may be renamed back.
    pub(crate) fn copy(vault: &Path, from: &str, to: &str) {
        let (Ok(from), Ok(to)) = (Self::for_account(vault, from, 0), Self::for_account(vault, to, 0)) else {
            return;
        };
        if let Ok(Some(text)) = atomic_file::read(&from.file(), MAX_BYTES)
            && let Ok(lock) = from.lock()
            && !to.is_ahead_of(&text)
        {
            let _ = lock.folder.replace_unflushed(&to.file_name(), &text);
        }
    }

    /// Returns whether the recorded step is not before that of another record.
    fn is_ahead_of(&self, text: &[u8]) -> bool {
        let parse = |text: &[u8]| serde_json::from_slice::<StepRecord>(text).ok();
        let own = atomic_file::read(&self.file(), MAX_BYTES).ok().flatten();
        let (own, other) = (own.and_then(|text| parse(&text)), parse(text));
        own.zip(other).is_some_and(|(own, other)| own.period == other.period && own.step >= other.step)
    }

    fn file_name(&self) -> OsString {
        format!("{}.json", self.state_key).into()
    }

    fn file(&self) -> PathBuf {
        self.folder.join(self.file_name())
    }

    /// Returns the used codes of an account in another state folder.
    #[cfg(test)]
    pub(crate) fn in_folder(folder: &Path, period: u32) -> Self {
        Self { folder: folder.join("made").join(FOLDER), state_key: "account".to_owned(), period }
    }
}

impl UsedCodesLock<'_> {
    /// Returns the last used step, or `None` if no step is recorded.
    ///
    /// # Errors
    /// A file that cannot be read or is damaged.
    pub(crate) fn last(&self) -> Result<Option<u64>, StateError> {
        Ok(self.record()?.map(|record| record.step))
    }

    /// Returns the last used step that was in the future when it was marked.
    ///
    /// # Errors
    /// The errors of `last`.
    pub(crate) fn future_step(&self) -> Result<Option<u64>, StateError> {
        Ok(self.record()?.and_then(|record| record.future_step))
    }

    /// Returns the highest used step from `step` to `step + beyond`.
    ///
    /// # Errors
    /// The errors of `last`.
    pub(crate) fn last_within(&self, step: u64, beyond: u64) -> Result<Option<u64>, StateError> {
        Ok(self.record()?.and_then(|record| record.last_in(&(step..=step.saturating_add(beyond)))))
    }

    /// Marks a step and all steps shortly before it as used. A later last step is kept.
    ///
    /// # Errors
    /// A file that cannot be read or written.
    pub(crate) fn mark(&self, step: u64) -> Result<(), StateError> {
        self.change(step, |record| record.mark(step))
    }

    /// Marks a step in the future as used, but no step before it.
    ///
    /// # Errors
    /// The errors of `mark`.
    pub(crate) fn mark_ahead(&self, step: u64) -> Result<(), StateError> {
        self.change(0, |record| record.mark_future(step))
    }

    /// Sets the last used step, even to an earlier one. The others stay used.
    ///
    /// # Errors
    /// The errors of `mark`.
    pub(crate) fn set(&self, step: u64) -> Result<(), StateError> {
        self.change(step, |record| record.set(step))
    }

    /// Changes the record, or a new one whose last step is `first`.
    fn change(&self, first: u64, change: impl FnOnce(&mut StepRecord)) -> Result<(), StateError> {
        let record = self.record()?;
        let mut record = record.unwrap_or_else(|| StepRecord::new(first, self.codes.period));
        change(&mut record);
        self.write(&record)
    }

    fn record(&self) -> Result<Option<StepRecord>, StateError> {
        self.codes.parse(self.folder.read(&self.codes.file_name(), MAX_BYTES))
    }

    fn write(&self, record: &StepRecord) -> Result<(), StateError> {
        let text = serde_json::to_string(record).expect("numbers are JSON");
        let written = self.folder.replace_unflushed(&self.codes.file_name(), text.as_bytes());
        written.map_err(|error| self.write_error(error))
    }

    fn remove(&self) -> Result<(), StateError> {
        self.folder.remove(&self.codes.file_name()).map_err(|error| self.write_error(error))
    }

    fn write_error(&self, error: io::Error) -> StateError {
        StateError::Write { path: self.codes.file(), error }
    }
}

#[cfg(test)]
mod tests;
