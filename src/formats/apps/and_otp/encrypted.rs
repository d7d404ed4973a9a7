//! Decrypts backups of andOTP, which come in two layouts without a magic number.
//!
//! The newer layout is iteration count, salt, nonce, ciphertext, tag. The older one is nonce, ciphertext, tag, with the
//! SHA-256 hash of the password as the key.

use sha2::{Digest, Sha256};

use crate::formats::FormatError;
use crate::formats::codec::json::Json;
use crate::formats::crypto::gcm::GcmCiphertext;
use crate::formats::crypto::kdf::{self, DerivedKey};
use crate::formats::crypto::kdf_limits;

const SALT: usize = 12;
const NONCE: usize = 12;
const TAG: usize = 16;

/// The app uses 140 000 to 160 000. The nonce of the older layout, read as a count, is almost always out of range.
const ITERATIONS: std::ops::RangeInclusive<u32> = 1_000..=10_000_000;

/// Exceeded by one in a million random files: the mean is 255, the standard deviation 22.6.
const MAX_CHI_SQUARED: f64 = 255.0 + 5.0 * 22.6;

/// Formats whose bytes look random too: zip, gzip, 7-Zip, xz, Zstandard, PNG, JPEG, KeePass, Stratum
const OTHER_MAGICS: [&[u8]; 9] = [
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
pub(super) struct EncryptedBackup {
    current: Option<(u32, [u8; SALT], GcmCiphertext)>,
    legacy: GcmCiphertext,
}

impl EncryptedBackup {
    /// Returns whether the bytes are long enough, look random, and have no magic number of another format.
    pub(super) fn is_likely(bytes: &[u8]) -> bool {
        bytes.len() > NONCE + TAG
            && !OTHER_MAGICS.iter().any(|magic| bytes.starts_with(magic))
            && chi_squared(bytes) < MAX_CHI_SQUARED
    }

    pub(super) fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        let legacy = parse_payload(bytes).ok_or(FormatError::Damaged("it is truncated"))?;
        let current = match parse_current(bytes) {
            Some((iterations, salt, payload)) => {
                Some((kdf_limits::pbkdf2(iterations.into())?, salt, payload))
            }
            None => None,
        };
        Ok(Self { current, legacy })
    }

    /// Decrypts the list of entries.
    ///
    /// # Errors
    /// `WrongPasswordOrDamaged`, because one tag authenticates the whole file.
    pub(super) fn decrypt(&self, password: &str) -> Result<Json, FormatError> {
        let current = self.current.as_ref().and_then(|(iterations, salt, payload)| {
            payload.decrypt(&kdf::pbkdf2(kdf::Hash::Sha1, *iterations, password, salt), b"")
        });
        let legacy = || self.legacy.decrypt(&DerivedKey::new(Sha256::digest(password).into()), b"");
        let entries = current.or_else(legacy).ok_or(FormatError::WrongPasswordOrDamaged)?;
        Json::parse(
            str::from_utf8(&entries).map_err(|_| FormatError::Damaged("it is not a list of entries"))?,
        )
    }
}

fn parse_current(bytes: &[u8]) -> Option<(u32, [u8; SALT], GcmCiphertext)> {
    let (iterations, rest) = bytes.split_first_chunk()?;
    let (salt, rest) = rest.split_first_chunk()?;
    let iterations = u32::from_be_bytes(*iterations);
    ITERATIONS.contains(&iterations).then_some((iterations, *salt, parse_payload(rest)?))
}

fn parse_payload(bytes: &[u8]) -> Option<GcmCiphertext> {
    let (nonce, ciphertext) = bytes.split_at_checked(NONCE)?;
    GcmCiphertext::new(nonce, ciphertext.to_vec())
}

/// Returns the chi-squared statistic of the byte values against an even distribution.
fn chi_squared(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for &byte in bytes {
        counts[usize::from(byte)] += 1;
    }
    let total: f64 = counts.iter().copied().map(f64::from).sum();
    let expected = total / 256.0;
    counts.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum()
}
