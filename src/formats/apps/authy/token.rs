//! One token, in any of the spellings in which it left the app.

use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::formats::apps::google::names;
use crate::formats::crypto::kdf::{Hash, pbkdf2};
use crate::formats::crypto::{cbc, kdf_limits};
use crate::formats::{Field, FormatError, Found, RawAccount, RawSecret, RejectedAccount};

/// What the app derived its key with before it named a number, and on Android still
const OLD_ITERATIONS: u64 = 1000;

/// What is behind the table that Authy sends to those who ask for their data
const ITERATIONS: u64 = 100_000;

/// Fewer characters of Base32 are what a wrong password may give by chance
const SHORTEST_SEED: usize = 8;

/// Seconds: the tokens of Authy's own kind
const NATIVE_PERIOD: u64 = 10;

/// An account before its seed is opened
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
    Sealed(Sealed),
}

struct Sealed {
    /// None where it is not Base64
    ciphertext: Option<Vec<u8>>,
    salt: String,
    iv: [u8; cbc::IV],
    iterations: u32,
}

impl Token {
    /// Of `authenticator_tokens`, as the app receives them
    pub(super) fn intercepted(entry: &Value) -> Result<Self, FormatError> {
        let iterations = match &entry["key_derivation_iterations"] {
            Value::Null => OLD_ITERATIONS,
            number => {
                number.as_u64().ok_or(FormatError::Damaged("its PBKDF2 has no number of iterations"))?
            }
        };
        let text = |field: &str| entry[field].as_str().unwrap_or_default();
        let sealed = Sealed::new(text("encrypted_seed"), text("salt"), text("unique_iv"), iterations)?;
        let name = if text("original_name").is_empty() { text("name") } else { text("original_name") };
        Ok(Self::new(text("issuer"), name, &entry["digits"], Seed::Sealed(sealed)))
    }

    /// Of `decrypted_authenticator_tokens`
    pub(super) fn decrypted(entry: &Value) -> Self {
        let text = |field: &str| entry[field].as_str().unwrap_or_default();
        Self::new(
            text("issuer"),
            text("name"),
            &entry["digits"],
            Seed::Base32(owned(&entry["decrypted_seed"])),
        )
    }

    /// A row of the table that Authy sends, which says nothing of digits
    pub(super) fn disclosed(name: &str, seed: &str, salt: &str, iv: &str) -> Result<Self, FormatError> {
        let sealed = Sealed::new(seed, salt, iv, ITERATIONS)?;
        Ok(Self::new("", name, &Value::Null, Seed::Sealed(sealed)))
    }

    /// What the script in the desktop app prints: its secret is sometimes hexadecimal, its URI is always right
    pub(super) fn scripted(entry: &Value) -> Self {
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

    /// Of the preferences on Android
    pub(super) fn stored(entry: &Value) -> Result<Self, FormatError> {
        let text = |field: &str| entry[field].as_str().unwrap_or_default();
        if entry.get("secretSeed").is_some() {
            let seed = Seed::Hex(owned(&entry["secretSeed"]));
            let digits = number(&entry["digits"]);
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
            Seed::Sealed(Sealed::new(text("encryptedSecret"), text("salt"), "", OLD_ITERATIONS)?)
        };
        let name = if text("originalName").is_empty() { text("name") } else { text("originalName") };
        Ok(Self::new(text("originalIssuer"), name, &entry["digits"], seed))
    }

    fn new(issuer: &str, name: &str, digits: &Value, seed: Seed) -> Self {
        let (issuer, account_name) = names(issuer, name);
        Self { issuer, account_name, digits: number(digits), period: None, seed }
    }

    /// What opening it costs; none for one that is open
    pub(super) fn iterations(&self) -> u32 {
        if let Seed::Sealed(sealed) = &self.seed { sealed.iterations } else { 0 }
    }

    pub(super) fn account(&self, password: &str) -> Result<Found, RejectedAccount> {
        let seed;
        let mut draft = RawAccount {
            issuer: self.issuer.as_str().into(),
            account_name: self.account_name.as_str().into(),
            digits: self.digits.as_str().into(),
            period: self.period.map_or(Field::Missing, Field::Number),
            ..RawAccount::default()
        };
        draft.secret = match &self.seed {
            Seed::Base32(seed) => RawSecret::Base32(seed.as_str().into()),
            Seed::Hex(seed) => RawSecret::Hex(seed.as_str().into()),
            Seed::Uri(seed) => RawSecret::Uri(seed.as_str().into()),
            Seed::Sealed(sealed) => match sealed.open(password) {
                Some(opened) => {
                    seed = opened;
                    RawSecret::Base32(seed.as_str().into())
                }
                None => return Err(draft.refused("its seed does not open with this password, or is damaged")),
            },
        };
        draft.finish()
    }
}

impl Sealed {
    fn new(seed: &str, salt: &str, iv: &str, iterations: u64) -> Result<Self, FormatError> {
        let ciphertext = BASE64.decode(seed.trim().as_bytes()).ok();
        let iv = if iv.is_empty() { Some([0; cbc::IV]) } else { hex(iv) };
        let iv = iv.ok_or(FormatError::Damaged("one of its initialisation vectors is not of 16 bytes"))?;
        let iterations = kdf_limits::pbkdf2(iterations)?;
        Ok(Self { ciphertext, salt: salt.to_owned(), iv, iterations })
    }

    fn open(&self, password: &str) -> Option<Zeroizing<String>> {
        let ciphertext = self.ciphertext.as_ref().filter(|bytes| !bytes.is_empty())?;
        let key = pbkdf2(Hash::Sha1, self.iterations, password, self.salt.as_bytes());
        let plain = cbc::open_256(&key, &self.iv, ciphertext)?;
        let seed = std::str::from_utf8(&plain).ok()?;
        let is_base32 = |byte: u8| byte.is_ascii_alphabetic() || matches!(byte, b'2'..=b'7' | b'=' | b' ');
        (seed.len() >= SHORTEST_SEED && seed.bytes().all(is_base32)).then(|| Zeroizing::new(seed.to_owned()))
    }
}

fn hex(text: &str) -> Option<[u8; cbc::IV]> {
    HEXLOWER_PERMISSIVE.decode(text.trim().as_bytes()).ok()?.try_into().ok()
}

fn owned(value: &Value) -> Zeroizing<String> {
    Zeroizing::new(value.as_str().unwrap_or_default().to_owned())
}

/// As it stands, for the draft to judge
fn number(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
