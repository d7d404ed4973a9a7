//! Decryption that several apps use, and limits for the work that a file may ask for.

pub(super) mod age_file;
pub(super) mod cbc;
pub(super) mod gcm;
pub(super) mod kdf;
pub(super) mod kdf_limits;
