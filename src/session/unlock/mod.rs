//! Unlocking a vault: the first that applies of a cached key, an identity, a passphrase from a file or a command, the
//! system's key store, and a prompt.

mod identity;
mod passphrase;

use zeroize::Zeroizing;

use crate::error::{CommandError, ExitCode, Result};
use crate::keyring::{cache, hardening, store};
use crate::session::Session;
use crate::vault::Envelope;
use crate::vault::crypto::{
    DataKey, Head, Identities, Kind, LockError, Slot, Unlock, is_for_passphrase, open_opaque,
};

pub(crate) use identity::text_of_keys;
pub(crate) use passphrase::{LINE as PASSPHRASE, first_line, new_passphrase, typed_twice};

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
enum Given {
    Identities(Identities),
    Passphrase(Zeroizing<String>),
}

impl Given {
    fn unlock(&self) -> Unlock<'_> {
        match self {
            Self::Identities(identities) => Unlock::Identities(identities),
            Self::Passphrase(passphrase) => Unlock::Passphrase(passphrase),
        }
    }

    fn into_envelope(self) -> Envelope {
        match self {
            Self::Identities(identities) => Envelope::keys(identities),
            Self::Passphrase(passphrase) => Envelope::passphrase(passphrase),
        }
    }
}

/// What came of what the user has given
enum Tried<T> {
    Opened(Given, T),
    /// Nothing was given, or this is why it opened nothing
    Closed(Option<LockError>),
}

