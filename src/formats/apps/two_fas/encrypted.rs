//! Decrypts the list of services: Base64 of ciphertext and tag, of the salt, and of the nonce.

use data_encoding::BASE64;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::formats::FormatError;
use crate::formats::codec::json::Json;
use crate::formats::crypto::gcm::GcmCiphertext;
use crate::formats::crypto::kdf;

/// PBKDF2 iterations; the file does not name them
const ITERATIONS: u32 = 10_000;

const DAMAGED: FormatError = FormatError::Damaged("its encrypted services are malformed or were changed");

/// The encrypted services of a backup
pub(super) struct EncryptedServices {
    services: EncryptedText,
    /// A fixed text, encrypted with the same password
    reference: Option<EncryptedText>,
}

/// A text and the salt of its key
struct EncryptedText {
    salt: Vec<u8>,
    payload: GcmCiphertext,
}

impl EncryptedServices {
    pub(super) fn parse(file: &Value) -> Result<Self, FormatError> {
        let services = EncryptedText::parse(&file["servicesEncrypted"]).ok_or(DAMAGED)?;
        Ok(Self { services, reference: EncryptedText::parse(&file["reference"]) })
    }

    /// Decrypts the list of services.
    ///
    /// # Errors
    /// `WrongPassword` if the reference cannot be decrypted either, else `Damaged`; without a reference
    /// `WrongPasswordOrDamaged`.
    pub(super) fn decrypt(&self, password: &str) -> Result<Json, FormatError> {
        if let Some(services) = self.services.decrypt(password) {
            return Json::parse(str::from_utf8(&services).map_err(|_| DAMAGED)?);
        }
        match &self.reference {
            Some(reference) if reference.decrypt(password).is_some() => Err(DAMAGED),
            Some(_) => Err(FormatError::WrongPassword),
            None => Err(FormatError::WrongPasswordOrDamaged),
        }
    }
}

impl EncryptedText {
    fn parse(text: &Value) -> Option<Self> {
        let mut parts = text.as_str()?.split(':').map(|part| BASE64.decode(part.as_bytes()).ok());
        let (ciphertext, salt, nonce) = (parts.next()??, parts.next()??, parts.next()??);
        Some(Self { salt, payload: GcmCiphertext::new(&nonce, ciphertext)? })
    }

    fn decrypt(&self, password: &str) -> Option<Zeroizing<Vec<u8>>> {
        let key = kdf::pbkdf2(kdf::Hash::Sha256, ITERATIONS, password, &self.salt);
        self.payload.decrypt(&key, b"")
    }
}
