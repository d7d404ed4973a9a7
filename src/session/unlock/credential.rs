//! The kinds of credentials that unlock a vault: identities or a passphrase.

use crate::error::CommandError;
use crate::session::unlock::error::locked;
use crate::vault::crypto::{AgeError, KeySlot, SlotKind, VaultHeader};

/// The kinds of credentials that can unlock a vault
#[derive(Debug, Clone, Copy)]
pub(super) struct AcceptedCredentials {
    pub(super) identity: bool,
    pub(super) passphrase: bool,
}

impl AcceptedCredentials {
    /// Returns the kinds of the key slots. Damaged slots do not count: they cannot be unlocked.
    ///
    /// # Errors
    /// No slot can be unlocked.
    pub(super) fn for_slots(header: &VaultHeader) -> Result<Self, CommandError> {
        let has = |kind: SlotKind| header.slots.iter().any(|slot| slot.kind == kind && !slot.is_damaged());
        let accepted = Self { identity: has(SlotKind::Recipients), passphrase: has(SlotKind::Passphrase) };
        if accepted.identity || accepted.passphrase {
            return Ok(accepted);
        }
        let is_damaged = header.slots.iter().any(KeySlot::is_damaged);
        Err(locked(if is_damaged { AgeError::Damaged } else { AgeError::Unsupported }))
    }
}