impl Session<'_> {
    /// The data key of a sealed vault, from the cache if it is there
    pub(crate) fn data_key(&mut self, head: &Head) -> Result<DataKey> {
        if let Some((_, key)) = self.key.as_ref().filter(|(id, _)| *id == head.id) {
            return Ok(key.clone());
        }
        self.harden();
        let key = match cache::get(&head.id.to_base64()) {
            Ok(Some(key)) => DataKey::from_bytes(&*key).expect("the cache gives 32 bytes"),
            Ok(None) => self.unlocked(head)?.key,
            Err(error) => {
                self.ui.detail(format_args!("no cached key: {error}"));
                self.unlocked(head)?.key
            }
        };
        self.key = Some((head.id, key.clone()));
        Ok(key)
    }

    /// The data key of a sealed vault, from anything but the cache
    pub(crate) fn unlocked(&mut self, head: &Head) -> Result<Unlocked> {
        self.harden();
        let takes = Takes::of(head)?;
        let open = |given: &Given| head.open(&given.unlock());
        let unlocked = match self.given_that_opens(open, takes)? {
            Tried::Opened(_, (slot, key)) => Unlocked { key, slot: Some(slot) },
            Tried::Closed(why) => {
                if let Some(key) = self.stored_key(head) {
                    Unlocked { key, slot: None }
                } else {
                    let (_, (slot, key)) = self.asked_for(open, takes, why)?;
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
        let takes =
            Takes { identity: !is_for_passphrase, passphrase: is_for_passphrase, hint: HINT_FOR_OPAQUE };
        let open = |given: &Given| open_opaque(&file, &given.unlock());
        let (given, plain) = match self.given_that_opens(open, takes)? {
            Tried::Opened(given, plain) => (given, plain),
            Tried::Closed(why) => self.asked_for(open, takes, why)?,
        };
        self.envelope = Some(given.into_envelope().with_opened(file, plain));
        Ok(())
    }

    /// Goes through what the user has given, in its order
    fn given_that_opens<T>(
        &mut self,
        open: impl Fn(&Given) -> Result<T, LockError>,
        takes: Takes,
    ) -> Result<Tried<T>> {
        let mut why = None;
        if takes.identity
            && let Some(identities) = self.identities()?
        {
            let given = Given::Identities(identities);
            match open(&given) {
                Ok(opened) => return Ok(Tried::Opened(given, opened)),
                Err(error) => why = Some(error),
            }
        }
        if takes.passphrase
            && let Some(passphrase) = passphrase::given_passphrase()?
        {
            let given = Given::Passphrase(passphrase);
            return match open(&given) {
                Ok(opened) => Ok(Tried::Opened(given, opened)),
                Err(error) => Err(locked(error, takes.hint)),
            };
        }
        Ok(Tried::Closed(why))
    }

    /// Asks for a passphrase, where one can open it and somebody is there
    fn asked_for<T>(
        &mut self,
        open: impl Fn(&Given) -> Result<T, LockError>,
        takes: Takes,
        why: Option<LockError>,
    ) -> Result<(Given, T)> {
        if takes.passphrase && self.ui.can_prompt() {
            return self.ask_until(open, takes.hint);
        }
        let otherwise = if takes.passphrase { LockError::NeedsPassphrase } else { LockError::NeedsIdentity };
        Err(locked(why.unwrap_or(otherwise), takes.hint))
    }

    fn ask_until<T>(
        &mut self,
        open: impl Fn(&Given) -> Result<T, LockError>,
        hint: &'static str,
    ) -> Result<(Given, T)> {
        let mut attempt = 1;
        loop {
            let given = Given::Passphrase(self.ui.ask_hidden(PASSPHRASE, hint)?);
            match open(&given) {
                Ok(opened) => return Ok((given, opened)),
                Err(LockError::WrongPassphrase | LockError::EmptyPassphrase) if attempt < ATTEMPTS => {
                    self.ui.say("the passphrase is wrong");
                }
                Err(error) => return Err(locked(error, hint)),
            }
            attempt += 1;
        }
    }

    /// Asked only where the user has put the key there
    fn stored_key(&mut self, head: &Head) -> Option<DataKey> {
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
            self.ui.detail(format_args!("core dumps could not be turned off: {error}"));
        }
    }
}

/// Which of the two could open it
#[derive(Debug, Clone, Copy)]
struct Takes {
    identity: bool,
    passphrase: bool,
    /// What to do where there is no passphrase, and nobody to ask
    hint: &'static str,
}

impl Takes {
    /// Nobody is asked for what cannot open a damaged slot.
    ///
    /// # Errors
    /// No slot that anything could open.
    fn of(head: &Head) -> Result<Self, CommandError> {
        let takes = |kind: Kind| head.slots.iter().any(|slot| slot.kind == kind && !slot.is_damaged());
        let takes =
            Self { identity: takes(Kind::Recipients), passphrase: takes(Kind::Passphrase), hint: HINT };
        if takes.identity || takes.passphrase {
            return Ok(takes);
        }
        let is_damaged = head.slots.iter().any(Slot::is_damaged);
        Err(locked(if is_damaged { LockError::Damaged } else { LockError::Unsupported }, HINT))
    }
}

/// What keeps a vault locked, and its exit code: 6 for a passphrase or key that does not fit, 1 for damage
fn locked(error: LockError, hint: &'static str) -> CommandError {
    match error {
        LockError::WrongPassphrase | LockError::EmptyPassphrase => {
            CommandError::new(ExitCode::Locked, "the passphrase is wrong")
        }
        LockError::NoMatchingIdentity => {
            CommandError::new(ExitCode::Locked, "the vault is locked: none of the identities opens it")
                .hint("--identity FILE, or the variable MFA_IDENTITY, names another")
        }
        LockError::IdentityLocked => CommandError::new(
            ExitCode::Locked,
            "the vault is locked: the identity is protected by a passphrase",
        )
        .hint("type it at a terminal"),
        LockError::NeedsIdentity => {
            CommandError::new(ExitCode::Locked, "the vault is locked: it takes an identity")
                .hint("--identity FILE, or the variable MFA_IDENTITY")
        }
        LockError::NeedsPassphrase => CommandError::new(ExitCode::Locked, "the vault is locked").hint(hint),
        other => CommandError::from(other)
            .context("could not unlock the vault")
            .hint("the vault before the last change is in its '.bak'"),
    }
}
