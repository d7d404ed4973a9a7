//! A slot: the data key in an age file of its own, which one passphrase or any of some keys opens.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::vault::crypto::age_file::credentials::{AgeError, DecryptWith, EncryptFor};
use crate::vault::crypto::keys::{DataKey, VaultId};
use crate::vault::crypto::{age_file, base64};

/// What the age file holds begins so; the vault's id and the data key follow, in Base64
const PAYLOAD: &str = "mfa-vault-key-2";

const CHECK_BYTES: usize = 6;

/// One way to open a vault
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) kind: Kind,
    /// An armored age file
    pub(crate) data: String,
    /// What the user calls it
    pub(crate) label: Option<String>,
    /// A checksum of `data`, that tells damage from a wrong passphrase; no protection against intent
    pub(crate) check: Option<String>,
}

/// What opens a slot
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Passphrase,
    Recipients,
    /// Of a later version, or no kind at all
    Unknown(String),
}

impl Kind {
    /// As `slot.kind` has it
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Passphrase => "passphrase",
            Self::Recipients => "recipients",
            Self::Unknown(text) => text,
        }
    }

    pub(super) fn parse(text: &str) -> Self {
        match text {
            "passphrase" => Self::Passphrase,
            "recipients" => Self::Recipients,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

impl Slot {
    /// Wraps the data key of a vault.
    ///
    /// # Errors
    /// As those of `age_file::wrap`.
    pub(crate) fn wrap(id: VaultId, key: &DataKey, lock: &EncryptFor<'_>) -> Result<Self, AgeError> {
        let encoded = Zeroizing::new(base64::encode(key.expose()));
        let payload = Zeroizing::new([PAYLOAD, " ", &id.to_base64(), " ", &encoded, "\n"].concat());
        let data = age_file::wrap(payload.as_bytes(), lock)?;
        let kind = match lock {
            EncryptFor::Passphrase { .. } => Kind::Passphrase,
            EncryptFor::Recipients(_) => Kind::Recipients,
        };
        Ok(Self { kind, label: None, check: Some(check(&data)), data })
    }

    /// The data key, if it is that of this vault.
    ///
    /// # Errors
    /// `Damaged` before any passphrase is tried, where the checksum tells; `OfAnotherVault`; else those of
    /// `age_file::unwrap`.
    pub(crate) fn open(&self, id: VaultId, unlock: &DecryptWith<'_>) -> Result<DataKey, AgeError> {
        match (&self.kind, unlock) {
            (Kind::Unknown(_), _) => return Err(AgeError::Unsupported),
            (Kind::Passphrase, DecryptWith::Identities(_)) => return Err(AgeError::NeedsPassphrase),
            (Kind::Recipients, DecryptWith::Passphrase(_)) => return Err(AgeError::NeedsIdentity),
            _ => {}
        }
        if self.is_damaged() {
            return Err(AgeError::Damaged);
        }
        parse(id, &age_file::unwrap(self.data.as_bytes(), unlock)?)
    }

    /// N of scrypt, which trying a passphrase costs
    pub(super) fn work(&self) -> u64 {
        if self.kind == Kind::Passphrase { age_file::scrypt_cost(self.data.as_bytes()) } else { 0 }
    }

    /// Whether the checksum does not fit; a slot without one is not
    pub(crate) fn is_damaged(&self) -> bool {
        self.check.as_ref().is_some_and(|expected| *expected != check(&self.data))
    }
}

/// Line ends do not count: an editor, or git, may change them
fn check(data: &str) -> String {
    base64::encode(&Sha256::digest(data.replace("\r\n", "\n"))[..CHECK_BYTES])
}

fn parse(id: VaultId, payload: &[u8]) -> Result<DataKey, AgeError> {
    let text = str::from_utf8(payload).map_err(|_| AgeError::NotADataKey)?;
    let mut words = text.strip_suffix('\n').unwrap_or(text).split(' ');
    let (Some(PAYLOAD), Some(vault), Some(key), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(AgeError::NotADataKey);
    };
    if VaultId::from_base64(vault).ok_or(AgeError::NotADataKey)? != id {
        return Err(AgeError::OfAnotherVault);
    }
    let key = base64::decode(key).map(Zeroizing::new).ok_or(AgeError::NotADataKey)?;
    DataKey::from_bytes(&key).ok_or(AgeError::NotADataKey)
}

#[cfg(test)]
mod tests;
