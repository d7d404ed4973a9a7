//! Decryption that several formats use, and limits for the key derivation.

pub(super) mod age_file;
pub(super) mod cbc;
pub(super) mod gcm;
pub(super) mod kdf;
pub(super) mod kdf_limits;
