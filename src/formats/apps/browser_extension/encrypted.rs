//! Decrypts the three versions of the extension's backups.

use std::collections::HashMap;

use argon2::{Algorithm, Version};
use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER};
use md5::{Digest, Md5};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::formats::FormatError;
use crate::formats::codec::json::Json;
use crate::formats::crypto::{cbc, kdf, kdf_limits};

/// The prefix that CryptoJS, like OpenSSL, writes before the salt
const MAGIC: &[u8] = b"Salted__";

/// The costs that the extension uses; a file does not name them
const COSTS: kdf_limits::Argon2 = kdf_limits::Argon2 { memory_kib: 19_456, passes: 2, lanes: 1 };

/// A backup has one key, and a second one while the user changes the password.
const MAX_KEYS: usize = 4;

const DAMAGED_KEY: FormatError = FormatError::Damaged("its key is malformed");

/// A backup, possibly encrypted
pub(super) struct BackupFile {
    entries: Json,
}

/// Decrypts entries
pub(super) enum EntryDecryptor {
    /// Versions 1 and 2: only the entries show whether the password is right
    Secrets(Zeroizing<String>),
    /// Version 3: verified passphrases by the ids of the keys
    Entries(HashMap<String, Zeroizing<String>>),
}

impl BackupFile {
    /// Copies the JSON, which must outlive the file.
    pub(super) fn new(json: &Value) -> Result<Self, FormatError> {
        let text = Zeroizing::new(json.to_string());
        Ok(Self { entries: Json::parse(&text)? })
    }

    fn map(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.entries.as_object().into_iter().flat_map(Map::iter)
    }

    /// Returns the entries that hold an account, and whether each is encrypted.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&Value, bool)> {
        self.map().filter_map(|(_, entry)| {
            let is_encrypted = is_encrypted_entry(entry) || entry["encrypted"] == true;
            let is_account = is_encrypted_entry(entry) || entry.get("secret").is_some();
            is_account.then_some((entry, is_encrypted))
        })
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.entries().any(|(_, is_encrypted)| is_encrypted)
    }

    /// Derives the keys from the password, which is slow in version 3.
    ///
    /// # Errors
    /// `WrongPassword` in version 3; `WrongPasswordOrDamaged` in version 2, in which the padding reveals most wrong
    /// passwords; `Damaged` and `TooCostly`.
    pub(super) fn decryptor(&self, password: &str) -> Result<EntryDecryptor, FormatError> {
        if self.map().any(|(_, entry)| is_encrypted_entry(entry)) {
            return self.derive_keys(password).map(EntryDecryptor::Entries);
        }
        // A bug in the extension wrote `enc` one level above `key`.
        let ciphertext = self.entries["key"]["enc"].as_str().or_else(|| self.entries["enc"].as_str());
        let passphrase = match ciphertext {
            None => Zeroizing::new(password.to_owned()),
            Some(ciphertext) => {
                let bytes = decrypt_text(ciphertext, password).ok_or(FormatError::WrongPasswordOrDamaged)?;
                Zeroizing::new(HEXLOWER.encode(&bytes))
            }
        };
        Ok(EntryDecryptor::Secrets(passphrase))
    }

    fn derive_keys(&self, password: &str) -> Result<HashMap<String, Zeroizing<String>>, FormatError> {
        let records: Vec<&Value> =
            self.map().map(|(_, entry)| entry).filter(|entry| entry["dataType"] == "Key").collect();
        if records.is_empty() {
            return Err(FormatError::Damaged("its key is missing"));
        }
        if records.len() > MAX_KEYS {
            return Err(FormatError::TooCostly("Argon2"));
        }
        let mut keys = HashMap::new();
        for record in records {
            let text = |field: &str| record[field].as_str().ok_or(DAMAGED_KEY);
            let derived = kdf::argon2id(COSTS, password, text("salt")?.as_bytes())?;
            let passphrase = Zeroizing::new(BASE64_NOPAD.encode(&*derived));
            if verify_hash(&passphrase, text("hash")?)? {
                keys.insert(text("id")?.to_owned(), passphrase);
            }
        }
        if keys.is_empty() { Err(FormatError::WrongPassword) } else { Ok(keys) }
    }
}

