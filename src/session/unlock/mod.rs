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
use crate::ui::Ui;
use crate::vault::crypto::{AgeError, DataKey, DecryptWith, VaultHeader};

pub(crate) use identity::read_key_file;
pub(crate) use passphrase::{new_passphrase, prompt_twice, read_password};

use credential::AcceptedCredentials;
use error::locked;

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

/// The result of trying the configured credentials
enum UnlockAttempt {
    Opened(UnlockedKey),
    /// No credential is configured, or the error of the last one
    Failed(Option<AgeError>),
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
        let unlocked = match self.try_configured_credentials(header, accepted)? {
            UnlockAttempt::Opened(unlocked) => unlocked,
            UnlockAttempt::Failed(error) => match self.stored_key(header) {
                Some(key) => UnlockedKey { key, slot: None },
                None => self.prompt_passphrase(header, accepted, error)?,
            },
        };
        self.key = Some((header.id, unlocked.key.clone()));
        Ok(unlocked)
    }

    /// Returns the position of the slot that a configured identity or passphrase opens. Never prompts.
    pub(crate) fn slot_at_hand(&mut self, header: &VaultHeader) -> Option<usize> {
        self.open_without_prompt(header).ok()??.slot
    }

    /// Returns the cached key, or the one that a configured identity or passphrase opens. Never prompts.
    ///
    /// # Errors
    /// A configured passphrase is wrong, or a configured file cannot be read.
    pub(crate) fn key_without_prompt(&mut self, header: &VaultHeader) -> Result<Option<DataKey>> {
        if let Ok(Some(key)) = cache::get(&header.id.to_base64()) {
            return Ok(Some(key));
        }
        Ok(self.open_without_prompt(header)?.map(|unlocked| unlocked.key))
    }

    fn open_without_prompt(&mut self, header: &VaultHeader) -> Result<Option<UnlockedKey>> {
        self.harden();
        let mut silent = Ui::buffered();
        let mut session = Session::new(self.vault, &mut silent, self.identity);
        let accepted = AcceptedCredentials::for_slots(header)?;
        match session.try_configured_credentials(header, accepted)? {
            UnlockAttempt::Opened(unlocked) => Ok(Some(unlocked)),
            UnlockAttempt::Failed(_) => Ok(None),
        }
    }

    /// Tries the identities, then the passphrase, that options and variables name.
    ///
    /// # Errors
    /// One of them cannot be read, or the passphrase is wrong.
    fn try_configured_credentials(
        &mut self,
        header: &VaultHeader,
        accepted: AcceptedCredentials,
    ) -> Result<UnlockAttempt> {
        let mut failure = None;
        if accepted.identity
            && let Some(identities) = self.identities()?
        {
            match open(header, &DecryptWith::Identities(&identities)) {
                Ok(unlocked) => return Ok(UnlockAttempt::Opened(unlocked)),
                Err(error) => failure = Some(error),
            }
        }
        if accepted.passphrase
            && let Some((passphrase, variable)) = passphrase::configured_passphrase()?
        {
            return open(header, &DecryptWith::Passphrase(&passphrase))
                .map(UnlockAttempt::Opened)
                .map_err(|error| error::locked_by_passphrase(error, variable));
        }
        Ok(UnlockAttempt::Failed(failure))
    }

    /// Asks for a passphrase, if one can unlock the vault and the user can be prompted.
    ///
    /// # Errors
    /// The vault stays locked: because of `failure`, if an attempt failed before.
    fn prompt_passphrase(
        &mut self,
        header: &VaultHeader,
        accepted: AcceptedCredentials,
        failure: Option<AgeError>,
    ) -> Result<UnlockedKey> {
        if !(accepted.passphrase && self.ui.can_prompt()) {
            let needed =
                if accepted.passphrase { AgeError::NeedsPassphrase } else { AgeError::NeedsIdentity };
            return Err(locked(failure.unwrap_or(needed)));
        }
        let mut attempt = 1;
        loop {
            let passphrase = self.ui.ask_hidden(PROMPT, error::HINT)?;
            match open(header, &DecryptWith::Passphrase(&passphrase)) {
                Ok(unlocked) => return Ok(unlocked),
                Err(AgeError::WrongPassphrase | AgeError::EmptyPassphrase) if attempt < ATTEMPTS => {
                    self.ui.status(error::WRONG_PASSPHRASE);
                }
                Err(error) => return Err(locked(error)),
            }
            attempt += 1;
        }
    }

    /// Returns the data key from the system's key store, if the user put it there.
    fn stored_key(&mut self, header: &VaultHeader) -> Option<DataKey> {
        let id = header.id.to_base64();
        if !self.vault.known_state().is_some_and(|known| known.has_stored_key(&id)) {
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

fn open(header: &VaultHeader, credential: &DecryptWith<'_>) -> Result<UnlockedKey, AgeError> {
    header.open(credential).map(|(slot, key)| UnlockedKey { key, slot: Some(slot) })
}
