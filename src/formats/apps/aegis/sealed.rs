//! The encrypted form: a master key seals the content, and each slot seals the master key for a password, a
//! fingerprint, or a key of the phone.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde_json::Value;

use crate::formats::FormatError;
use crate::formats::codec::json::Json;
use crate::formats::crypto::gcm::Sealed;
use crate::formats::crypto::kdf::{self, DerivedKey};
use crate::formats::crypto::kdf_limits::Scrypt;

/// More passwords than a vault of Aegis ever has: one, and another for backups
const MAX_PASSWORDS: usize = 8;

/// Longer passwords were cut short by old versions, which left `repaired` false
const REPAIRED_ABOVE: usize = 64;

const DAMAGED_SLOT: FormatError = FormatError::Damaged("a slot of its header is none of Aegis's");
const DAMAGED_CONTENT: FormatError = FormatError::Damaged("its content is not what Aegis sealed");
const NO_PASSWORD: FormatError = FormatError::Unsupported(
    "no password opens it, only the phone that made it: set a password in Aegis, and export again",
);
const UNREPAIRED: FormatError = FormatError::Unsupported(
    "the password is wrong, or it is one of more than 64 bytes from an old version of Aegis, which only Aegis reads: \
     unlock the vault there, and export again",
);

/// An encrypted vault
pub(super) struct Vault {
    slots: Vec<Slot>,
    content: Sealed,
}

/// The master key, sealed with a password
struct Slot {
    costs: Scrypt,
    salt: Vec<u8>,
    master: Sealed,
    repaired: bool,
}

impl Vault {
    /// Reads a vault as far as it goes without its password.
    ///
    /// # Errors
    /// `Unsupported` where no password opens it, `TooCostly`, `Damaged`.
    pub(super) fn parse(header: &Value, content: &str) -> Result<Self, FormatError> {
        let slots = header["slots"].as_array().into_iter().flatten().filter(|slot| slot["type"] == 1);
        let slots: Vec<Slot> = slots.map(Slot::parse).collect::<Result<_, _>>()?;
        if slots.len() > MAX_PASSWORDS {
            return Err(FormatError::TooCostly("scrypt"));
        }
        if slots.is_empty() {
            return Err(NO_PASSWORD);
        }
        let content = BASE64.decode(content.as_bytes()).map_err(|_| DAMAGED_CONTENT)?;
        let content = sealed(&header["params"], content).ok_or(DAMAGED_CONTENT)?;
        Ok(Self { slots, content })
    }

    /// The database in it.
    ///
    /// # Errors
    /// `WrongPassword`, and `Damaged` where the password is right, and what it opens is not what Aegis sealed.
    pub(super) fn open(&self, password: &str) -> Result<Json, FormatError> {
        for slot in &self.slots {
            if let Some(master) = slot.open(password)? {
                let content = self.content.open(&master, b"").ok_or(DAMAGED_CONTENT)?;
                return Json::parse(str::from_utf8(&content).map_err(|_| DAMAGED_CONTENT)?);
            }
        }
        let was_cut = password.len() > REPAIRED_ABOVE && self.slots.iter().any(|slot| !slot.repaired);
        Err(if was_cut { UNREPAIRED } else { FormatError::WrongPassword })
    }
}

impl Slot {
    fn parse(slot: &Value) -> Result<Self, FormatError> {
        let cost = |name: &str| slot[name].as_u64().ok_or(DAMAGED_SLOT);
        let costs = Scrypt::new(cost("n")?, cost("r")?, cost("p")?)?;
        let salt = hex(&slot["salt"]).ok_or(DAMAGED_SLOT)?;
        let key = hex(&slot["key"]).ok_or(DAMAGED_SLOT)?;
        let master = sealed(&slot["key_params"], key).ok_or(DAMAGED_SLOT)?;
        Ok(Self { costs, salt, master, repaired: slot["repaired"] == true })
    }

    /// The master key; none where the password is another slot's, or wrong
    fn open(&self, password: &str) -> Result<Option<DerivedKey>, FormatError> {
        let key = kdf::scrypt(self.costs, password, &self.salt)?;
        let Some(master) = self.master.open(&key, b"") else { return Ok(None) };
        let master = master.as_slice().try_into().map_err(|_| DAMAGED_SLOT)?;
        Ok(Some(DerivedKey::new(master)))
    }
}

fn sealed(params: &Value, ciphertext: Vec<u8>) -> Option<Sealed> {
    Sealed::with_tag(&hex(&params["nonce"])?, ciphertext, &hex(&params["tag"])?)
}

fn hex(value: &Value) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(value.as_str()?.as_bytes()).ok()
}
