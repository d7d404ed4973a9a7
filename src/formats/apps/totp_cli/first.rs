//! The database of totp-cli 1.0: Base64 of an initialisation vector and of JSON, padded with zeros, in AES-CBC.

use data_encoding::{BASE64, HEXLOWER};
use sha1::{Digest, Sha1};
use zeroize::Zeroizing;

use crate::formats::apps::totp_cli::APP;
use crate::formats::codec::json::Json;
use crate::formats::crypto::cbc;
use crate::formats::{FormatError, ParsedFile, RawAccount, RawSecret};

/// `{"a":{"b":"…"}}` with a key of 80 bits
const SHORTEST: usize = 32;

pub(super) struct Sealed {
    iv: [u8; cbc::IV],
    ciphertext: Vec<u8>,
}

impl Sealed {
    /// None where it cannot be one
    pub(super) fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64.decode(text.as_bytes()).ok()?;
        let (iv, ciphertext) = bytes.split_first_chunk()?;
        let is_one = ciphertext.len() >= SHORTEST && ciphertext.len() % cbc::IV == 0;
        is_one.then(|| Self { iv: *iv, ciphertext: ciphertext.to_vec() })
    }

    /// The key is half of the hexadecimal hash, as text
    fn open(&self, password: &str) -> Option<Json> {
        let hash = Zeroizing::new(HEXLOWER.encode(&Sha1::digest(password)));
        let key: [u8; 32] = hash.as_bytes().get(..32)?.try_into().ok()?;
        let bytes = cbc::open_256_unpadded(&key, &self.iv, &self.ciphertext)?;
        Json::parse(std::str::from_utf8(&bytes).ok()?.trim_end_matches('\0')).ok()
    }
}

/// Nothing but the JSON tells a wrong password
pub(super) fn contents(sealed: &Sealed, password: &str) -> Result<ParsedFile, FormatError> {
    let json = sealed.open(password).ok_or(FormatError::WrongPasswordOrDamaged)?;
    let namespaces = json.as_object().ok_or(FormatError::WrongPasswordOrDamaged)?;
    let mut contents = ParsedFile::new(APP);
    for (namespace, accounts) in namespaces {
        for (name, secret) in accounts.as_object().into_iter().flatten() {
            let draft = RawAccount {
                issuer: namespace.as_str().into(),
                account_name: name.as_str().into(),
                secret: RawSecret::Base32(secret.into()),
                ..RawAccount::default()
            };
            contents.take(draft.finish());
        }
    }
    Ok(contents)
}
