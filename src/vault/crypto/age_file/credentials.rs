//! The keys that encrypt and decrypt an age file.

use super::identities::Identities;
use super::recipients::Recipients;

/// The key to encrypt an age file with: age allows a passphrase only alone.
#[derive(Debug, Clone, Copy)]
pub(crate) enum EncryptFor<'a> {
    /// `work_factor` is the binary logarithm of scrypt's N, from 1 to 20.
    Passphrase {
        passphrase: &'a str,
        work_factor: u8,
    },
    Recipients(&'a Recipients),
}

/// The credential to decrypt an age file with.
#[derive(Debug, Clone, Copy)]
pub(crate) enum DecryptWith<'a> {
    Passphrase(&'a str),
    Identities(&'a Identities),
}
