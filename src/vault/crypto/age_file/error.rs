//! Errors of age files and of the keys that people give for them.

use std::fmt::Display;

use age::plugin::ResolveError;

use super::cost::{MAX_BCRYPT_ROUNDS, MAX_COSTLY_SLOTS, MAX_WORK_FACTOR};
use crate::error::{CommandError, ExitCode};
use crate::text::{redact, sanitize};

/// An error of encrypting or decrypting an age file; contains no part of a passphrase or key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AgeError {
    #[error("wrong passphrase")]
    WrongPassphrase,
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    #[error("no identity matches")]
    NoMatchingIdentity,
    #[error("the identity needs a passphrase, and none was given")]
    IdentityLocked,
    #[error("the age file needs a passphrase, not an identity")]
    NeedsPassphrase,
    #[error("the age file needs an identity, not a passphrase")]
    NeedsIdentity,
    #[error("the age file is damaged")]
    Damaged,
    #[error("the age file does not contain the data key of a vault")]
    NotADataKey,
    #[error("the age file contains the data key of another vault")]
    WrongVault,
    #[error("the age file requires scrypt with N = 2^{0}; the limit is 2^{MAX_WORK_FACTOR}")]
    TooCostly(u8),
    #[error(
        "the key slots together require more than {MAX_COSTLY_SLOTS} runs of scrypt with N = 2^{MAX_WORK_FACTOR}"
    )]
    TooManySlots,
    #[error("the age file or key slot has an unknown kind or version")]
    Unsupported,
    #[error("no recipient was given")]
    NoRecipients,
    #[error("the recipients cannot be combined")]
    IncompatibleRecipients,
    #[error("the plugin failed: {0}")]
    Plugin(String),
}

impl AgeError {
    /// Returns whether the credential was wrong, as opposed to the file being damaged.
    pub(in crate::vault::crypto) fn is_wrong_credential(&self) -> bool {
        matches!(self, Self::WrongPassphrase | Self::NoMatchingIdentity | Self::IdentityLocked)
    }
}

/// An error of parsing a recipient or an identity: names the line, and shows nothing of its text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyParseError {
    #[error("line {0} is not a public key of age, SSH or an age plugin")]
    NotARecipient(usize),
    #[error("line {0} is a secret key; expected a public key")]
    SecretKey(usize),
    #[error("line {0} is not an identity of age or an age plugin")]
    NotAnIdentity(usize),
    #[error("not an SSH private key in the OpenSSH format")]
    NotAnSshKey,
    #[error("unsupported kind of SSH key: expected ssh-ed25519, or ssh-rsa with 2048 to 4096 bits")]
    UnsupportedSshKey,
    #[error("the SSH key requires more than {MAX_BCRYPT_ROUNDS} rounds of bcrypt")]
    CostlySshKey,
    #[error("not an age file that is encrypted with a passphrase")]
    NotAnEncryptedIdentity,
    #[error("no key found")]
    Empty,
    #[error("the plugin '{0}' is not on the PATH")]
    PluginMissing(String),
}

impl From<age::DecryptError> for AgeError {
    fn from(error: age::DecryptError) -> Self {
        match error {
            age::DecryptError::NoMatchingKeys => Self::NoMatchingIdentity,
            age::DecryptError::KeyDecryptionFailed => Self::WrongPassphrase,
            age::DecryptError::ExcessiveWork { required, .. } => Self::TooCostly(required),
            age::DecryptError::UnknownFormat => Self::Unsupported,
            age::DecryptError::Plugin(errors) => Self::Plugin(plugin_messages(&errors)),
            _ => Self::Damaged,
        }
    }
}

impl From<age::EncryptError> for AgeError {
    fn from(error: age::EncryptError) -> Self {
        match error {
            age::EncryptError::MissingRecipients => Self::NoRecipients,
            age::EncryptError::Plugin(errors) => Self::Plugin(plugin_messages(&errors)),
            _ => Self::IncompatibleRecipients,
        }
    }
}

impl From<ResolveError> for KeyParseError {
    fn from(error: ResolveError) -> Self {
        match error {
            ResolveError::MissingPlugin { binary_name: name } | ResolveError::InvalidPluginName { name } => {
                Self::PluginMissing(redact(&name))
            }
            _ => Self::PluginMissing(String::new()),
        }
    }
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

/// Joins the messages of a plugin to one line that cannot move the cursor.
fn plugin_messages(errors: &[impl Display]) -> String {
    let messages: Vec<String> = errors.iter().map(|error| error.to_string().trim().to_owned()).collect();
    sanitize(&messages.join("; "))
}
