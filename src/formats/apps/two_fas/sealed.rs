//! The list of services under a password: Base64 of ciphertext and tag, of the salt, and of the nonce.

use data_encoding::BASE64;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::formats::FormatError;
use crate::formats::codec::json::Json;
use crate::formats::crypto::gcm::Sealed;
use crate::formats::crypto::kdf;

/// The app has no other, and the file does not name them
const ITERATIONS: u32 = 10_000;

const DAMAGED: FormatError = FormatError::Damaged("its services are not what 2FAS sealed");

/// The encrypted services of a backup
pub(super) struct Services {
    services: Locked,
    /// A fixed text under the same password
    reference: Option<Locked>,
}

struct Locked {
    salt: Vec<u8>,
    sealed: Sealed,
}

impl Services {
    pub(super) fn parse(file: &Value) -> Result<Self, FormatError> {
        let services = Locked::parse(&file["servicesEncrypted"]).ok_or(DAMAGED)?;
        Ok(Self { services, reference: Locked::parse(&file["reference"]) })
    }

    /// The list of services.
    ///
    /// # Errors
    /// `WrongPassword` and `Damaged`, which the reference tells apart; without one `WrongPasswordOrDamaged`.
    pub(super) fn open(&self, password: &str) -> Result<Json, FormatError> {
        if let Some(services) = self.services.open(password) {
            return Json::parse(str::from_utf8(&services).map_err(|_| DAMAGED)?);
        }
        match &self.reference {
            Some(reference) if reference.open(password).is_some() => Err(DAMAGED),
            Some(_) => Err(FormatError::WrongPassword),
            None => Err(FormatError::WrongPasswordOrDamaged),
        }
    }
}

impl Locked {
    fn parse(text: &Value) -> Option<Self> {
        let mut parts = text.as_str()?.split(':').map(|part| BASE64.decode(part.as_bytes()).ok());
        let (ciphertext, salt, nonce) = (parts.next()??, parts.next()??, parts.next()??);
        Some(Self { salt, sealed: Sealed::new(&nonce, ciphertext)? })
    }

    fn open(&self, password: &str) -> Option<Zeroizing<Vec<u8>>> {
        let key = kdf::pbkdf2(kdf::Hash::Sha256, ITERATIONS, password, &self.salt);
        self.sealed.open(&key, b"")
    }
}