impl EntryDecryptor {
    /// Decrypts an entry into the form that it has in a plain-text backup.
    pub(super) fn decrypt(&self, entry: &Value) -> Option<Json> {
        match self {
            Self::Secrets(passphrase) => {
                let secret = decrypt_text(entry["secret"].as_str()?, passphrase)?;
                // A wrong password may pass the padding check, but what it yields is no secret.
                let secret = std::str::from_utf8(&secret).ok().filter(|secret| looks_like_secret(secret))?;
                let mut plain = entry.clone();
                plain["secret"] = secret.into();
                Json::parse(&Zeroizing::new(plain.to_string())).ok()
            }
            Self::Entries(keys) => {
                let plain = decrypt_text(entry["data"].as_str()?, keys.get(entry["keyId"].as_str()?)?)?;
                Json::parse(std::str::from_utf8(&plain).ok()?).ok()
            }
        }
    }

    /// Returns the error for a file in which no entry could be decrypted.
    pub(super) fn failure(&self) -> FormatError {
        match self {
            Self::Secrets(_) => FormatError::WrongPasswordOrDamaged,
            Self::Entries(_) => FormatError::Damaged("no entry can be decrypted"),
        }
    }
}

fn is_encrypted_entry(entry: &Value) -> bool {
    entry["dataType"] == "EncOTPStorage"
}

/// Returns whether a text is Base32, hexadecimal, or a secret with one of the old prefixes.
fn looks_like_secret(secret: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'=' | b'-' | b' ');
    !secret.is_empty() && secret.bytes().all(plain)
}

/// Decrypts a text of CryptoJS, which derives its key like old versions of OpenSSL: with one round of MD5.
fn decrypt_text(ciphertext: &str, passphrase: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = BASE64.decode(ciphertext.as_bytes()).ok()?;
    let (salt, ciphertext) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<8>()?;
    let mut derived = Zeroizing::new([0; 48]);
    let mut last = Zeroizing::new(Vec::new());
    for part in derived.chunks_exact_mut(16) {
        let hash = Md5::new().chain_update(&*last).chain_update(passphrase).chain_update(salt).finalize();
        part.copy_from_slice(&hash);
        last = Zeroizing::new(hash.to_vec());
    }
    let (key, iv) = derived.split_first_chunk::<32>()?;
    cbc::decrypt_256(key, iv.try_into().ok()?, ciphertext)
}

/// Returns whether a PHC string, `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`, is the hash of a text.
fn verify_hash(text: &str, phc: &str) -> Result<bool, FormatError> {
    let fields: Vec<&str> = phc.split('$').collect();
    let ["", algorithm, "v=19", costs, salt, hash] = fields[..] else { return Err(DAMAGED_KEY) };
    let algorithm = Algorithm::new(algorithm).map_err(|_| DAMAGED_KEY)?;
    let cost = |name: &str| {
        let found = costs.split(',').find_map(|cost| cost.strip_prefix(name)?.strip_prefix('='));
        found.and_then(|number| number.parse::<u64>().ok()).ok_or(DAMAGED_KEY)
    };
    let costs = kdf_limits::Argon2::new(cost("m")?, cost("t")?, cost("p")?)?;
    let decode = |text: &str| BASE64_NOPAD.decode(text.as_bytes()).map_err(|_| DAMAGED_KEY);
    let (salt, hash) = (decode(salt)?, decode(hash)?);
    if hash.len() != 32 {
        return Err(DAMAGED_KEY);
    }
    let computed = kdf::argon2(algorithm, Version::V0x13, costs, text.as_bytes(), &salt)?;
    Ok(*computed == *hash)
}
