//! Decrypts exports of Ente Auth: Argon2id, and one message of a libsodium secretstream.

use data_encoding::BASE64;
use serde_json::Value;
use zeroize::Zeroizing;

use super::secretstream;
use crate::formats::FormatError;
use crate::formats::crypto::kdf;
use crate::formats::crypto::kdf_limits::Argon2;

const DAMAGED: FormatError = FormatError::Damaged("its encrypted data is malformed");
const NEWER: FormatError =
    FormatError::Unsupported("it was written by a newer version of Ente Auth than mfa knows");

/// An encrypted export
pub(super) struct EncryptedExport {
    costs: Argon2,
    salt: Vec<u8>,
    header: [u8; secretstream::HEADER],
    message: Vec<u8>,
}

impl EncryptedExport {
    pub(super) fn parse(file: &Value) -> Result<Self, FormatError> {
        if file["version"] != 1 {
            return Err(NEWER);
        }
        let base64 = |value: &Value| BASE64.decode(value.as_str()?.as_bytes()).ok();
        let params = &file["kdfParams"];
        let cost = |name: &str| params[name].as_u64().ok_or(DAMAGED);
        let header = base64(&file["encryptionNonce"]).and_then(|header| header.try_into().ok());
        Ok(Self {
            costs: Argon2::new(cost("memLimit")? / 1024, cost("opsLimit")?, 1)?,
            salt: base64(&params["salt"]).ok_or(DAMAGED)?,
            header: header.ok_or(DAMAGED)?,
            message: base64(&file["encryptedData"]).ok_or(DAMAGED)?,
        })
    }

    /// Decrypts the list of URIs.
    ///
    /// # Errors
    /// `WrongPasswordOrDamaged`, because one tag authenticates the whole file.
    pub(super) fn decrypt(&self, password: &str) -> Result<Zeroizing<String>, FormatError> {
        let key = kdf::argon2id(self.costs, password, &self.salt)?;
        let mut uris = secretstream::decrypt_only_message(&key, &self.header, &self.message)
            .ok_or(FormatError::WrongPasswordOrDamaged)?;
        String::from_utf8(std::mem::take(&mut *uris)).map(Zeroizing::new).map_err(|_| DAMAGED)
    }
}
