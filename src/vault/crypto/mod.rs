//! The cryptography of an encrypted vault: no file, no clock, no terminal.
//!
//! A random data key is encrypted in one or more key slots, each a stock age file (`key_slot`, `age_file`). Two keys
//! are derived from it (`keys`): one encrypts each secret, bound to its record (`secret`); the other computes a MAC of
//! each record (`record_mac`) and one of the file (`file_mac`), so that changes made without the key are found
//! (`integrity`). `src/manual/format.md` specifies the format, byte for byte.

mod age_file;
mod base64;
mod canonical;
mod file_mac;
mod header;
mod integrity;
mod key_slot;
mod keys;
mod padding;
mod record_mac;
mod secret;

/// The questions that a key file or a plugin may ask the user; `NoCallbacks` answers none of them.
pub(crate) use age::{Callbacks, NoCallbacks, secrecy::SecretString};

#[cfg(fuzzing)]
pub(crate) use age_file::decrypt_age_file;
#[cfg(test)]
pub(crate) use age_file::encrypt_age_file;
pub(crate) use age_file::{
    AgeError, DecryptWith, EncryptFor, Identities, Recipients, WORK_FACTOR, is_age_file,
};
pub(crate) use header::{HeaderError, VaultHeader};
pub(crate) use integrity::TamperFinding;
pub(crate) use key_slot::{KeySlot, SlotKind};
pub(crate) use keys::{DataKey, VaultId, VaultKeys, random_bytes};
pub(crate) use record_mac::has_same_content;
pub(crate) use secret::{AssociatedData, DecryptError};

#[cfg(test)]
mod tests;
