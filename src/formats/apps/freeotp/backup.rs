//! Decrypts backups of FreeOTP 2: the preferences in Java's serialisation.
//!
//! The password encrypts a master key, and the master key encrypts the secrets.

use std::collections::HashMap;

use serde_json::Value;
use zeroize::Zeroizing;

use super::{FORMAT, der, token};
use crate::formats::codec::json::Json;
use crate::formats::crypto::gcm::GcmCiphertext;
use crate::formats::crypto::kdf::{self, DerivedKey};
use crate::formats::crypto::kdf_limits;
use crate::formats::{FormatError, Found, ParsedFile, RawSecret, RejectedAccount};
use crate::text::redact;

const MASTER_KEY: &str = "masterKey";
/// Suffix of a token's name; its secret has the same name without it
const TOKEN_SUFFIX: &str = "-token";

const DAMAGED_MASTER: FormatError = FormatError::Damaged("its master key is malformed");
const DAMAGED_SECRET: &str = "its secret key is damaged";

/// An encrypted backup
pub(super) struct EncryptedBackup {
    hash: kdf::Hash,
    iterations: u32,
    salt: Zeroizing<Vec<u8>>,
    master: EncryptedKey,
    tokens: Vec<EncryptedToken>,
}

/// A token and its secret. A damaged one does not affect the others.
struct EncryptedToken {
    name: String,
    description: Option<Json>,
    secret: Option<EncryptedKey>,
}

/// A key that another key encrypts, authenticated together with its algorithm
struct EncryptedKey {
    payload: GcmCiphertext,
    algorithm: String,
}

impl EncryptedBackup {
    pub(super) fn parse(preferences: &[(String, String)]) -> Result<Self, FormatError> {
        let by_name: HashMap<&str, &str> =
            preferences.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        if by_name.len() < preferences.len() {
            return Err(FormatError::Damaged("it contains a name twice"));
        }
        let master = Json::parse(by_name.get(MASTER_KEY).ok_or(DAMAGED_MASTER)?)?;
        let names = preferences.iter().map(|(name, _)| name.as_str()).filter(|name| *name != MASTER_KEY);
        Ok(Self {
            hash: parse_hash(&master["mAlgorithm"]).ok_or(DAMAGED_MASTER)?,
            iterations: kdf_limits::pbkdf2(master["mIterations"].as_u64().ok_or(DAMAGED_MASTER)?)?,
            salt: token::parse_bytes(&master["mSalt"]).ok_or(DAMAGED_MASTER)?,
            master: EncryptedKey::parse(&master["mEncryptedKey"]).ok_or(DAMAGED_MASTER)?,
            tokens: names.filter_map(|name| EncryptedToken::find(name, &by_name)).collect(),
        })
    }

    /// Decrypts each token.
    ///
    /// # Errors
    /// `WrongPassword`, because the master key has its own tag.
    pub(super) fn decrypt(&self, password: &str) -> Result<ParsedFile, FormatError> {
        let key = kdf::pbkdf2(self.hash, self.iterations, password, &self.salt);
        let master = self.master.decrypt(&key).ok_or(FormatError::WrongPassword)?;
        let master = DerivedKey::new(master.as_slice().try_into().map_err(|_| DAMAGED_MASTER)?);
        let mut parsed = ParsedFile::new(FORMAT.app);
        for token in &self.tokens {
            parsed.take(token.decrypt(&master));
        }
        Ok(parsed)
    }
}

fn parse_hash(algorithm: &Value) -> Option<kdf::Hash> {
    match algorithm.as_str()?.to_ascii_lowercase().as_str() {
        "pbkdf2withhmacsha1" => Some(kdf::Hash::Sha1),
        "pbkdf2withhmacsha512" => Some(kdf::Hash::Sha512),
        _ => None,
    }
}

impl EncryptedToken {
    /// Parses the token that a preference belongs to, or `None` if another preference gives the same token.
    fn find(name: &str, by_name: &HashMap<&str, &str>) -> Option<Self> {
        if name.strip_suffix(TOKEN_SUFFIX).is_some_and(|stem| by_name.contains_key(stem)) {
            return None;
        }
        let stem = name.strip_suffix(TOKEN_SUFFIX).unwrap_or(name);
        let text = |name: &str| by_name.get(name).and_then(|text| Json::parse(text).ok());
        let secret = text(stem).and_then(|secret| Json::parse(secret["key"].as_str()?).ok());
        Some(Self {
            name: redact(stem),
            description: text(&format!("{stem}{TOKEN_SUFFIX}")),
            secret: secret.and_then(|secret| EncryptedKey::parse(&secret)),
        })
    }

    fn decrypt(&self, master: &DerivedKey) -> Result<Found, RejectedAccount> {
        let Some(description) = &self.description else {
            return Err(RejectedAccount {
                what: self.name.clone(),
                reason: "its description is missing".to_owned(),
            });
        };
        let mut raw = token::to_raw_account(description);
        let Some(secret) = &self.secret else { return Err(raw.reject(DAMAGED_SECRET)) };
        let Some(bytes) = secret.decrypt(master) else { return Err(raw.reject(DAMAGED_SECRET)) };
        raw.secret = RawSecret::Bytes(bytes);
        raw.counter = (&description["counter"]).into();
        if description["algo"].is_null() {
            raw.algorithm = secret.algorithm.as_str().into();
        }
        raw.finish()
    }
}

impl EncryptedKey {
    fn parse(key: &Value) -> Option<Self> {
        let (ciphertext, parameters) =
            (token::parse_bytes(&key["mCipherText"])?, token::parse_bytes(&key["mParameters"])?);
        let payload = GcmCiphertext::new(der::gcm_nonce(&parameters)?, ciphertext.to_vec())?;
        let algorithm = key["mToken"].as_str()?.to_owned();
        (key["mCipher"] == "AES/GCM/NoPadding").then_some(Self { payload, algorithm })
    }

    fn decrypt(&self, key: &DerivedKey) -> Option<Zeroizing<Vec<u8>>> {
        self.payload.decrypt(key, self.algorithm.as_bytes())
    }
}
