//! Unlocks a vault with the first that applies: a cached key, an identity, a passphrase from a file or a command, the
//! system's key store, a prompt.

mod credential;
mod error;
mod identity;
mod passphrase;
mod text_file;

use crate::error::Result;
use crate::keyring::{cache, hardening, store};
use crate::session::Session;
use crate::vault::crypto::{AgeError, DataKey, VaultHeader, decrypt_age_file, is_for_passphrase};

pub(crate) use identity::read_key_file;
pub(crate) use passphrase::{new_passphrase, prompt_twice, read_password};

use credential::{AcceptedCredentials, Credential, UnlockAttempt};
use error::{WHOLE_FILE_HINT, locked};

/// The question of the prompt
const PROMPT: &str = "passphrase of the vault";

/// How often the user may type a passphrase
const ATTEMPTS: usize = 3;

/// A data key and its key slot
#[derive(Debug)]
pub(crate) struct UnlockedKey {
    pub(crate) key: DataKey,
    /// The position of the slot; `None` if the key comes from the system's key store
    pub(crate) slot: Option<usize>,
}

impl Session<'_> {
    /// Returns the data key of an encrypted vault, from the cache if it is there.
    ///
    /// # Errors
    /// The vault stays locked.
    pub(crate) fn data_key(&mut self, header: &VaultHeader) -> Result<DataKey> {
        if let Some((_, key)) = self.key.as_ref().filter(|(id, _)| *id == header.id) {
            return Ok(key.clone());
        }
        self.harden();
        let key = match cache::get(&header.id.to_base64()) {
            Ok(Some(key)) => key,
            Ok(None) => self.unlock_slot(header)?.key,
            Err(error) => {
                self.ui.verbose(format_args!("no cached key: {error}"));
                self.unlock_slot(header)?.key
            }
        };
        self.key = Some((header.id, key.clone()));
        Ok(key)
    }

    /// Unlocks the data key of an encrypted vault, without the cache.
    ///
    /// # Errors
    /// The vault stays locked.
    pub(crate) fn unlock_slot(&mut self, header: &VaultHeader) -> Result<UnlockedKey> {
        self.harden();
        let accepted = AcceptedCredentials::for_slots(header)?;
        let open = |credential: &Credential| header.open(&credential.decrypt_with());
        let unlocked = match self.try_configured_credentials(open, accepted)? {
            UnlockAttempt::Opened(_, (slot, key)) => UnlockedKey { key, slot: Some(slot) },
            UnlockAttempt::Failed(error) => {
                if let Some(key) = self.stored_key(header) {
                    UnlockedKey { key, slot: None }
                } else {
                    let (_, (slot, key)) = self.prompt_passphrase(open, accepted, error)?;
                    UnlockedKey { key, slot: Some(slot) }
                }
            }
        };
        self.key = Some((header.id, unlocked.key.clone()));
        Ok(unlocked)
    }

    /// Decrypts a vault that is encrypted as a whole, and keeps the cipher in the session.
    ///
    /// # Errors
    /// The vault stays locked, or cannot be read.
    pub(super) fn unlock_whole_file(&mut self) -> Result<()> {
        let Some(file) = self.vault.age_file_bytes()? else { return Ok(()) };
        self.harden();
        let is_for_passphrase = is_for_passphrase(&file).map_err(|error| locked(error, WHOLE_FILE_HINT))?;
        let accepted = AcceptedCredentials::for_whole_file(is_for_passphrase);
        let open = |credential: &Credential| decrypt_age_file(&file, &credential.decrypt_with());
        let (credential, plain) = match self.try_configured_credentials(open, accepted)? {
            UnlockAttempt::Opened(credential, plain) => (credential, plain),
            UnlockAttempt::Failed(error) => self.prompt_passphrase(open, accepted, error)?,
        };
        self.cipher = Some(credential.into_cipher().with_plaintext(file, plain));
        Ok(())
    }

    /// Tries the identities, then the passphrase, that options and variables name.
    ///
    /// # Errors
    /// One of them cannot be read, or the passphrase is wrong.
    fn try_configured_credentials<T>(
        &mut self,
        open: impl Fn(&Credential) -> Result<T, AgeError>,
        accepted: AcceptedCredentials,
    ) -> Result<UnlockAttempt<T>> {
        let mut failure = None;
        if accepted.identity
            && let Some(identities) = self.identities()?
        {
            let credential = Credential::Identities(identities);
            match open(&credential) {
                Ok(opened) => return Ok(UnlockAttempt::Opened(credential, opened)),
                Err(error) => failure = Some(error),
            }
        }
        if accepted.passphrase
            && let Some((passphrase, variable)) = passphrase::configured_passphrase()?
        {
            let credential = Credential::Passphrase(passphrase);
            return match open(&credential) {
                Ok(opened) => Ok(UnlockAttempt::Opened(credential, opened)),
                Err(error) => Err(error::locked_by_passphrase(error, variable, accepted.hint)),
            };
        }
        Ok(UnlockAttempt::Failed(failure))
    }

    /// Asks for a passphrase, if one can unlock the vault and the user can be prompted.
    ///
    /// # Errors
    /// The vault stays locked: because of `failure`, if an attempt failed before.
    fn prompt_passphrase<T>(
        &mut self,
        open: impl Fn(&Credential) -> Result<T, AgeError>,
        accepted: AcceptedCredentials,
        failure: Option<AgeError>,
    ) -> Result<(Credential, T)> {
        if accepted.passphrase && self.ui.can_prompt() {
            return self.retry_prompt(open, accepted.hint);
        }
        let needed = if accepted.passphrase { AgeError::NeedsPassphrase } else { AgeError::NeedsIdentity };
        Err(locked(failure.unwrap_or(needed), accepted.hint))
    }

    fn retry_prompt<T>(
        &mut self,
        open: impl Fn(&Credential) -> Result<T, AgeError>,
        hint: &'static str,
    ) -> Result<(Credential, T)> {
        let mut attempt = 1;
        loop {
            let credential = Credential::Passphrase(self.ui.ask_hidden(PROMPT, hint)?);
            match open(&credential) {
                Ok(opened) => return Ok((credential, opened)),
                Err(AgeError::WrongPassphrase | AgeError::EmptyPassphrase) if attempt < ATTEMPTS => {
                    self.ui.status(error::WRONG_PASSPHRASE);
                }
                Err(error) => return Err(locked(error, hint)),
            }
            attempt += 1;
        }
    }

    /// Returns the data key from the system's key store, if the user put it there.
    fn stored_key(&mut self, header: &VaultHeader) -> Option<DataKey> {
        let id = header.id.to_base64();
        if !self.vault.pinned_state().is_some_and(|known| known.has_stored_key(&id)) {
            return None;
        }
        match store::get(&id) {
            Ok(key) => key,
            Err(error) => {
                self.ui.warn(error, None);
                None
            }
        }
    }

    /// Keeps secrets out of core dumps and away from debuggers.
    pub(crate) fn harden(&mut self) {
        if let Err(error) = hardening::harden() {
            self.ui.verbose(format_args!("could not turn off core dumps: {error}"));
        }
    }
}
