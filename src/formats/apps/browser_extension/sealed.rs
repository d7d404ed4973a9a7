//! What a password opens in a backup of the extension, in three generations.

use std::collections::HashMap;

use argon2::{Algorithm, Version};
use data_encoding::{BASE64, BASE64_NOPAD, HEXLOWER};
use md5::{Digest, Md5};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::formats::FormatError;
use crate::formats::codec::json::Json;
use crate::formats::crypto::{cbc, kdf, kdf_limits};

/// What CryptoJS writes before the salt, as OpenSSL does
const MAGIC: &[u8] = b"Salted__";

/// Those of the extension, which a file does not name
const COSTS: kdf_limits::Argon2 = kdf_limits::Argon2 { memory_kib: 19_456, passes: 2, lanes: 1 };

/// A backup has one key; another is there while the password is being changed
const MAX_KEYS: usize = 4;

const DAMAGED_KEY: FormatError = FormatError::Damaged("its key is not whole");

pub(super) struct Backup {
    entries: Json,
}

/// What opens the entries
pub(super) enum Opener {
    /// Versions 1 and 2: nothing but the entries tells whether it is right
    Secrets(Zeroizing<String>),
    /// Version 3: by the ids of the keys; each was verified
    Entries(HashMap<String, Zeroizing<String>>),
}

impl Backup {
    /// A copy of the JSON, which has to outlive the file
    pub(super) fn new(json: &Value) -> Result<Self, FormatError> {
        let text = Zeroizing::new(json.to_string());
        Ok(Self { entries: Json::parse(&text)? })
    }

    fn map(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.entries.as_object().into_iter().flat_map(Map::iter)
    }

    /// The entries that hold an account, and whether each is encrypted
    pub(super) fn entries(&self) -> impl Iterator<Item = (&Value, bool)> {
        self.map().filter_map(|(_, entry)| {
            let is_sealed = is_sealed_whole(entry) || entry["encrypted"] == true;
            let is_account = is_sealed_whole(entry) || entry.get("secret").is_some();
            is_account.then_some((entry, is_sealed))
        })
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.entries().any(|(_, is_sealed)| is_sealed)
    }

    /// What the password gives; costs some time.
    ///
    /// # Errors
    /// Version 3 tells a wrong password. Version 2 does by the padding, mostly.
    pub(super) fn opener(&self, password: &str) -> Result<Opener, FormatError> {
        if self.map().any(|(_, entry)| is_sealed_whole(entry)) {
            return self.keys(password).map(Opener::Entries);
        }
        // a bug wrote what belongs under `key` one level higher
        let sealed = self.entries["key"]["enc"].as_str().or_else(|| self.entries["enc"].as_str());
        let passphrase = match sealed {
            None => Zeroizing::new(password.to_owned()),
            Some(sealed) => {
                let bytes = open(sealed, password).ok_or(FormatError::WrongPasswordOrDamaged)?;
                Zeroizing::new(HEXLOWER.encode(&bytes))
            }
        };
        Ok(Opener::Secrets(passphrase))
    }

    fn keys(&self, password: &str) -> Result<HashMap<String, Zeroizing<String>>, FormatError> {
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
            if is_hash_of(&passphrase, text("hash")?)? {
                keys.insert(text("id")?.to_owned(), passphrase);
            }
        }
        if keys.is_empty() { Err(FormatError::WrongPassword) } else { Ok(keys) }
    }
}

impl Opener {
    /// An entry as it stands in a backup without a password
    pub(super) fn open(&self, entry: &Value) -> Option<Json> {
        match self {
            Self::Secrets(passphrase) => {
                let secret = open(entry["secret"].as_str()?, passphrase)?;
                // a wrong password that passes gives nonsense, seldom text, and never a key
                let secret = std::str::from_utf8(&secret).ok().filter(|secret| is_key(secret))?;
                let mut plain = entry.clone();
                plain["secret"] = secret.into();
                Json::parse(&Zeroizing::new(plain.to_string())).ok()
            }
            Self::Entries(keys) => {
                let plain = open(entry["data"].as_str()?, keys.get(entry["keyId"].as_str()?)?)?;
                Json::parse(std::str::from_utf8(&plain).ok()?).ok()
            }
        }
    }

    /// Why none of the entries opened
    pub(super) fn failure(&self) -> FormatError {
        match self {
            Self::Secrets(_) => FormatError::WrongPasswordOrDamaged,
            Self::Entries(_) => FormatError::Damaged("none of its entries opens"),
        }
    }
}

fn is_sealed_whole(entry: &Value) -> bool {
    entry["dataType"] == "EncOTPStorage"
}

/// Base32, or hexadecimal, or a secret of the old kinds with their prefixes
fn is_key(secret: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'=' | b'-' | b' ');
    !secret.is_empty() && secret.bytes().all(plain)
}

/// What CryptoJS encrypts with a passphrase: as OpenSSL once did, with one round of MD5
fn open(sealed: &str, passphrase: &str) -> Option<Zeroizing<Vec<u8>>> {
    let bytes = BASE64.decode(sealed.as_bytes()).ok()?;
    let (salt, ciphertext) = bytes.strip_prefix(MAGIC)?.split_first_chunk::<8>()?;
    let mut derived = Zeroizing::new([0; 48]);
    let mut last = Zeroizing::new(Vec::new());
    for part in derived.chunks_exact_mut(16) {
        let hash = Md5::new().chain_update(&*last).chain_update(passphrase).chain_update(salt).finalize();
        part.copy_from_slice(&hash);
        last = Zeroizing::new(hash.to_vec());
    }
    let (key, iv) = derived.split_first_chunk::<32>()?;
    cbc::open_256(key, iv.try_into().ok()?, ciphertext)
}

/// Whether a hash in the PHC string format, `$argon2id$v=19$m=19456,t=2,p=1$SALT$HASH`, is that of a text
fn is_hash_of(text: &str, phc: &str) -> Result<bool, FormatError> {
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
    let again = kdf::argon2(algorithm, Version::V0x13, costs, text.as_bytes(), &salt)?;
    Ok(*again == *hash)
}
