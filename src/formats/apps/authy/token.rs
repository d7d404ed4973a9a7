//! A token, as each kind of file spells it.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::formats::apps::google::split_label;
use crate::formats::crypto::kdf::{Hash, pbkdf2};
use crate::formats::crypto::{cbc, kdf_limits};
use crate::formats::{Field, FormatError, Found, RawAccount, RawSecret, RejectedAccount};

/// PBKDF2 iterations of tokens that name no number: old ones, and those on Android
const DEFAULT_ITERATIONS: u64 = 1000;

/// PBKDF2 iterations in the table that Authy sends on request (GDPR)
const DISCLOSURE_ITERATIONS: u64 = 100_000;

/// Base32 characters. A wrong password may yield a shorter seed by chance.
const SHORTEST_SEED: usize = 8;

/// Seconds; the period of tokens that Authy issues itself
const NATIVE_PERIOD: u64 = 10;

/// An account whose seed may be encrypted
pub(super) struct Token {
    issuer: String,
    account_name: String,
    digits: String,
    period: Option<u64>,
    seed: Seed,
}

enum Seed {
    Base32(Zeroizing<String>),
    Hex(Zeroizing<String>),
    Uri(Zeroizing<String>),
    Encrypted(EncryptedSeed),
}

struct EncryptedSeed {
    /// `None` if it is not Base64
    ciphertext: Option<Vec<u8>>,
    salt: String,
    iv: [u8; cbc::IV],
    iterations: u32,
}

impl Token {
    /// Parses an entry of `authenticator_tokens`, which the app receives from the server.
    pub(super) fn from_traffic(entry: &Value) -> Result<Self, FormatError> {
        let iterations = match &entry["key_derivation_iterations"] {
            Value::Null => DEFAULT_ITERATIONS,
            number => {
                number.as_u64().ok_or(FormatError::Damaged("the number of PBKDF2 iterations is malformed"))?
            }
        };
        let text = |field: &str| entry[field].as_str().unwrap_or_default();
        let seed = EncryptedSeed::new(text("encrypted_seed"), text("salt"), text("unique_iv"), iterations)?;
        let name = if text("original_name").is_empty() { text("name") } else { text("original_name") };
        Ok(Self::new(text("issuer"), name, &entry["digits"], Seed::Encrypted(seed)))
    }

    /// Parses an entry of `decrypted_authenticator_tokens`.
    pub(super) fn from_decrypted_traffic(entry: &Value) -> Self {
        let text = |field: &str| entry[field].as_str().unwrap_or_default();
        Self::new(
            text("issuer"),
            text("name"),
            &entry["digits"],
            Seed::Base32(owned(&entry["decrypted_seed"])),
        )
    }

    /// Parses a row of the table that Authy sends, which has no number of digits.
    pub(super) fn from_disclosure(name: &str, seed: &str, salt: &str, iv: &str) -> Result<Self, FormatError> {
        let seed = EncryptedSeed::new(seed, salt, iv, DISCLOSURE_ITERATIONS)?;
        Ok(Self::new("", name, &Value::Null, Seed::Encrypted(seed)))
    }

    /// Parses an entry that the script in the desktop app printed.
    ///
    /// Only its URI is reliable: its secret is sometimes hexadecimal.
    pub(super) fn from_script(entry: &Value) -> Self {
        let name = entry["name"].as_str().unwrap_or_default();
        let seed = Seed::Uri(owned(&entry["uri"]));
        Self {
            issuer: String::new(),
            account_name: name.to_owned(),
            digits: String::new(),
            period: None,
            seed,
        }
    }

