//! The credentials that unlock a vault: identities or a passphrase.

use zeroize::Zeroizing;

use crate::error::CommandError;
use crate::session::unlock::error::{HINT, WHOLE_FILE_HINT, locked};
use crate::vault::WholeFileCipher;
use crate::vault::crypto::{AgeError, DecryptWith, Identities, KeySlot, SlotKind, VaultHeader};

/// Private keys or a passphrase
pub(super) enum Credential {
    Identities(Identities),
    Passphrase(Zeroizing<String>),
}

impl Credential {
    pub(super) fn decrypt_with(&self) -> DecryptWith<'_> {
        match self {
            Self::Identities(identities) => DecryptWith::Identities(identities),
            Self::Passphrase(passphrase) => DecryptWith::Passphrase(passphrase),
        }
    }

    pub(super) fn into_cipher(self) -> WholeFileCipher {
        match self {
            Self::Identities(identities) => WholeFileCipher::from_identities(identities),
            Self::Passphrase(passphrase) => WholeFileCipher::from_passphrase(passphrase),
        }
    }
}

/// The result of trying the configured credentials
pub(super) enum UnlockAttempt<T> {
    Opened(Credential, T),
    /// No credential is configured, or the error of the last one
    Failed(Option<AgeError>),
}

/// The kinds of credentials that can unlock a vault
#[derive(Debug, Clone, Copy)]
pub(super) struct AcceptedCredentials {
    pub(super) identity: bool,
    pub(super) passphrase: bool,
    /// The hint if there is no passphrase and no prompt
    pub(super) hint: &'static str,
}

impl AcceptedCredentials {
    /// Returns the kinds of the key slots. Damaged slots do not count: they cannot be unlocked.
    ///
    /// # Errors
    /// No slot can be unlocked.
    pub(super) fn for_slots(header: &VaultHeader) -> Result<Self, CommandError> {
        let has = |kind: SlotKind| header.slots.iter().any(|slot| slot.kind == kind && !slot.is_damaged());
        let accepted =
            Self { identity: has(SlotKind::Recipients), passphrase: has(SlotKind::Passphrase), hint: HINT };
        if accepted.identity || accepted.passphrase {
            return Ok(accepted);
        }
        let is_damaged = header.slots.iter().any(KeySlot::is_damaged);
        Err(locked(if is_damaged { AgeError::Damaged } else { AgeError::Unsupported }, HINT))
    }

    /// Returns the kind of credential for a vault that is encrypted as a whole.
    pub(super) fn for_whole_file(is_for_passphrase: bool) -> Self {
        Self { identity: !is_for_passphrase, passphrase: is_for_passphrase, hint: WHOLE_FILE_HINT }
    }
}
