//! The vault on the disk: read whole, changed under a lock, replaced whole.

mod error;
pub(crate) mod paths;
pub(crate) mod plaintext_copies;
pub(crate) mod stamp;
mod write;

use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use zeroize::Zeroizing;

pub(crate) use error::FileError;

use crate::otp::Name;
use crate::platform::atomic_file::{self, require_regular_file};
use crate::vault::crypto::{AgeError, DataKey, TamperFinding, is_age_file};
use crate::vault::trust_state::{TrustError, TrustState};
use crate::vault::{DocumentError, Vault, WholeFileCipher, document, fast_scan};

/// Far above 10 000 accounts; what is larger is no vault
const MAX_BYTES: u64 = 16 * 1024 * 1024;

/// The file that keeps the accounts, and the only way to it
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VaultFile {
    path: PathBuf,
    /// An age file out of a pipe: it takes two looks to open one, and a pipe gives it once
    piped: OnceLock<Zeroizing<Vec<u8>>>,
}

/// A vault as it was read
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) vault: Vault,
    /// Whether anybody but its owner may read the file
    pub(crate) readable_by_others: bool,
}

/// Where a vault lies, once all links have been followed
#[derive(Debug)]
pub(crate) struct VaultPaths {
    pub(crate) folder: PathBuf,
    /// The vault, its backup and its lock, those that are there
    pub(crate) files: Vec<PathBuf>,
}

/// How a vault is written
#[derive(Debug, Default)]
pub(crate) struct WriteOptions<'a> {
    /// Unlocks a sealed vault
    pub(crate) key: Option<&'a DataKey>,
    /// Opens a vault that is encrypted as a whole
    pub(crate) decrypt_with: Option<&'a WholeFileCipher>,
    /// Encrypts it as a whole
    pub(crate) encrypt_with: Option<&'a WholeFileCipher>,
    /// Whether it may be not as it was signed
    pub(crate) allow_tampered: bool,
    pub(crate) backup: BackupPolicy,
}

/// What is in the backup after a change
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum BackupPolicy {
    /// The vault before the change
    #[default]
    PreviousVersion,
    /// The same as in the vault: what was before must not stay
    NewVersion,
    /// What was there already: a counter that moves on pushes no removed account out of it
    Keep,
}

/// What the file holds
pub(super) struct Contents {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    /// Whether anybody but its owner may read them
    readable_by_others: bool,
}

impl VaultFile {
    /// The file that is named, else the one in the user's configuration folder.
    ///
    /// # Errors
    /// `NoHome` where nothing is named and the user has no home.
    pub(crate) fn locate(named: Option<PathBuf>) -> Result<Self, FileError> {
        let path = named.or_else(paths::default_path).ok_or(FileError::NoHome)?;
        if path.as_os_str() == "-" {
            return Err(FileError::Stream);
        }
        Ok(Self::at(path))
    }

