//! Decrypts the database of totp-cli 1.0: Base64 of an initialisation vector and of zero-padded JSON in AES-CBC.

use data_encoding::{BASE64, HEXLOWER};
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use super::APP;
use crate::formats::codec::json::Json;
use crate::formats::crypto::cbc;
use crate::formats::{FormatError, ParsedFile, RawAccount, RawSecret};

/// Bytes of `{"a":{"b":"…"}}` with a key of 80 bits
const MIN_LEN: usize = 32;

/// The parts of an encrypted database
pub(super) struct EncryptedDatabase {
    iv: [u8; cbc::IV],
    ciphertext: Vec<u8>,
}

impl EncryptedDatabase {
    /// Parses a file, or returns `None` if it cannot be a database.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64.decode(text.as_bytes()).ok()?;
        let (iv, ciphertext) = bytes.split_first_chunk()?;
        let is_plausible = ciphertext.len() >= MIN_LEN && ciphertext.len() % cbc::IV == 0;
        is_plausible.then(|| Self { iv: *iv, ciphertext: ciphertext.to_vec() })
    }

    /// Decrypts the JSON. The key is the first 32 characters of the hexadecimal SHA-1 hash of the password.
    fn decrypt(&self, password: &str) -> Option<Json> {
        let hash = Zeroizing::new(HEXLOWER.encode(&Sha1::digest(password)));
        let key: [u8; 32] = hash.as_bytes().get(..32)?.try_into().ok()?;
        let bytes = cbc::decrypt_256_unpadded(&key, &self.iv, &self.ciphertext)?;
        Json::parse(std::str::from_utf8(&bytes).ok()?.trim_end_matches('\0')).ok()
    }
}

/// Decrypts the accounts.
///
/// # Errors
/// `WrongPasswordOrDamaged` if the plain text is not JSON: the file has no other check of the password.
pub(super) fn decrypt_accounts(
    database: &EncryptedDatabase,
    password: &str,
) -> Result<ParsedFile, FormatError> {
    let json = database.decrypt(password).ok_or(FormatError::WrongPasswordOrDamaged)?;
    let namespaces = json.as_object().ok_or(FormatError::WrongPasswordOrDamaged)?;
    let mut parsed = ParsedFile::new(APP);
    for (namespace, accounts) in namespaces {
        for (name, secret) in accounts.as_object().into_iter().flatten() {
            let raw = RawAccount {
                issuer: namespace.as_str().into(),
                account_name: name.as_str().into(),
                secret: RawSecret::Base32(secret.into()),
                ..RawAccount::default()
            };
            parsed.take(raw.finish());
        }
    }
    Ok(parsed)
}