    /// Parses an entry of the preferences on Android.
    pub(super) fn from_preferences(entry: &Value) -> Result<Self, FormatError> {
        let text = |field: &str| entry[field].as_str().unwrap_or_default();
        if entry.get("secretSeed").is_some() {
            let seed = Seed::Hex(owned(&entry["secretSeed"]));
            let digits = number_text(&entry["digits"]);
            let issuer = text("name").to_owned();
            return Ok(Self {
                issuer,
                account_name: String::new(),
                digits,
                period: Some(NATIVE_PERIOD),
                seed,
            });
        }
        let seed = if entry.get("decryptedSecret").is_some() {
            Seed::Base32(owned(&entry["decryptedSecret"]))
        } else {
            Seed::Encrypted(EncryptedSeed::new(
                text("encryptedSecret"),
                text("salt"),
                "",
                DEFAULT_ITERATIONS,
            )?)
        };
        let name = if text("originalName").is_empty() { text("name") } else { text("originalName") };
        Ok(Self::new(text("originalIssuer"), name, &entry["digits"], seed))
    }

    fn new(issuer: &str, name: &str, digits: &Value, seed: Seed) -> Self {
        let (issuer, account_name) = split_label(issuer, name);
        Self { issuer, account_name, digits: number_text(digits), period: None, seed }
    }

    /// Returns the PBKDF2 iterations that decryption takes, 0 for a plain-text seed.
    pub(super) fn iterations(&self) -> u32 {
        if let Seed::Encrypted(seed) = &self.seed { seed.iterations } else { 0 }
    }

    pub(super) fn decrypt(&self, password: &str) -> Result<Found, RejectedAccount> {
        let seed;
        let mut raw = RawAccount {
            issuer: self.issuer.as_str().into(),
            account_name: self.account_name.as_str().into(),
            digits: self.digits.as_str().into(),
            period: self.period.map_or(Field::Missing, Field::Number),
            ..RawAccount::default()
        };
        raw.secret = match &self.seed {
            Seed::Base32(seed) => RawSecret::Base32(seed.as_str().into()),
            Seed::Hex(seed) => RawSecret::Hex(seed.as_str().into()),
            Seed::Uri(seed) => RawSecret::Uri(seed.as_str().into()),
            Seed::Encrypted(encrypted) => match encrypted.decrypt(password) {
                Some(decrypted) => {
                    seed = decrypted;
                    RawSecret::Base32(seed.as_str().into())
                }
                None => {
                    return Err(raw.reject("its seed cannot be decrypted with this password, or is damaged"));
                }
            },
        };
        raw.finish()
    }
}

impl EncryptedSeed {
    fn new(seed: &str, salt: &str, iv: &str, iterations: u64) -> Result<Self, FormatError> {
        let ciphertext = BASE64.decode(seed.trim().as_bytes()).ok();
        let iv = if iv.is_empty() { Some([0; cbc::IV]) } else { parse_iv(iv) };
        let iv = iv.ok_or(FormatError::Damaged("an initialisation vector does not have 16 bytes"))?;
        let iterations = kdf_limits::pbkdf2(iterations)?;
        Ok(Self { ciphertext, salt: salt.to_owned(), iv, iterations })
    }

    fn decrypt(&self, password: &str) -> Option<Zeroizing<String>> {
        let ciphertext = self.ciphertext.as_ref().filter(|bytes| !bytes.is_empty())?;
        let key = pbkdf2(Hash::Sha1, self.iterations, password, self.salt.as_bytes());
        let plain = cbc::decrypt_256(&key, &self.iv, ciphertext)?;
        let seed = std::str::from_utf8(&plain).ok()?;
        let is_base32 = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'2'..=b'7' | b'=' | b' ');
        (seed.len() >= SHORTEST_SEED && seed.bytes().all(is_base32)).then(|| Zeroizing::new(seed.to_owned()))
    }
}

fn parse_iv(text: &str) -> Option<[u8; cbc::IV]> {
    HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok()?.try_into().ok()
}

fn owned(value: &Value) -> Zeroizing<String> {
    Zeroizing::new(value.as_str().unwrap_or_default().to_owned())
}

/// Returns the text of a number, which `RawAccount` validates.
fn number_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
