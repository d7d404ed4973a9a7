//! Decrypts the password-protected JSON: one key is expanded into two, for AES-256-CBC and HMAC-SHA256.

use aes::Aes256;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockDecryptMut, KeyIvInit};
use data_encoding::BASE64;
use hkdf::Hkdf;
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::formats::FormatError;
use crate::formats::codec::json::Json;
use crate::formats::crypto::kdf::{self, DerivedKey};
use crate::formats::crypto::kdf_limits;

const DAMAGED: FormatError = FormatError::Damaged("its encrypted data is malformed or was changed");
const UNKNOWN_KDF: FormatError =
    FormatError::Unsupported("it was written by a newer version of Bitwarden than mfa knows");

/// An export with its own password
pub(super) struct EncryptedExport {
    kdf: Kdf,
    /// The text as it is in the file: Bitwarden does not decode it
    salt: String,
    validation: EncString,
    vault: EncString,
}

enum Kdf {
    Pbkdf2(u32),
    Argon2id(kdf_limits::Argon2),
}

/// `2.IV|CIPHERTEXT|MAC`, each in Base64
struct EncString {
    iv: [u8; 16],
    ciphertext: Vec<u8>,
    mac: Vec<u8>,
}

impl EncryptedExport {
    pub(super) fn parse(file: &Value) -> Result<Self, FormatError> {
        Ok(Self {
            kdf: Kdf::parse(file)?,
            salt: file["salt"].as_str().ok_or(DAMAGED)?.to_owned(),
            validation: EncString::parse(&file["encKeyValidation_DO_NOT_EDIT"]).ok_or(DAMAGED)?,
            vault: EncString::parse(&file["data"]).ok_or(DAMAGED)?,
        })
    }

    /// Decrypts the vault.
    ///
    /// # Errors
    /// `WrongPassword` if the password does not decrypt the validation text, `Damaged` if it does not decrypt the rest.
    pub(super) fn decrypt(&self, password: &str) -> Result<Json, FormatError> {
        let key = self.kdf.derive(password, &self.salt)?;
        self.validation.decrypt(&key).ok_or(FormatError::WrongPassword)?;
        let vault = self.vault.decrypt(&key).ok_or(DAMAGED)?;
        Json::parse(str::from_utf8(&vault).map_err(|_| DAMAGED)?)
    }
}

impl Kdf {
    fn parse(file: &Value) -> Result<Self, FormatError> {
        let number = |name: &str| file[name].as_u64().ok_or(DAMAGED);
        let iterations = number("kdfIterations")?;
        match number("kdfType")? {
            0 => kdf_limits::pbkdf2(iterations).map(Self::Pbkdf2),
            1 => {
                let memory_kib = number("kdfMemory")?.saturating_mul(1024);
                kdf_limits::Argon2::new(memory_kib, iterations, number("kdfParallelism")?).map(Self::Argon2id)
            }
            _ => Err(UNKNOWN_KDF),
        }
    }

    fn derive(&self, password: &str, salt: &str) -> Result<DerivedKey, FormatError> {
        match self {
            Self::Pbkdf2(iterations) => {
                Ok(kdf::pbkdf2(kdf::Hash::Sha256, *iterations, password, salt.as_bytes()))
            }
            Self::Argon2id(costs) => kdf::argon2id(*costs, password, &Sha256::digest(salt)),
        }
    }
}

impl EncString {
    fn parse(text: &Value) -> Option<Self> {
        let mut parts = text.as_str()?.strip_prefix("2.")?.split('|');
        let mut part = || BASE64.decode(parts.next()?.as_bytes()).ok();
        Some(Self { iv: part()?.try_into().ok()?, ciphertext: part()?, mac: part()? })
    }

    /// Returns the plain text, or `None` if the key is wrong or a bit was changed.
    fn decrypt(&self, key: &DerivedKey) -> Option<Zeroizing<Vec<u8>>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&*expand(key, "mac")).ok()?;
        mac.update(&self.iv);
        mac.update(&self.ciphertext);
        mac.verify_slice(&self.mac).ok()?;
        let mut buffer = Zeroizing::new(self.ciphertext.clone());
        let cipher = cbc::Decryptor::<Aes256>::new((&*expand(key, "enc")).into(), &self.iv.into());
        let length = cipher.decrypt_padded_mut::<Pkcs7>(&mut buffer).ok()?.len();
        buffer.truncate(length);
        Some(buffer)
    }
}

/// Expands a key without the extract step of HKDF (RFC 5869, section 2.3).
fn expand(key: &DerivedKey, purpose: &str) -> DerivedKey {
    let mut expanded = DerivedKey::default();
    let hkdf = Hkdf::<Sha256>::from_prk(&**key).expect("a key has as many bytes as SHA-256");
    hkdf.expand(purpose.as_bytes(), &mut *expanded).expect("HKDF-SHA256 gives up to 8160 bytes");
    expanded
}
