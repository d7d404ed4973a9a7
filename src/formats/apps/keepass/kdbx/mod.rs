//! Decrypts databases of KeePass (KDBX 3.1, 4.0 and 4.1) that need only a password.
//!
//! The plain-text header has the cipher, the costs of the key derivation and the seeds. In version 4 its hash reveals
//! damage, and an HMAC a wrong password; in version 3 a few known encrypted bytes do both. The content is XML, possibly
//! compressed, in blocks with a hash or MAC each; an inner key stream encrypts some values again.
//!
//! The crate keepass has no limit on the costs that a file names, so that a hostile database could exhaust memory and time.

mod blocks;
mod header;
mod inner_stream;
mod kdf;

use std::io::Read as _;

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher};
use flate2::read::GzDecoder;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

use crate::formats::crypto::cbc;
use crate::formats::{FormatError, Probe};
use header::{Cipher, Header, InnerHeader, Version};
pub(super) use inner_stream::InnerStream;

const MAGIC: &[u8] = b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5";
/// KeePass 1, and a test version of KeePass 2
const OLD_MAGICS: [&[u8]; 2] = [b"\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5", b"\x03\xd9\xa2\x9a\x66\xfb\x4b\xb5"];

/// Limit of the decompressed content, including attachments
const MAX_BYTES: usize = 128 * 1024 * 1024;

const MAC_LEN: usize = 32;

/// An encrypted database
pub(super) struct Database {
    header: Header,
    /// Bytes after the header
    rest: Vec<u8>,
}

/// The content of a database, whose protected values are still encrypted
pub(super) struct DecryptedDatabase {
    pub(super) xml: Zeroizing<String>,
    pub(super) inner_stream: InnerStream,
}

/// A key derived from the password
type Key = Zeroizing<[u8; 32]>;

impl Database {
    pub(super) fn is_database(probe: &Probe<'_>) -> bool {
        probe.starts_with(MAGIC) || OLD_MAGICS.iter().any(|magic| probe.starts_with(magic))
    }

    /// Parses the header.
    ///
    /// # Errors
    /// `Unsupported` for another version or cipher, `TooCostly` if the key derivation exceeds the limits, `Damaged` if
    /// the header is incomplete or was changed.
    pub(super) fn parse(file: &[u8]) -> Result<Self, FormatError> {
        let Some(file_without_magic) = file.strip_prefix(MAGIC) else {
            return Err(FormatError::Unsupported(
                "it is a database of KeePass 1; open it in KeePassXC or KeePass 2 and import the file that it saves",
            ));
        };
        let (header, length) = Header::parse(file_without_magic)?;
        let (header_bytes, rest) = file.split_at(MAGIC.len() + length);
        let rest = match header.version {
            Version::Three => rest,
            Version::Four => rest
                .strip_prefix(Sha256::digest(header_bytes).as_slice())
                .ok_or(FormatError::Damaged("its header was changed"))?,
        };
        let header = Header { bytes: header_bytes.to_vec(), ..header };
        Ok(Self { header, rest: rest.to_vec() })
    }

    /// Decrypts the content.
    ///
    /// # Errors
    /// `WrongPassword`, also if the database needs a key file, because the header does not say so; `Damaged` if the content
    /// was changed, `TooLarge` if it exceeds 128 MiB.
    pub(super) fn decrypt(&self, password: &str) -> Result<DecryptedDatabase, FormatError> {
        let composite = Key::new(Sha256::digest(Sha256::digest(password)).into());
        let transformed = self.header.kdf.derive(&composite)?;
        let key = Key::new(
            Sha256::new().chain_update(&self.header.seed).chain_update(*transformed).finalize().into(),
        );
        match self.header.version {
            Version::Three => self.decrypt_version_3(&key),
            Version::Four => self.decrypt_version_4(&key, &transformed),
        }
    }

    fn decrypt_version_3(&self, key: &Key) -> Result<DecryptedDatabase, FormatError> {
        let plain = self.decrypt_bytes(key, &self.rest).ok_or(FormatError::WrongPasswordOrDamaged)?;
        let start = self.header.start.as_deref().unwrap_or_default();
        let blocks = plain.strip_prefix(start).ok_or(FormatError::WrongPasswordOrDamaged)?;
        let content = self.decompress(blocks::join_hashed(blocks)?)?;
        parse_content(&content, self.header.inner.as_ref())
    }

    fn decrypt_version_4(&self, key: &Key, transformed: &Key) -> Result<DecryptedDatabase, FormatError> {
        let mac_key = Zeroizing::new(<[u8; 64]>::from(
            Sha512::new()
                .chain_update(&self.header.seed)
                .chain_update(**transformed)
                .chain_update([1])
                .finalize(),
        ));
        let too_short = FormatError::Damaged("it is too short");
        let (mac_bytes, rest) = self.rest.split_at_checked(MAC_LEN).ok_or(too_short)?;
        let mut mac = blocks::mac(&mac_key, u64::MAX);
        mac.update(&self.header.bytes);
        mac.verify_slice(mac_bytes).map_err(|_| FormatError::WrongPassword)?;
        let damaged = FormatError::Damaged("its content was changed");
        let plain = self.decrypt_bytes(key, &blocks::join_authenticated(rest, &mac_key)?).ok_or(damaged)?;
        let content = self.decompress(plain)?;
        let (inner, length) = InnerHeader::parse(&content)?;
        parse_content(&content[length..], Some(&inner))
    }

    fn decrypt_bytes(&self, key: &Key, ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        match &self.header.cipher {
            Cipher::Aes { iv } => cbc::decrypt_256(key, iv, ciphertext),
            Cipher::ChaCha20 { nonce } => {
                let mut bytes = Zeroizing::new(ciphertext.to_vec());
                let mut stream = ChaCha20::new((&**key).into(), nonce.into());
                stream.try_apply_keystream(&mut bytes).ok().map(|()| bytes)
            }
        }
    }

    fn decompress(&self, bytes: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, FormatError> {
        if !self.header.is_compressed {
            return Ok(bytes);
        }
        let mut content = Zeroizing::new(Vec::new());
        let decoder = GzDecoder::new(bytes.as_slice());
        let damaged = FormatError::Damaged("its content was changed");
        decoder.take(MAX_BYTES as u64 + 1).read_to_end(&mut content).map_err(|_| damaged)?;
        if content.len() > MAX_BYTES { Err(FormatError::TooLarge(MAX_BYTES >> 20)) } else { Ok(content) }
    }
}

fn parse_content(xml: &[u8], inner: Option<&InnerHeader>) -> Result<DecryptedDatabase, FormatError> {
    let xml = std::str::from_utf8(xml).map_err(|_| FormatError::Damaged("its content is not text"))?;
    let inner_stream = InnerStream::new(inner)
        .ok_or(FormatError::Damaged("its inner stream cipher is missing or unknown"))?;
    Ok(DecryptedDatabase { xml: Zeroizing::new(xml.to_owned()), inner_stream })
}

type HmacSha256 = Hmac<Sha256>;
