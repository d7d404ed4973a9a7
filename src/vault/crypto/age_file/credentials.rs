//! What closes and opens an age file, and how that fails.

use crate::error::{CommandError, ExitCode};
use crate::vault::crypto::age_file::identities::Identities;
use crate::vault::crypto::age_file::recipients::Recipients;

/// scrypt's N = 2^17 (RFC 7914; r = 8, p = 1): some half a second, and 128 MiB, for each guess
pub(crate) const WORK_FACTOR: u8 = 17;

/// The most that a file may ask for: 2^22 takes 4 GiB and, here, some twenty seconds
pub(crate) const MAX_WORK_FACTOR: u8 = if cfg!(fuzzing) { 6 } else { 22 };

/// The most that all slots of a vault may ask for together: two of the dearest, 64 of ours
pub(crate) const MAX_WORK: u64 = 2 << MAX_WORK_FACTOR;

/// What an age file is closed for: age allows a passphrase only alone
#[derive(Debug, Clone, Copy)]
pub(crate) enum EncryptFor<'a> {
    /// `work_factor`: the binary logarithm of scrypt's N, from 1 to 22
    Passphrase {
        passphrase: &'a str,
        work_factor: u8,
    },
    Recipients(&'a Recipients),
}

/// What is tried on an age file
#[derive(Debug, Clone, Copy)]
pub(crate) enum DecryptWith<'a> {
    Passphrase(&'a str),
    Identities(&'a Identities),
}

/// Why an age file could not be opened, or made; nothing of a passphrase or key in it
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AgeError {
    #[error("the passphrase is wrong")]
    WrongPassphrase,
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    #[error("none of the identities opens it")]
    NoMatchingIdentity,
    #[error("the identity is protected by a passphrase, and none was given")]
    IdentityLocked,
    #[error("it takes a passphrase, not an identity")]
    NeedsPassphrase,
    #[error("it takes an identity, not a passphrase")]
    NeedsIdentity,
    #[error("it is damaged")]
    Damaged,
    #[error("it holds no data key of a vault")]
    NotADataKey,
    #[error("it holds the data key of another vault")]
    OfAnotherVault,
    #[error("it asks for scrypt with N = 2^{0}; 2^{MAX_WORK_FACTOR} is the most that is tried")]
    TooCostly(u8),
    #[error("its slots ask for more work together than is tried: scrypt with N = 2^{MAX_WORK_FACTOR}, twice")]
    TooManySlots,
    #[error("it is of a kind or version that this program does not know")]
    Unsupported,
    #[error("there is no recipient")]
    NoRecipients,
    #[error("the recipients cannot be used together")]
    IncompatibleRecipients,
    #[error(
        "it is for the key of a plugin, and no program that a vault names is run: take another key for --opaque"
    )]
    PluginInFile,
    #[error("the plugin failed: {0}")]
    Plugin(String),
}

impl AgeError {
    /// Whether it is what was given that does not fit, and not the file that is wrong
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self, Self::WrongPassphrase | Self::NoMatchingIdentity | Self::IdentityLocked)
    }
}

/// Why a text is no recipient or identity; its line, and nothing of what stands there
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyParseError {
    #[error("line {0} is no recipient: neither an age public key, nor an SSH one, nor a plugin's")]
    NotARecipient(usize),
    #[error("line {0} is a secret key, where a public one belongs")]
    SecretKey(usize),
    #[error("line {0} is no identity: neither an age secret key nor a plugin's")]
    NotAnIdentity(usize),
    #[error("it is no SSH private key of the OpenSSH format")]
    NotAnSshKey,
    #[error("SSH keys of this kind cannot be used, only ssh-ed25519 and ssh-rsa of 2048 to 4096 bits")]
    UnsupportedSshKey,
    #[error("trying a passphrase on this SSH key would take more time than a sane one asks for")]
    CostlySshKey,
    #[error("it is no age file that a passphrase opens")]
    NotAnEncryptedIdentity,
    #[error("it holds no key")]
    Empty,
    #[error("the plugin '{0}' is not on the PATH")]
    PluginMissing(String),
}

impl From<AgeError> for CommandError {
    fn from(error: AgeError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}

impl From<KeyParseError> for CommandError {
    fn from(error: KeyParseError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}
