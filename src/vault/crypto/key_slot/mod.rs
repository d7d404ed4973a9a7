//! Key slots: each holds the data key in an age file of its own, for one passphrase or for several recipients.

use sha2::{Digest, Sha256};
use toml::Value;
use toml::value::Date;
use zeroize::Zeroizing;

use super::age_file::{AgeError, DecryptWith, EncryptFor, decrypt_age_file, encrypt_age_file, scrypt_cost};
use super::base64;
use super::keys::{DataKey, VaultId};

/// The beginning of the age file's plain text; the vault's id and the data key follow, in Base64
const PAYLOAD_MAGIC: &str = "mfa-vault-key-3";

const CHECKSUM_LEN: usize = 6;

/// A key slot: one way to unlock a vault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeySlot {
    pub(crate) kind: SlotKind,
    /// An armored age file
    pub(crate) data: String,
    /// A description, chosen by the user
    pub(crate) label: Option<String>,
    /// The day of UTC on which the user added the slot
    pub(crate) added: Option<Date>,
    /// A checksum of `data`, which distinguishes damage from a wrong passphrase; no protection against an attacker
    pub(crate) check: Option<String>,
}

/// The kind of credential that opens a slot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum SlotKind {
    Passphrase,
    Recipients,
    /// A kind of a later version, or invalid text
    Unknown(String),
}

impl SlotKind {
    /// Returns the value of the field `kind`.
    pub(in crate::vault) fn as_str(&self) -> &str {
        match self {
            Self::Passphrase => "passphrase",
            Self::Recipients => "recipients",
            Self::Unknown(text) => text,
        }
    }

    fn parse(text: &str) -> Self {
        match text {
            "passphrase" => Self::Passphrase,
            "recipients" => Self::Recipients,
            other => Self::Unknown(other.to_owned()),
        }
    }
}

impl KeySlot {
    /// Encrypts the data key of a vault.
    ///
    /// # Errors
    /// `EmptyPassphrase`, `NoRecipients`, `IncompatibleRecipients`, `TooCostly` or `Plugin`.
    pub(crate) fn wrap(id: VaultId, data_key: &DataKey, key: &EncryptFor<'_>) -> Result<Self, AgeError> {
        let encoded = Zeroizing::new(base64::encode(data_key.expose()));
        let payload = Zeroizing::new([PAYLOAD_MAGIC, " ", &id.to_base64(), " ", &encoded, "\n"].concat());
        let data = encrypt_age_file(payload.as_bytes(), key)?;
        let kind = match key {
            EncryptFor::Passphrase { .. } => SlotKind::Passphrase,
            EncryptFor::Recipients(_) => SlotKind::Recipients,
        };
        Ok(Self { kind, label: None, added: None, check: Some(checksum(&data)), data })
    }

    /// Reads a slot from a value of the array `vault.slot`; a missing field is empty.
    pub(super) fn from_value(value: &Value) -> Self {
        let text = |field: &str| value.get(field).and_then(Value::as_str);
        Self {
            kind: SlotKind::parse(text("kind").unwrap_or_default()),
            label: text("label").map(str::to_owned),
            added: value.get("added").and_then(Value::as_datetime).and_then(|time| time.date),
            data: text("data").unwrap_or_default().to_owned(),
            check: text("check").map(str::to_owned),
        }
    }

    /// Decrypts the data key of the vault with this id.
    ///
    /// # Errors
    /// `Damaged`, before a passphrase is tried, if the checksum does not match; `NeedsPassphrase` or `NeedsIdentity` if
    /// the credential is of the other kind; `WrongVault` if the slot belongs to another vault; `NotADataKey`,
    /// `Unsupported`, `WrongPassphrase`, `NoMatchingIdentity`, `IdentityLocked`, `TooCostly` or `Plugin`.
    pub(crate) fn open(&self, id: VaultId, credential: &DecryptWith<'_>) -> Result<DataKey, AgeError> {
        match (&self.kind, credential) {
            (SlotKind::Unknown(_), _) => return Err(AgeError::Unsupported),
            (SlotKind::Passphrase, DecryptWith::Identities(_)) => return Err(AgeError::NeedsPassphrase),
            (SlotKind::Recipients, DecryptWith::Passphrase(_)) => return Err(AgeError::NeedsIdentity),
            _ => {}
        }
        if self.is_damaged() {
            return Err(AgeError::Damaged);
        }
        parse_payload(id, &decrypt_age_file(self.data.as_bytes(), credential)?)
    }

    /// Returns scrypt's N, the cost of trying a passphrase on this slot.
    pub(super) fn scrypt_cost(&self) -> u64 {
        if self.kind == SlotKind::Passphrase { scrypt_cost(self.data.as_bytes()) } else { 0 }
    }

    /// Returns whether the slot has a checksum that does not match.
    pub(crate) fn is_damaged(&self) -> bool {
        self.check.as_ref().is_some_and(|expected| *expected != checksum(&self.data))
    }
}

/// Computes the checksum of an age file, the same for both line endings: an editor, or git, may change them.
fn checksum(data: &str) -> String {
    base64::encode(&Sha256::digest(data.replace("\r\n", "\n"))[..CHECKSUM_LEN])
}

fn parse_payload(id: VaultId, payload: &[u8]) -> Result<DataKey, AgeError> {
    let text = str::from_utf8(payload).map_err(|_| AgeError::NotADataKey)?;
    let mut words = text.strip_suffix('\n').unwrap_or(text).split(' ');
    let (Some(PAYLOAD_MAGIC), Some(vault), Some(key), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(AgeError::NotADataKey);
    };
    if VaultId::from_base64(vault).ok_or(AgeError::NotADataKey)? != id {
        return Err(AgeError::WrongVault);
    }
    let key = base64::decode(key).map(Zeroizing::new).ok_or(AgeError::NotADataKey)?;
    DataKey::from_bytes(&key).ok_or(AgeError::NotADataKey)
}

#[cfg(test)]
mod tests;
