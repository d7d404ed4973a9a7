//! The backups of FreeOTP 2: the preferences again, now as Java writes them, where a master key seals the secrets, and
//! the password the master key.

use std::collections::HashMap;

use serde_json::Value;
use zeroize::Zeroizing;

use crate::formats::apps::freeotp::{FORMAT, der, token};
use crate::formats::codec::json::Json;
use crate::formats::crypto::gcm::Sealed;
use crate::formats::crypto::kdf::{self, DerivedKey};
use crate::formats::crypto::kdf_limits;
use crate::formats::{FormatError, Found, ParsedFile, RawSecret, RejectedAccount};
use crate::text::redact;

const MASTER: &str = "masterKey";
/// What the name of a token has behind that of its secret
const TOKEN: &str = "-token";

const DAMAGED_MASTER: FormatError = FormatError::Damaged("its master key is none of FreeOTP's");
const DAMAGED_SECRET: &str = "its secret key is damaged";

/// An encrypted backup
pub(super) struct Backup {
    hash: kdf::Hash,
    iterations: u32,
    salt: Zeroizing<Vec<u8>>,
    master: EncryptedKey,
    tokens: Vec<Token>,
}

/// A token and its secret, which belong together; a damaged one does not keep the others out
struct Token {
    name: String,
    description: Option<Json>,
    secret: Option<EncryptedKey>,
}

/// A key that another key seals, and with it the algorithm it is for
struct EncryptedKey {
    sealed: Sealed,
    algorithm: String,
}

impl Backup {
    pub(super) fn parse(preferences: &[(String, String)]) -> Result<Self, FormatError> {
        let by_name: HashMap<&str, &str> =
            preferences.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        if by_name.len() < preferences.len() {
            return Err(FormatError::Damaged("a name stands twice in it"));
        }
        let master = Json::parse(by_name.get(MASTER).ok_or(DAMAGED_MASTER)?)?;
        let names = preferences.iter().map(|(name, _)| name.as_str()).filter(|name| *name != MASTER);
        Ok(Self {
            hash: hash(&master["mAlgorithm"]).ok_or(DAMAGED_MASTER)?,
            iterations: kdf_limits::pbkdf2(master["mIterations"].as_u64().ok_or(DAMAGED_MASTER)?)?,
            salt: token::bytes(&master["mSalt"]).ok_or(DAMAGED_MASTER)?,
            master: EncryptedKey::parse(&master["mEncryptedKey"]).ok_or(DAMAGED_MASTER)?,
            tokens: names.filter_map(|name| Token::of(name, &by_name)).collect(),
        })
    }

    /// The tokens in it, each opened by itself.
    ///
    /// # Errors
    /// `WrongPassword`: the master key has a tag of its own.
    pub(super) fn open(&self, password: &str) -> Result<ParsedFile, FormatError> {
        let key = kdf::pbkdf2(self.hash, self.iterations, password, &self.salt);
        let master = self.master.open(&key).ok_or(FormatError::WrongPassword)?;
        let master = DerivedKey::new(master.as_slice().try_into().map_err(|_| DAMAGED_MASTER)?);
        let mut contents = ParsedFile::new(FORMAT.app);
        for token in &self.tokens {
            contents.take(token.open(&master));
        }
        Ok(contents)
    }
}

fn hash(algorithm: &Value) -> Option<kdf::Hash> {
    match algorithm.as_str()?.to_ascii_lowercase().as_str() {
        "pbkdf2withhmacsha1" => Some(kdf::Hash::Sha1),
        "pbkdf2withhmacsha512" => Some(kdf::Hash::Sha512),
        _ => None,
    }
}

impl Token {
    /// The token of this name; none where the name is that of the other half of one
    fn of(name: &str, by_name: &HashMap<&str, &str>) -> Option<Self> {
        if name.strip_suffix(TOKEN).is_some_and(|stem| by_name.contains_key(stem)) {
            return None;
        }
        let stem = name.strip_suffix(TOKEN).unwrap_or(name);
        let text = |name: &str| by_name.get(name).and_then(|text| Json::parse(text).ok());
        let secret = text(stem).and_then(|secret| Json::parse(secret["key"].as_str()?).ok());
        Some(Self {
            name: redact(stem),
            description: text(&format!("{stem}{TOKEN}")),
            secret: secret.and_then(|secret| EncryptedKey::parse(&secret)),
        })
    }

    fn open(&self, master: &DerivedKey) -> Result<Found, RejectedAccount> {
        let Some(description) = &self.description else {
            return Err(RejectedAccount {
                what: self.name.clone(),
                reason: "its description is missing".to_owned(),
            });
        };
        let mut draft = token::draft(description);
        let Some(secret) = &self.secret else { return Err(draft.refused(DAMAGED_SECRET)) };
        let Some(bytes) = secret.open(master) else { return Err(draft.refused(DAMAGED_SECRET)) };
        draft.secret = RawSecret::Bytes(bytes);
        draft.counter = (&description["counter"]).into();
        if description["algo"].is_null() {
            draft.algorithm = secret.algorithm.as_str().into();
        }
        draft.finish()
    }
}

impl EncryptedKey {
    fn parse(key: &Value) -> Option<Self> {
        let (ciphertext, parameters) =
            (token::bytes(&key["mCipherText"])?, token::bytes(&key["mParameters"])?);
        let sealed = Sealed::new(der::gcm_nonce(&parameters)?, ciphertext.to_vec())?;
        let algorithm = key["mToken"].as_str()?.to_owned();
        (key["mCipher"] == "AES/GCM/NoPadding").then_some(Self { sealed, algorithm })
    }

    fn open(&self, key: &DerivedKey) -> Option<Zeroizing<Vec<u8>>> {
        self.sealed.open(key, self.algorithm.as_bytes())
    }
}
