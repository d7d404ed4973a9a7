//! Decrypts backups of Aegis: a master key encrypts the content, and each key slot encrypts the master key for a
//! password, a fingerprint or a key of the phone.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde_json::Value;

use crate::formats::FormatError;
use crate::formats::codec::json::Json;
use crate::formats::crypto::gcm::GcmCiphertext;
use crate::formats::crypto::kdf::{self, DerivedKey};
use crate::formats::crypto::kdf_limits::Scrypt;

/// An Aegis vault has at most two passwords: its own and one for backups.
const MAX_SLOTS: usize = 8;

/// Bytes to which old versions truncated passwords. They left `repaired` false.
const TRUNCATED_AT: usize = 64;

const DAMAGED_SLOT: FormatError = FormatError::Damaged("a key slot in its header is malformed");
const DAMAGED_CONTENT: FormatError =
    FormatError::Damaged("its encrypted content is malformed or was changed");
const NO_PASSWORD: FormatError = FormatError::Unsupported(
    "it has no password, and only the phone that wrote it can decrypt it; set a password in Aegis and export again",
);
const UNREPAIRED: FormatError = FormatError::Unsupported(
    "the password is wrong, or has more than 64 bytes and was set in an old version of Aegis; if so, unlock the vault \
     in Aegis and export again",
);

/// An encrypted backup
pub(super) struct EncryptedBackup {
    slots: Vec<PasswordSlot>,
    content: GcmCiphertext,
}

/// The master key, encrypted with a password
struct PasswordSlot {
    costs: Scrypt,
    salt: Vec<u8>,
    master: GcmCiphertext,
    is_repaired: bool,
}

impl EncryptedBackup {
    /// Parses the parts that need no password.
    ///
    /// # Errors
    /// `Unsupported` if no slot takes a password, `TooCostly` if a slot exceeds the limits, `Damaged` if a field is
    /// missing or malformed.
    pub(super) fn parse(header: &Value, content: &str) -> Result<Self, FormatError> {
        let slots = header["slots"].as_array().into_iter().flatten().filter(|slot| slot["type"] == 1);
        let slots: Vec<PasswordSlot> = slots.map(PasswordSlot::parse).collect::<Result<_, _>>()?;
        if slots.len() > MAX_SLOTS {
            return Err(FormatError::TooCostly("scrypt"));
        }
        if slots.is_empty() {
            return Err(NO_PASSWORD);
        }
        let content = BASE64.decode(content.as_bytes()).map_err(|_| DAMAGED_CONTENT)?;
        let content = parse_payload(&header["params"], content).ok_or(DAMAGED_CONTENT)?;
        Ok(Self { slots, content })
    }

    /// Decrypts the database.
    ///
    /// # Errors
    /// `WrongPassword`; `Damaged` if the password is right but the content was changed; `Unsupported` if an old version
    /// of Aegis may have truncated the password.
    pub(super) fn decrypt(&self, password: &str) -> Result<Json, FormatError> {
        for slot in &self.slots {
            if let Some(master) = slot.decrypt(password)? {
                let content = self.content.decrypt(&master, b"").ok_or(DAMAGED_CONTENT)?;
                return Json::parse(str::from_utf8(&content).map_err(|_| DAMAGED_CONTENT)?);
            }
        }
        let may_be_truncated =
            password.len() > TRUNCATED_AT && self.slots.iter().any(|slot| !slot.is_repaired);
        Err(if may_be_truncated { UNREPAIRED } else { FormatError::WrongPassword })
    }
}

impl PasswordSlot {
    fn parse(slot: &Value) -> Result<Self, FormatError> {
        let cost = |name: &str| slot[name].as_u64().ok_or(DAMAGED_SLOT);
        let costs = Scrypt::new(cost("n")?, cost("r")?, cost("p")?)?;
        let salt = parse_hex(&slot["salt"]).ok_or(DAMAGED_SLOT)?;
        let key = parse_hex(&slot["key"]).ok_or(DAMAGED_SLOT)?;
        let master = parse_payload(&slot["key_params"], key).ok_or(DAMAGED_SLOT)?;
        Ok(Self { costs, salt, master, is_repaired: slot["repaired"] == true })
    }

    /// Returns the master key, or `None` if the password is wrong or belongs to another slot.
    fn decrypt(&self, password: &str) -> Result<Option<DerivedKey>, FormatError> {
        let key = kdf::scrypt(self.costs, password, &self.salt)?;
        let Some(master) = self.master.decrypt(&key, b"") else { return Ok(None) };
        let master = master.as_slice().try_into().map_err(|_| DAMAGED_SLOT)?;
        Ok(Some(DerivedKey::new(master)))
    }
}

fn parse_payload(params: &Value, ciphertext: Vec<u8>) -> Option<GcmCiphertext> {
    GcmCiphertext::with_tag(&parse_hex(&params["nonce"])?, ciphertext, &parse_hex(&params["tag"])?)
}

fn parse_hex(value: &Value) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(value.as_str()?.as_bytes()).ok()
}
