//! Stock age files (c2sp.org/age), armored: `age -d` decrypts them.

mod cipher;
mod cost;
mod credentials;
mod error;
mod identities;
mod key_lines;
mod recipients;
mod ssh_identity;

pub(super) use cost::{MAX_TOTAL_COST, scrypt_cost};

pub(crate) use cipher::{decrypt_age_file, encrypt_age_file, is_age_file};
pub(crate) use cost::WORK_FACTOR;
pub(crate) use credentials::{DecryptWith, EncryptFor};
pub(crate) use error::AgeError;
pub(crate) use identities::Identities;
pub(crate) use recipients::Recipients;
