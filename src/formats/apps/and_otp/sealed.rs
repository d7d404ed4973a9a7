//! The encrypted form, in two layouts without any mark: number of iterations, salt, nonce, ciphertext, tag; before that
//! nonce, ciphertext, tag, the key being the hash of the password.

use sha2::{Digest, Sha256};

use crate::formats::FormatError;
use crate::formats::codec::json::Json;
use crate::formats::crypto::gcm::Sealed;
use crate::formats::crypto::kdf::{self, DerivedKey};
use crate::formats::crypto::kdf_limits;

const SALT: usize = 12;
const NONCE: usize = 12;
const TAG: usize = 16;

/// The app takes 140 000 to 160 000; a nonce in their place is mostly far outside
const ITERATIONS: std::ops::RangeInclusive<u32> = 1_000..=10_000_000;

/// What of the bytes of chance only one in a million is above: 255 is the mean, 22.6 the standard deviation
const MAX_CHI_SQUARED: f64 = 255.0 + 5.0 * 22.6;

/// What is as random, but says what it is: zip, gzip, 7-Zip, xz, Zstandard, PNG, JPEG, KeePass, Stratum
const KNOWN: [&[u8]; 9] = [
    b"PK",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"\xfd7zXZ",
    b"\x28\xb5\x2f\xfd",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\x03\xd9\xa2\x9a",
    b"AUTHENTICATORPRO",
];

/// An encrypted backup, in each layout that it may have
pub(super) struct Backup {
    with_salt: Option<(u32, [u8; SALT], Sealed)>,
    oldest: Sealed,
}

impl Backup {
    /// Whether bytes are such as a cipher gives, long enough, and nobody else's
    pub(super) fn looks_like(bytes: &[u8]) -> bool {
        bytes.len() > NONCE + TAG
            && !KNOWN.iter().any(|magic| bytes.starts_with(magic))
            && chi_squared(bytes) < MAX_CHI_SQUARED
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let oldest = sealed(bytes).ok_or(FormatError::Damaged("it is cut short"))?;
        let with_salt = match with_salt(bytes) {
            Some((iterations, salt, sealed)) => Some((kdf_limits::pbkdf2(iterations.into())?, salt, sealed)),
            None => None,
        };
        Ok(Self { with_salt, oldest })
    }

    /// The list of entries.
    ///
    /// # Errors
    /// `WrongPasswordOrDamaged`: one tag protects all.
    pub(super) fn open(&self, password: &str) -> Result<Json, FormatError> {
        let newer = self.with_salt.as_ref().and_then(|(iterations, salt, sealed)| {
            sealed.open(&kdf::pbkdf2(kdf::Hash::Sha1, *iterations, password, salt), b"")
        });
        let oldest = || self.oldest.open(&DerivedKey::new(Sha256::digest(password).into()), b"");
        let entries = newer.or_else(oldest).ok_or(FormatError::WrongPasswordOrDamaged)?;
        Json::parse(str::from_utf8(&entries).map_err(|_| FormatError::Damaged("it is no list of entries"))?)
    }
}

fn with_salt(bytes: &[u8]) -> Option<(u32, [u8; SALT], Sealed)> {
    let (iterations, rest) = bytes.split_first_chunk()?;
    let (salt, rest) = rest.split_first_chunk()?;
    let iterations = u32::from_be_bytes(*iterations);
    ITERATIONS.contains(&iterations).then_some((iterations, *salt, sealed(rest)?))
}

fn sealed(bytes: &[u8]) -> Option<Sealed> {
    let (nonce, ciphertext) = bytes.split_at_checked(NONCE)?;
    Sealed::new(nonce, ciphertext.to_vec())
}

/// How far the counts of the 256 values are from even
fn chi_squared(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    let total: f64 = counts.iter().copied().map(f64::from).sum();
    let expected = total / 256.0;
    counts.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum()
}
