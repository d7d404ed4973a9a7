//! An SSH private key that is used, and its passphrase asked for, only where an age file is for it.

use age::{Callbacks, DecryptError, Identity, ssh};
use age_core::format::{FileKey, Stanza};
use data_encoding::{BASE64, BASE64_NOPAD};
use sha2::{Digest, Sha256};

use super::lock::KeyTextError;

/// By itself the age crate asks for the passphrase at every stanza of every file
pub(super) struct SshIdentity {
    /// `ssh-ed25519` or `ssh-rsa`
    kind: String,
    /// By which a stanza names the key: Base64 of the first four bytes of the SHA-256 of the public key
    /// (c2sp.org/age, "The ssh-rsa and ssh-ed25519 recipient types")
    tag: String,
    key: Box<dyn Identity>,
}

impl SshIdentity {
    /// # Errors
    /// `NotAnSshKey`, `UnsupportedSshKey`.
    pub(super) fn parse(text: &str, callbacks: impl Callbacks) -> Result<Self, KeyTextError> {
        let key = ssh::Identity::from_buffer(text.as_bytes(), None).map_err(|_| KeyTextError::NotAnSshKey)?;
        let public =
            ssh::Recipient::try_from(key.clone()).map_err(|_| KeyTextError::UnsupportedSshKey)?.to_string();
        let (kind, blob) = public.split_once(' ').ok_or(KeyTextError::UnsupportedSshKey)?;
        let blob = BASE64.decode(blob.as_bytes()).map_err(|_| KeyTextError::UnsupportedSshKey)?;
        let tag = BASE64_NOPAD.encode(&Sha256::digest(blob)[..4]);
        Ok(Self { kind: kind.to_owned(), tag, key: Box::new(key.with_callbacks(callbacks)) })
    }
}

impl Identity for SshIdentity {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        let named = stanza.tag == self.kind && stanza.args.first() == Some(&self.tag);
        if named { self.key.unwrap_stanza(stanza) } else { None }
    }
}
