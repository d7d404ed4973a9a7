//! Unlocking a vault: the first that applies of a cached key, an identity, a passphrase from a file or a command, the
//! system's key store, and a prompt.

mod identity;
mod passphrase;

use zeroize::Zeroizing;

use crate::error::{CommandError, ExitCode, Result};
use crate::keyring::{cache, hardening, store};
use crate::session::Session;
use crate::vault::WholeFileCipher;
use crate::vault::crypto::{
    AgeError, DataKey, DecryptWith, Identities, Kind, Slot, VaultHeader, is_for_passphrase, open_opaque,
};

pub(crate) use identity::text_of_keys;
pub(crate) use passphrase::{LINE as PASSPHRASE, new_passphrase, read_password, typed_twice};

/// How often a passphrase may be typed
const ATTEMPTS: usize = 3;

const HINT: &str = "'mfa unlock' asks for the passphrase at a terminal; scripts set MFA_PASSPHRASE_FILE, \
                    MFA_PASSPHRASE_COMMAND or MFA_IDENTITY";
/// `mfa unlock` cannot keep it open
const HINT_FOR_OPAQUE: &str =
    "type the passphrase at a terminal; scripts set MFA_PASSPHRASE_FILE or MFA_PASSPHRASE_COMMAND";

/// A data key, and what gave it
#[derive(Debug)]
pub(crate) struct Unlocked {
    pub(crate) key: DataKey,
    /// The place of the slot, where it was one
    pub(crate) slot: Option<usize>,
}

/// What the user gives to open a vault
enum Credential {
    Identities(Identities),
    Passphrase(Zeroizing<String>),
}

impl Credential {
    fn unlock(&self) -> DecryptWith<'_> {
        match self {
            Self::Identities(identities) => DecryptWith::Identities(identities),
            Self::Passphrase(passphrase) => DecryptWith::Passphrase(passphrase),
        }
    }

    fn into_envelope(self) -> WholeFileCipher {
        match self {
            Self::Identities(identities) => WholeFileCipher::keys(identities),
            Self::Passphrase(passphrase) => WholeFileCipher::passphrase(passphrase),
        }
    }
}

/// What came of what the user has credential
enum UnlockAttempt<T> {
    Opened(Credential, T),
    /// Nothing was credential, or this is why it opened nothing
    Closed(Option<AgeError>),
}

