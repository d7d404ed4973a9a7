//! A database of KeePass (KDBX 3.1, 4.0 and 4.1) that a password alone opens.
//!
//! The header is plain: it names the cipher, the costs of the key, the seeds. In version 4 a hash of it tells damage,
//! then an HMAC a wrong password; in version 3 a few encrypted bytes that are known do both. The content comes in
//! blocks with their own sums, is perhaps compressed, and is XML, in which some values are masked once more.
//!
//! Why not the crate keepass: it limits no cost that a file names, so that a hostile database could take all memory and time.

mod blocks;
mod header;
mod kdf;
mod mask;

use std::io::Read as _;

use chacha20::ChaCha20;
use chacha20::cipher::{KeyIvInit, StreamCipher};
use flate2::read::GzDecoder;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

use crate::formats::crypto::cbc;
use crate::formats::{FormatError, Probe};
use header::{Cipher, Header, Inner, Version};
pub(super) use mask::Mask;

const MAGIC: &[u8] = b"\x03\xd9\xa2\x9a\x67\xfb\x4b\xb5";
/// KeePass 1, and a test version of KeePass 2
const OLD_MAGICS: [&[u8]; 2] = [b"\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5", b"\x03\xd9\xa2\x9a\x66\xfb\x4b\xb5"];

/// Attachments included
const MAX_BYTES: usize = 128 * 1024 * 1024;

const SUM: usize = 32;

/// A database that is still closed
pub(super) struct Database {
    header: Header,
    /// What is behind the header
    rest: Vec<u8>,
}

pub(super) struct Opened {
    pub(super) xml: Zeroizing<String>,
    pub(super) mask: Mask,
}

/// 32 bytes that the password gave
type Key = Zeroizing<[u8; 32]>;

impl Database {
    pub(super) fn is_one(probe: &Probe<'_>) -> bool {
        probe.starts_with(MAGIC) || OLD_MAGICS.iter().any(|magic| probe.starts_with(magic))
    }

    /// Reads the header.
    ///
    /// # Errors
    /// `Unsupported`, `TooCostly`, `Damaged`.
    pub(super) fn parse(file: &[u8]) -> Result<Self, FormatError> {
        let Some(file_without_magic) = file.strip_prefix(MAGIC) else {
            return Err(FormatError::Unsupported(
                "it is a database of KeePass 1; open it in KeePassXC or KeePass 2, and import what that saves",
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

    /// What is in it.
    ///
    /// # Errors
    /// `WrongPassword` where the database has a key file, too: nothing tells that. `Damaged`, `TooLarge`.
    pub(super) fn open(&self, password: &str) -> Result<Opened, FormatError> {
        let composite = Key::new(Sha256::digest(Sha256::digest(password)).into());
        let transformed = self.header.kdf.transform(&composite)?;
        let key = Key::new(
            Sha256::new().chain_update(&self.header.seed).chain_update(*transformed).finalize().into(),
        );
        match self.header.version {
            Version::Three => self.open_three(&key),
            Version::Four => self.open_four(&key, &transformed),
        }
    }

    fn open_three(&self, key: &Key) -> Result<Opened, FormatError> {
        let plain = self.decrypted(key, &self.rest).ok_or(FormatError::WrongPasswordOrDamaged)?;
        let start = self.header.start.as_deref().unwrap_or_default();
        let blocks = plain.strip_prefix(start).ok_or(FormatError::WrongPasswordOrDamaged)?;
        let content = self.decompressed(blocks::hashed(blocks)?)?;
        opened(&content, self.header.inner.as_ref())
    }

    fn open_four(&self, key: &Key, transformed: &Key) -> Result<Opened, FormatError> {
        let signing = Zeroizing::new(<[u8; 64]>::from(
            Sha512::new()
                .chain_update(&self.header.seed)
                .chain_update(**transformed)
                .chain_update([1])
                .finalize(),
        ));
        let too_short = FormatError::Damaged("it is too short");
        let (sum, rest) = self.rest.split_at_checked(SUM).ok_or(too_short)?;
        let mut mac = blocks::mac(&signing, u64::MAX);
        mac.update(&self.header.bytes);
        mac.verify_slice(sum).map_err(|_| FormatError::WrongPassword)?;
        let damaged = FormatError::Damaged("its content was changed");
        let plain = self.decrypted(key, &blocks::signed(rest, &signing)?).ok_or(damaged)?;
        let content = self.decompressed(plain)?;
        let (inner, length) = Inner::parse(&content)?;
        opened(&content[length..], Some(&inner))
    }

    fn decrypted(&self, key: &Key, ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        match &self.header.cipher {
            Cipher::Aes { iv } => cbc::open_256(key, iv, ciphertext),
            Cipher::ChaCha20 { nonce } => {
                let mut bytes = Zeroizing::new(ciphertext.to_vec());
                let mut stream = ChaCha20::new((&**key).into(), nonce.into());
                stream.try_apply_keystream(&mut bytes).ok().map(|()| bytes)
            }
        }
    }

    fn decompressed(&self, bytes: Zeroizing<Vec<u8>>) -> Result<Zeroizing<Vec<u8>>, FormatError> {
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

fn opened(xml: &[u8], inner: Option<&Inner>) -> Result<Opened, FormatError> {
    let xml = std::str::from_utf8(xml).map_err(|_| FormatError::Damaged("its content is not text"))?;
    let mask = Mask::new(inner).ok_or(FormatError::Damaged("it does not say how its values are masked"))?;
    Ok(Opened { xml: Zeroizing::new(xml.to_owned()), mask })
}

type HmacSha256 = Hmac<Sha256>;
