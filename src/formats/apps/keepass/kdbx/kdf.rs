//! Derives the key of a database.

use std::collections::HashMap;

use aes::Aes256;
use aes::cipher::{BlockEncrypt, KeyInit};
use argon2::{Algorithm, Version};
use sha2::{Digest, Sha256};

use super::Key;
use crate::formats::FormatError;
use crate::formats::crypto::kdf::{argon2, reduce_for_fuzzing};
use crate::formats::crypto::kdf_limits;

const AES: [[u8; 16]; 2] = [
    0xc9d9_f39a_628a_4460_bf74_0d08_c18a_4fea_u128.to_be_bytes(),
    0x7c02_bb82_79a7_4ac0_927d_114a_0064_8238_u128.to_be_bytes(),
];
const ARGON2D: [u8; 16] = 0xef63_6ddf_8c29_444b_91f7_a9a4_03e3_0a0c_u128.to_be_bytes();
const ARGON2ID: [u8; 16] = 0x9e29_8b19_56db_4773_b23d_fc3e_c6f0_a1e6_u128.to_be_bytes();

const DAMAGED: FormatError = FormatError::Damaged("the parameters of its key derivation are incomplete");

/// A key derivation function and its costs
pub(super) enum Kdf {
    Aes { seed: [u8; 32], rounds: u64 },
    Argon2 { algorithm: Algorithm, version: Version, salt: Vec<u8>, costs: kdf_limits::Argon2 },
}

impl Kdf {
    pub(super) fn aes(seed: [u8; 32], rounds: u64) -> Result<Self, FormatError> {
        Ok(Self::Aes { seed, rounds: kdf_limits::aes(rounds)? })
    }

    /// Parses the dictionary of version 4.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let values = parse_dictionary(bytes).ok_or(DAMAGED)?;
        let bytes = |key: &str| values.get(key.as_bytes()).copied().ok_or(DAMAGED);
        let number = |key: &str| parse_number(bytes(key)?).ok_or(DAMAGED);
        let id: [u8; 16] = bytes("$UUID")?.try_into().map_err(|_| DAMAGED)?;
        let algorithm = match id {
            ARGON2D => Algorithm::Argon2d,
            ARGON2ID => Algorithm::Argon2id,
            _ if AES.contains(&id) => {
                return Self::aes(bytes("S")?.try_into().map_err(|_| DAMAGED)?, number("R")?);
            }
            _ => return Err(FormatError::Unsupported("mfa does not know its key derivation function")),
        };
        let version = match number("V")? {
            0x10 => Version::V0x10,
            0x13 => Version::V0x13,
            _ => return Err(DAMAGED),
        };
        let costs = kdf_limits::Argon2::new(number("M")? >> 10, number("I")?, number("P")?)?;
        Ok(Self::Argon2 { algorithm, version, salt: bytes("S")?.to_vec(), costs })
    }

    pub(super) fn derive(&self, key: &Key) -> Result<Key, FormatError> {
        match self {
            Self::Aes { seed, rounds } => Ok(run_aes_rounds(seed, reduce_for_fuzzing(*rounds, 10_000), key)),
            Self::Argon2 { algorithm, version, salt, costs } => {
                argon2(*algorithm, *version, *costs, &**key, salt)
            }
        }
    }
}

fn run_aes_rounds(seed: &[u8; 32], rounds: u64, key: &Key) -> Key {
    let cipher = Aes256::new(seed.into());
    let mut blocks = key.clone();
    for half in blocks.chunks_exact_mut(16) {
        let block = aes::Block::from_mut_slice(half);
        for _ in 0..rounds {
            cipher.encrypt_block(block);
        }
    }
    Key::new(Sha256::digest(*blocks).into())
}

/// Parses a version, then entries of type, key and value until a type is 0. Key and value follow their lengths.
fn parse_dictionary(bytes: &[u8]) -> Option<HashMap<&[u8], &[u8]>> {
    let (_version, mut rest) = bytes.split_at_checked(2)?;
    let mut values = HashMap::new();
    loop {
        let (&kind, behind) = rest.split_first()?;
        if kind == 0 {
            return Some(values);
        }
        let (key, behind) = split_sized(behind)?;
        let (value, behind) = split_sized(behind)?;
        values.insert(key, value);
        rest = behind;
    }
}

/// Splits off bytes that follow their length.
fn split_sized(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)
}

/// Parses a little-endian number of 4 or 8 bytes.
fn parse_number(bytes: &[u8]) -> Option<u64> {
    let is_number = matches!(bytes.len(), 4 | 8);
    is_number.then(|| bytes.iter().rev().fold(0, |number, &byte| number << 8 | u64::from(byte)))
}
