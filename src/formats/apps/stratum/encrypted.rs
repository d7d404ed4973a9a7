//! Decrypts backups of Stratum: since 2023 with Argon2id and AES-GCM, before with PBKDF2 and AES-CBC.

use zeroize::Zeroizing;

use crate::formats::FormatError;
use crate::formats::crypto::kdf::{Hash, argon2id, pbkdf2};
use crate::formats::crypto::{cbc, gcm, kdf_limits};

const MAGIC: &[u8] = b"AUTHENTICATORPRO";
const OLD_MAGIC: &[u8] = b"AuthenticatorPro";

const SALT: usize = 16;
const NONCE: usize = 12;
const OLD_SALT: usize = 20;
const OLD_IV: usize = 16;

/// The costs that the app uses; a file does not name them
const COSTS: kdf_limits::Argon2 = kdf_limits::Argon2 { memory_kib: 65_536, passes: 3, lanes: 4 };
const OLD_ITERATIONS: u32 = 64_000;

const TOO_SHORT: FormatError = FormatError::Damaged("it is too short");

/// The parts of an encrypted backup
pub(super) enum EncryptedBackup {
    Current { salt: Vec<u8>, content: gcm::GcmCiphertext },
    Legacy { salt: Vec<u8>, iv: [u8; OLD_IV], content: Vec<u8> },
}

impl EncryptedBackup {
    /// Returns whether a file begins with a magic number of Stratum.
    pub(super) fn is_encrypted(file: &[u8]) -> bool {
        file.starts_with(MAGIC) || file.starts_with(OLD_MAGIC)
    }

    /// Parses the parts of a file.
    ///
    /// # Errors
    /// `Damaged` if it is too short.
    pub(super) fn parse(file: &[u8]) -> Result<Self, FormatError> {
        Self::split(file).ok_or(TOO_SHORT)
    }

    fn split(file: &[u8]) -> Option<Self> {
        if let Some(rest) = file.strip_prefix(MAGIC) {
            let (salt, rest) = rest.split_at_checked(SALT)?;
            let (nonce, content) = rest.split_at_checked(NONCE)?;
            return Some(Self::Current {
                salt: salt.to_vec(),
                content: gcm::GcmCiphertext::new(nonce, content.to_vec())?,
            });
        }
        let (salt, rest) = file.strip_prefix(OLD_MAGIC)?.split_at_checked(OLD_SALT)?;
        let (iv, content) = rest.split_first_chunk()?;
        Some(Self::Legacy { salt: salt.to_vec(), iv: *iv, content: content.to_vec() })
    }

    /// Decrypts the content. A wrong password may decrypt the legacy form to random bytes.
    ///
    /// # Errors
    /// `WrongPasswordOrDamaged`, `TooCostly`.
    pub(super) fn decrypt(&self, password: &str) -> Result<Zeroizing<Vec<u8>>, FormatError> {
        let plain = match self {
            Self::Current { salt, content } => content.decrypt(&*argon2id(COSTS, password, salt)?, &[]),
            Self::Legacy { salt, iv, content } => {
                cbc::decrypt_256(&pbkdf2(Hash::Sha1, OLD_ITERATIONS, password, salt), iv, content)
            }
        };
        plain.ok_or(FormatError::WrongPasswordOrDamaged)
    }
}
