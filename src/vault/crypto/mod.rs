//! The cryptography of a sealed vault: no file, no clock, no terminal.
//!
//! A random data key is wrapped in one or more slots, each a stock age file (`slot`, `age_file`, `recipients`,
//! `identities`). Two keys are derived from it (`keys`): one seals each secret, bound to its entry (`secret`); the
//! other makes a tag for each entry (`tag`) and one for the file (`list`), so that what was changed without the key is
//! told by name (`verdict`). `tests/fixtures/sealed/README.md` is the format, byte for byte.

mod age_file;
mod base64;
mod canonical;
mod entry_mac;
mod file_mac;
mod header;
mod integrity;
mod key_slot;
mod keys;
mod padding;
mod secret;

pub(crate) use self::{
    age_file::credentials::{AgeError, DecryptWith, EncryptFor, WORK_FACTOR},
    age_file::identities::Identities,
    age_file::recipients::Recipients,
    age_file::{is_age_file, is_for_passphrase, unwrap as open_opaque, wrap as make_opaque},
    header::{HeaderError, VaultHeader},
    integrity::TamperFinding,
    key_slot::{Kind, Slot},
    keys::{DataKey, VaultId, VaultKeys, random_id},
    secret::{AssociatedData, SealError},
};
/// What a key file or a plugin may have to ask the user; `NoCallbacks` answers nothing
pub(crate) use age::{Callbacks, NoCallbacks, secrecy::SecretString};

#[cfg(test)]
mod tests;