    fn at(path: PathBuf) -> Self {
        Self { path, piped: OnceLock::new() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the vault; a missing file is an empty vault.
    ///
    /// # Errors
    /// A file that cannot be read, or is damaged as a whole; `Opaque` where it takes an envelope to read it.
    pub(crate) fn load(&self, envelope: Option<&WholeFileCipher>) -> Result<Loaded, FileError> {
        let Some(Contents { bytes, readable_by_others }) = self.read(&self.path)? else {
            return Ok(Loaded { vault: Vault::default(), readable_by_others: false });
        };
        Ok(Loaded { vault: self.parse(&self.opened(bytes, envelope)?)?, readable_by_others })
    }

    /// As `load`, where one account is wanted: no other is in the vault then, if the file allows to tell it from them.
    ///
    /// # Errors
    /// Those of `load`.
    pub(crate) fn load_account(
        &self,
        name: &str,
        envelope: Option<&WholeFileCipher>,
    ) -> Result<Loaded, FileError> {
        self.try_fast_scan(name).map_or_else(|| self.load(envelope), Ok)
    }

    /// What cannot be read so is read as a whole, and whatever is wrong with it told then
    fn try_fast_scan(&self, name: &str) -> Option<Loaded> {
        // a pipe can be opened once: whoever writes to it would find nobody the second time
        self.path.metadata().ok().filter(Metadata::is_file)?;
        let file = File::open(&self.path).ok()?;
        let metadata = file.metadata().ok()?;
        let size = usize::try_from(metadata.len()).ok().filter(|_| metadata.len() <= MAX_BYTES)?;
        let record = fast_scan::find_record(file, size, name).ok()??;
        Some(Loaded {
            vault: Vault::new(vec![record]),
            readable_by_others: atomic_file::is_exposed(&metadata),
        })
    }

    /// As `load`, for a change that is to follow: what is no file could be read only once.
    pub(crate) fn load_for_change(&self, envelope: Option<&WholeFileCipher>) -> Result<Loaded, FileError> {
        let path = paths::resolved(&self.path).map_err(|error| self.write_error(error))?;
        require_regular_file(&path).map_err(|error| self.write_error(error))?;
        self.load(envelope)
    }

    /// The file as it stands, where it is encrypted as a whole
    pub(crate) fn sealed_bytes(&self) -> Result<Option<Zeroizing<Vec<u8>>>, FileError> {
        let contents = self.read(&self.path)?;
        Ok(contents.map(|contents| contents.bytes).filter(|bytes| is_age_file(bytes)))
    }

    /// The generation before the last change.
    ///
    /// # Errors
    /// A vault that is a link in a circle, and a pipe in the place of the backup: it might keep us waiting for ever.
    pub(crate) fn backup(&self) -> Result<Self, FileError> {
        let path = paths::resolved(&self.path).map_err(|error| self.write_error(error))?;
        let path = paths::beside(&path, ".bak");
        match require_regular_file(&path) {
            Ok(()) => Ok(Self::at(path)),
            Err(error) => Err(FileError::Read { path, error }),
        }
    }

    /// What others could spoil it by: the file, its backup and its lock, those that are there, and their folder
    pub(crate) fn surroundings(&self) -> Result<VaultPaths, FileError> {
        let path = paths::resolved(&self.path).map_err(|error| self.write_error(error))?;
        let files = [path.clone(), paths::beside(&path, ".bak"), paths::beside(&path, ".lock")];
        Ok(VaultPaths {
            folder: atomic_file::folder_of(&path).to_owned(),
            files: files.into_iter().filter(|file| file.exists()).collect(),
        })
    }

    /// Refuses a backup, unlocked, that no change has left beside this vault: one in plain text beside an encrypted one,
    /// or another vault. The envelopes are those of vaults that are encrypted as a whole.
    ///
    /// # Errors
    /// `Foreign`.
    pub(crate) fn check_backup_origin(
        &self,
        (now, around_now): (&Vault, Option<&WholeFileCipher>),
        (backup, around_backup): (&Vault, Option<&WholeFileCipher>),
    ) -> Result<(), FileError> {
        let foreign = |doubt| Err(FileError::UnexpectedBackup { path: self.backup()?.path, doubt });
        if around_now.is_some() && around_backup.is_none() && !backup.is_sealed() {
            return foreign(TrustError::Downgrade);
        }
        let mut known = self.all_known();
        if known.is_empty() {
            known.extend(now.known());
        }
        let mut doubts = known.iter().filter_map(|known| known.doubt_of(backup));
        match doubts.find(|doubt| !matches!(doubt, TrustError::Rollback { .. })) {
            Some(doubt) => foreign(doubt),
            None => Ok(()),
        }
    }

    /// Puts the backup in the place of the vault, and the vault in that of the backup: each with what unlocks it, none for a
    /// vault that does not open, and, where the user has seen them, only if both still are what was shown. A sealed one is
    /// signed as the next generation, so that it does not look like an old copy. The accounts whose counters stay further on
    /// than the backup has them.
    ///
    /// # Errors
    /// Those of the disk, and a backup that is damaged, not as it was signed, or foreign; nothing is changed then.
    pub(crate) fn restore(
        &self,
        now: Option<&WriteOptions<'_>>,
        before: &WriteOptions<'_>,
        shown: Option<[&Vault; 2]>,
    ) -> Result<Vec<Name>, FileError> {
        let path = paths::resolved(&self.path).map_err(|error| self.write_error(error))?;
        require_regular_file(&path).map_err(|error| self.write_error(error))?;
        let _lock = self.lock(&path)?;
        let backup = self.backup()?;
        let file = self.read(&path)?.map(|contents| contents.bytes);
        let Some(Contents { bytes, .. }) = backup.read(&backup.path)? else {
            return Err(FileError::Read { path: backup.path, error: io::ErrorKind::NotFound.into() });
        };
        let plain = backup.opened(bytes.clone(), before.decrypt_with)?;
        let mut vault = backup.parse(&plain)?;
        backup.unlock_sound(&mut vault, before.key)?;
        let mut last = Vault::default();
        if let (Some(bytes), Some(now)) = (&file, now) {
            last = self.parse(&self.opened(bytes.clone(), now.decrypt_with)?)?;
            // what is put aside may be as somebody left it, but its counters have to be read
            self.unlock(&mut last, now)?;
        }
        let around = now.and_then(|now| now.decrypt_with);
        self.check_backup_origin((&last, around), (&vault, before.decrypt_with))?;
        if shown.is_some_and(|shown| shown != [&last, &vault]) {
            return Err(FileError::Changed { path: self.path.clone() });
        }
        self.all_known().iter().for_each(|known| vault.raise_generation_to(known));
        let further = vault.supersede(&last);
        let mut after = bytes;
        if !vault.changes.is_empty() {
            let text =
                document::render(Some(&plain), &vault).map_err(|error| backup.document_error(error))?;
            let mut text = Zeroizing::new(text);
            if let Some(envelope) = before.decrypt_with {
                text = envelope.close(&text).map_err(|error| backup.envelope_error(error))?;
            }
            after = Zeroizing::new(text.as_bytes().to_vec());
        }
        self.refuse_too_large(&after)?;
        self.record_pending(&vault)?;
        self.swap(&path, file.as_ref().map(|bytes| bytes.as_slice()), &after)?;
        self.save_pin(&vault);
        Ok(further)
    }

    /// Changes the vault: locks it, reads it, lets `change` work on it and replaces it, the one before kept as
    /// `.bak`. Where `change` fails, or changes nothing, nothing is written. A sealed vault is unlocked for `change`.
    ///
    /// # Errors
    /// Those of `change`, and those of the disk; only after `Ok` is the change on the disk. `Tampered` and `Doubtful`
    /// where a sealed vault is not as this machine has left it.
    pub(crate) fn update<T, E: From<FileError>>(
        &self,
        writing: &WriteOptions<'_>,
        change: impl FnOnce(&mut Vault) -> Result<T, E>,
    ) -> Result<T, E> {
        let path = paths::resolved(&self.path).map_err(|error| self.write_error(error))?;
        require_regular_file(&path).map_err(|error| self.write_error(error))?;
        let _lock = self.lock(&path)?;
        let file = self.read(&path)?.map(|contents| contents.bytes);
        let before = match &file {
            Some(bytes) => Some(self.opened(bytes.clone(), writing.decrypt_with)?),
            None => None,
        };
        let mut vault = before.as_ref().map_or_else(|| Ok(Vault::default()), |bytes| self.parse(bytes))?;
        if writing.decrypt_with.is_some() && !file.as_ref().is_some_and(|bytes| is_age_file(bytes)) {
            return Err(FileError::Changed { path: self.path.clone() }.into());
        }
        if file.is_some() {
            self.unlock(&mut vault, writing)?;
        } else if let Some(doubt) = self.doubt(&vault) {
            return Err(FileError::Untrusted { path: self.path.clone(), doubt }.into());
        }
        let answer = change(&mut vault)?;
        if !vault.changes.is_empty() {
            if writing.allow_tampered {
                self.all_known().iter().for_each(|known| vault.raise_generation_to(known));
            }
            vault.bump_generation();
            let before = before.as_ref().map(|bytes| bytes.as_slice());
            let after = document::render(before, &vault).map_err(|error| self.document_error(error))?;
            let mut after = Zeroizing::new(after);
            if let Some(envelope) = writing.encrypt_with {
                after = envelope.close(&after).map_err(|error| self.envelope_error(error))?;
            }
            let backup = match writing.backup {
                BackupPolicy::PreviousVersion => file.as_ref().map(|bytes| bytes.as_slice()),
                BackupPolicy::NewVersion => Some(after.as_bytes()),
                BackupPolicy::Keep => None,
            };
            self.refuse_too_large(after.as_bytes())?;
            self.record_pending(&vault)?;
            self.write(&path, backup, after.as_bytes())?;
            self.save_pin(&vault);
        }
        Ok(answer)
    }

    /// Unlocks a sealed vault, and refuses one that is not as it should be
    fn unlock(&self, vault: &mut Vault, writing: &WriteOptions<'_>) -> Result<(), FileError> {
        match self.unlock_sound(vault, writing.key) {
            Ok(()) => {}
            Err(FileError::Tampered { .. }) if writing.allow_tampered => {}
            refused => return refused,
        }
        if writing.allow_tampered {
            return Ok(());
        }
        self.doubt(vault).map_or(Ok(()), |doubt| Err(FileError::Untrusted { path: self.path.clone(), doubt }))
    }

    /// Unlocks a sealed vault, and refuses one that is not as it was signed, whenever that was
    fn unlock_sound(&self, vault: &mut Vault, key: Option<&DataKey>) -> Result<(), FileError> {
        if vault.is_sealed() != key.is_some() {
            return Err(FileError::Changed { path: self.path.clone() });
        }
        let findings = key.map_or_else(Vec::new, |key| vault.unlock(key));
        if findings.is_empty() { Ok(()) } else { Err(self.tampered(findings)) }
    }

    /// That the vault is not as it was signed
    pub(crate) fn tampered(&self, findings: Vec<TamperFinding>) -> FileError {
        FileError::Tampered { path: self.path.clone(), findings }
    }

    /// Why a plain vault, or an unlocked one that is sound in itself, may still not be the one that was here
    pub(crate) fn doubt(&self, vault: &Vault) -> Option<TrustError> {
        self.all_known().iter().find_map(|known| known.doubt_of(vault))
    }

    /// Remembers a vault that was read, unless a later one has been seen meanwhile
    pub(crate) fn update_pin(&self, vault: &Vault) {
        if self.doubt(vault).is_none() {
            self.save_pin(vault);
        }
    }

    /// What this machine remembers of the vault
    pub(crate) fn known(&self) -> Option<TrustState> {
        TrustState::of(&self.path)
    }

    /// The same under each path that leads to it
    pub(crate) fn all_known(&self) -> Vec<TrustState> {
        TrustState::all_of(&self.path).collect()
    }

    /// Notes what a vault is about to become where that would raise a doubt: the process may end once it is that, and
    /// before it is remembered.
    ///
    /// # Errors
    /// Those of the disk: this machine would not take the vault any more.
    fn record_pending(&self, vault: &Vault) -> Result<(), FileError> {
        match self.known().filter(|_| self.doubt(vault).is_some()) {
            Some(known) => {
                known.before(vault).save_pin(&self.path).map_err(|error| FileError::State { error })
            }
            None => Ok(()),
        }
    }

    /// Remembers an unlocked vault as it is now, as well as can be: a machine whose folders cannot be written still
    /// gives codes. Of a plain one there is nothing to remember.
    pub(crate) fn save_pin(&self, vault: &Vault) {
        let before = self.known();
        match vault.known() {
            Some(now) => {
                let in_key_store = before.is_some_and(|known| known.is_in_key_store(&now));
                let _ = now.in_key_store(in_key_store).save_pin(&self.path);
            }
            None if before.is_some() && !vault.is_sealed() => TrustState::forget(&self.path),
            None => {}
        }
    }

    fn opened(
        &self,
        bytes: Zeroizing<Vec<u8>>,
        envelope: Option<&WholeFileCipher>,
    ) -> Result<Zeroizing<Vec<u8>>, FileError> {
        if !is_age_file(&bytes) {
            return Ok(bytes);
        }
        let envelope = envelope.ok_or_else(|| FileError::NeedsWholeFileKey { path: self.path.clone() })?;
        envelope.open(&bytes).map_err(|error| self.envelope_error(error))
    }

    /// None where there is no file
    pub(super) fn read(&self, path: &Path) -> Result<Option<Contents>, FileError> {
        if let Some(bytes) = self.piped.get().filter(|_| path == self.path) {
            return Ok(Some(Contents { bytes: bytes.clone(), readable_by_others: false }));
        }
        let read_error = |error| FileError::Read { path: self.path.clone(), error };
        let file = match File::open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened.map_err(read_error)?,
        };
        let metadata = file.metadata().map_err(read_error)?;
        let too_large = || FileError::TooLarge { path: self.path.clone() };
        let size = usize::try_from(metadata.len().min(MAX_BYTES)).map_err(|_| too_large())?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(size + 1));
        if metadata.len() <= MAX_BYTES {
            file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(read_error)?;
        }
        if metadata.len() > MAX_BYTES || bytes.len() as u64 > MAX_BYTES {
            return Err(too_large());
        }
        if !metadata.is_file() && is_age_file(&bytes) {
            self.piped.get_or_init(|| bytes.clone());
        }
        Ok(Some(Contents {
            bytes,
            readable_by_others: metadata.is_file() && atomic_file::is_exposed(&metadata),
        }))
    }

    /// It could not be read again
    fn refuse_too_large(&self, after: &[u8]) -> Result<(), FileError> {
        let fits = after.len() as u64 <= MAX_BYTES;
        if fits { Ok(()) } else { Err(FileError::WouldBeTooLarge { path: self.path.clone() }) }
    }

    fn parse(&self, bytes: &[u8]) -> Result<Vault, FileError> {
        document::parse(bytes).map_err(|error| self.document_error(error))
    }

    fn document_error(&self, error: DocumentError) -> FileError {
        FileError::Document { path: self.path.clone(), error }
    }

    fn envelope_error(&self, error: AgeError) -> FileError {
        FileError::WholeFileCipher { path: self.path.clone(), error }
    }

    fn write_error(&self, error: io::Error) -> FileError {
        FileError::Write { path: self.path.clone(), error }
    }
}
