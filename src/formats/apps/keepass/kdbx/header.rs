//! Reads the header of a database, and the inner header of version 4.

use super::kdf::Kdf;
use crate::formats::FormatError;
use crate::formats::crypto::cbc;

const DAMAGED: FormatError = FormatError::Damaged("its header is incomplete");

const AES: [u8; 16] = 0x31c1_f2e6_bf71_4350_be58_0521_6afc_5aff_u128.to_be_bytes();
const CHACHA20: [u8; 16] = 0xd603_8a2b_8b6f_4cb5_a524_339a_31db_b59a_u128.to_be_bytes();

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    Three,
    Four,
}

pub(super) enum Cipher {
    Aes { iv: [u8; cbc::IV] },
    ChaCha20 { nonce: [u8; 12] },
}

pub(super) struct Header {
    pub(super) version: Version,
    pub(super) cipher: Cipher,
    pub(super) is_compressed: bool,
    pub(super) seed: Vec<u8>,
    pub(super) kdf: Kdf,
    /// Version 3: the first bytes of the content
    pub(super) start: Option<Vec<u8>>,
    /// Version 3: the inner stream
    pub(super) inner: Option<InnerHeader>,
    /// The header as it is in the file
    pub(super) bytes: Vec<u8>,
}

/// Cipher and key of the inner stream, which encrypts protected values
pub(super) struct InnerHeader {
    pub(super) stream: u32,
    pub(super) key: Vec<u8>,
}

/// The fields of a header, by their numbers
struct Fields<'a> {
    found: [Option<&'a [u8]>; 16],
    /// Bytes of all fields
    length: usize,
}

impl<'a> Fields<'a> {
    /// Parses fields whose lengths have `width` bytes.
    fn parse(bytes: &'a [u8], width: usize) -> Option<Self> {
        let mut found = [None; 16];
        let mut rest = bytes;
        loop {
            let (&number, behind) = rest.split_first()?;
            let (length, behind) = behind.split_at_checked(width)?;
            let length = length.iter().rev().fold(0, |length, &byte| length << 8 | usize::from(byte));
            let (field, behind) = behind.split_at_checked(length)?;
            rest = behind;
            if number == 0 {
                return Some(Self { found, length: bytes.len() - rest.len() });
            }
            if let Some(slot) = found.get_mut(usize::from(number)) {
                *slot = Some(field);
            }
        }
    }

    fn bytes(&self, number: usize) -> Result<&'a [u8], FormatError> {
        self.found[number].ok_or(DAMAGED)
    }

    fn array<const N: usize>(&self, number: usize) -> Result<[u8; N], FormatError> {
        self.bytes(number)?.try_into().map_err(|_| DAMAGED)
    }

    fn number(&self, number: usize) -> Result<u32, FormatError> {
        self.array(number).map(u32::from_le_bytes)
    }
}

impl Header {
    /// Parses the header after the magic number, and returns its length.
    pub(super) fn parse(bytes: &[u8]) -> Result<(Self, usize), FormatError> {
        let (version, rest) = bytes.split_at_checked(4).ok_or(DAMAGED)?;
        let (version, width) = match version[2..] {
            [3, 0] => (Version::Three, 2),
            [4, 0] => (Version::Four, 4),
            _ => {
                return Err(FormatError::Unsupported("mfa does not know this version of the KeePass format"));
            }
        };
        let fields = Fields::parse(rest, width).ok_or(DAMAGED)?;
        let is_three = version == Version::Three;
        let header = Self {
            version,
            cipher: parse_cipher(&fields)?,
            is_compressed: fields.number(3)? == 1,
            seed: fields.bytes(4)?.to_vec(),
            kdf: if is_three {
                Kdf::aes(fields.array(5)?, u64::from_le_bytes(fields.array(6)?))?
            } else {
                Kdf::parse(fields.bytes(11)?)?
            },
            start: if is_three { Some(fields.array::<32>(9)?.to_vec()) } else { None },
            inner: if is_three {
                Some(InnerHeader { stream: fields.number(10)?, key: fields.bytes(8)?.to_vec() })
            } else {
                None
            },
            bytes: Vec::new(),
        };
        Ok((header, fields.length + 4))
    }
}

fn parse_cipher(fields: &Fields<'_>) -> Result<Cipher, FormatError> {
    match fields.array(2)? {
        AES => Ok(Cipher::Aes { iv: fields.array(7)? }),
        CHACHA20 => Ok(Cipher::ChaCha20 { nonce: fields.array(7)? }),
        _ => Err(FormatError::Unsupported(
            "it is encrypted with neither AES nor ChaCha20; choose AES in the database's security settings",
        )),
    }
}

impl InnerHeader {
    /// Parses the inner header, which may have attachments, and returns its length.
    pub(super) fn parse(bytes: &[u8]) -> Result<(Self, usize), FormatError> {
        let fields = Fields::parse(bytes, 4).ok_or(DAMAGED)?;
        Ok((Self { stream: fields.number(1)?, key: fields.bytes(2)?.to_vec() }, fields.length))
    }
}