impl Session<'_> {
    /// The data key of a sealed vault, from the cache if it is there
    pub(crate) fn data_key(&mut self, head: &VaultHeader) -> Result<DataKey> {
        if let Some((_, key)) = self.key.as_ref().filter(|(id, _)| *id == head.id) {
            return Ok(key.clone());
        }
        self.harden();
        let key = match cache::get(&head.id.to_base64()) {
            Ok(Some(key)) => DataKey::from_bytes(&*key).expect("the cache gives 32 bytes"),
            Ok(None) => self.unlocked(head)?.key,
            Err(error) => {
                self.ui.verbose(format_args!("no cached key: {error}"));
                self.unlocked(head)?.key
            }
        };
        self.key = Some((head.id, key.clone()));
        Ok(key)
    }

    /// The data key of a sealed vault, from anything but the cache
    pub(crate) fn unlocked(&mut self, head: &VaultHeader) -> Result<Unlocked> {
        self.harden();
        let takes = AcceptedCredentials::of(head)?;
        let open = |credential: &Credential| head.open(&credential.unlock());
        let unlocked = match self.try_configured_credentials(open, takes)? {
            UnlockAttempt::Opened(_, (slot, key)) => Unlocked { key, slot: Some(slot) },
            UnlockAttempt::Closed(why) => {
                if let Some(key) = self.stored_key(head) {
                    Unlocked { key, slot: None }
                } else {
                    let (_, (slot, key)) = self.prompt_passphrase(open, takes, why)?;
                    Unlocked { key, slot: Some(slot) }
                }
            }
        };
        self.key = Some((head.id, unlocked.key.clone()));
        Ok(unlocked)
    }

    /// Opens a vault that is encrypted as a whole, and keeps what opened it
    pub(crate) fn open_envelope(&mut self) -> Result<()> {
        let Some(file) = self.vault.sealed_bytes()? else { return Ok(()) };
        self.harden();
        let is_for_passphrase = is_for_passphrase(&file).map_err(|error| locked(error, HINT_FOR_OPAQUE))?;
        let takes = AcceptedCredentials {
            identity: !is_for_passphrase,
            passphrase: is_for_passphrase,
            hint: HINT_FOR_OPAQUE,
        };
        let open = |credential: &Credential| open_opaque(&file, &credential.unlock());
        let (credential, plain) = match self.try_configured_credentials(open, takes)? {
            UnlockAttempt::Opened(credential, plain) => (credential, plain),
            UnlockAttempt::Closed(why) => self.prompt_passphrase(open, takes, why)?,
        };
        self.envelope = Some(credential.into_envelope().with_opened(file, plain));
        Ok(())
    }

    /// Goes through what the user has credential, in its order
    fn try_configured_credentials<T>(
        &mut self,
        open: impl Fn(&Credential) -> Result<T, AgeError>,
        takes: AcceptedCredentials,
    ) -> Result<UnlockAttempt<T>> {
        let mut why = None;
        if takes.identity
            && let Some(identities) = self.identities()?
        {
            let credential = Credential::Identities(identities);
            match open(&credential) {
                Ok(opened) => return Ok(UnlockAttempt::Opened(credential, opened)),
                Err(error) => why = Some(error),
            }
        }
        if takes.passphrase
            && let Some(passphrase) = passphrase::given_passphrase()?
        {
            let credential = Credential::Passphrase(passphrase);
            return match open(&credential) {
                Ok(opened) => Ok(UnlockAttempt::Opened(credential, opened)),
                Err(error) => Err(locked(error, takes.hint)),
            };
        }
        Ok(UnlockAttempt::Closed(why))
    }

    /// Asks for a passphrase, where one can open it and somebody is there
    fn prompt_passphrase<T>(
        &mut self,
        open: impl Fn(&Credential) -> Result<T, AgeError>,
        takes: AcceptedCredentials,
        why: Option<AgeError>,
    ) -> Result<(Credential, T)> {
        if takes.passphrase && self.ui.can_prompt() {
            return self.retry_prompt(open, takes.hint);
        }
        let otherwise = if takes.passphrase { AgeError::NeedsPassphrase } else { AgeError::NeedsIdentity };
        Err(locked(why.unwrap_or(otherwise), takes.hint))
    }

    fn retry_prompt<T>(
        &mut self,
        open: impl Fn(&Credential) -> Result<T, AgeError>,
        hint: &'static str,
    ) -> Result<(Credential, T)> {
        let mut attempt = 1;
        loop {
            let credential = Credential::Passphrase(self.ui.ask_hidden(PASSPHRASE, hint)?);
            match open(&credential) {
                Ok(opened) => return Ok((credential, opened)),
                Err(AgeError::WrongPassphrase | AgeError::EmptyPassphrase) if attempt < ATTEMPTS => {
                    self.ui.status("the passphrase is wrong");
                }
                Err(error) => return Err(locked(error, hint)),
            }
            attempt += 1;
        }
    }

    /// Asked only where the user has put the key there
    fn stored_key(&mut self, head: &VaultHeader) -> Option<DataKey> {
        let id = head.id.to_base64();
        if !self.vault.known().is_some_and(|known| known.has_key_of(&id)) {
            return None;
        }
        match store::get(&id) {
            Ok(key) => key.and_then(|key| DataKey::from_bytes(&*key)),
            Err(error) => {
                self.ui.warn(error, None);
                None
            }
        }
    }

    pub(crate) fn harden(&mut self) {
        if let Err(error) = hardening::harden() {
            self.ui.verbose(format_args!("core dumps could not be turned off: {error}"));
        }
    }
}

/// Which of the two could open it
#[derive(Debug, Clone, Copy)]
struct AcceptedCredentials {
    identity: bool,
    passphrase: bool,
    /// What to do where there is no passphrase, and nobody to ask
    hint: &'static str,
}

impl AcceptedCredentials {
    /// Nobody is asked for what cannot open a damaged slot.
    ///
    /// # Errors
    /// No slot that anything could open.
    fn of(head: &VaultHeader) -> Result<Self, CommandError> {
        let takes = |kind: Kind| head.slots.iter().any(|slot| slot.kind == kind && !slot.is_damaged());
        let takes =
            Self { identity: takes(Kind::Recipients), passphrase: takes(Kind::Passphrase), hint: HINT };
        if takes.identity || takes.passphrase {
            return Ok(takes);
        }
        let is_damaged = head.slots.iter().any(Slot::is_damaged);
        Err(locked(if is_damaged { AgeError::Damaged } else { AgeError::Unsupported }, HINT))
    }
}

/// What keeps a vault locked, and its exit code: 6 for a passphrase or key that does not fit, 1 for damage
fn locked(error: AgeError, hint: &'static str) -> CommandError {
    match error {
        AgeError::WrongPassphrase | AgeError::EmptyPassphrase => {
            CommandError::new(ExitCode::Locked, "the passphrase is wrong")
        }
        AgeError::NoMatchingIdentity => {
            CommandError::new(ExitCode::Locked, "the vault is locked: none of the identities opens it")
                .hint("--identity FILE, or the variable MFA_IDENTITY, names another")
        }
        AgeError::IdentityLocked => CommandError::new(
            ExitCode::Locked,
            "the vault is locked: the identity is protected by a passphrase",
        )
        .hint("type it at a terminal"),
        AgeError::NeedsIdentity => {
            CommandError::new(ExitCode::Locked, "the vault is locked: it takes an identity")
                .hint("--identity FILE, or the variable MFA_IDENTITY")
        }
        AgeError::NeedsPassphrase => CommandError::new(ExitCode::Locked, "the vault is locked").hint(hint),
        other => CommandError::from(other)
            .context("could not unlock the vault")
            .hint("the vault before the last change is in its '.bak'"),
    }
}
