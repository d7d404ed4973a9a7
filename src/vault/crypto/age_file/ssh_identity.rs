//! SSH private keys that ask for their passphrase only when an age file is for them.

use age::{Callbacks, DecryptError, Identity, ssh};
use age_core::format::{FileKey, Stanza};
use data_encoding::{BASE64, BASE64_NOPAD};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::cost::MAX_BCRYPT_ROUNDS;
use super::error::KeyParseError;

/// An SSH private key. The age crate's own type asks for the passphrase at every stanza of every file.
pub(super) struct SshIdentity {
    /// `ssh-ed25519` or `ssh-rsa`
    kind: String,
    /// The name of the key in a stanza: Base64 of the first four bytes of the SHA-256 of the public key
    /// (c2sp.org/age, "The ssh-rsa and ssh-ed25519 recipient types").
    tag: String,
    key: Box<dyn Identity>,
}

impl SshIdentity {
    /// Parses a private key in the OpenSSH format.
    ///
    /// # Errors
    /// `NotAnSshKey`, `UnsupportedSshKey` or `CostlySshKey`.
    pub(super) fn parse(text: &str, callbacks: impl Callbacks) -> Result<Self, KeyParseError> {
        if bcrypt_rounds(text).is_some_and(|rounds| rounds > MAX_BCRYPT_ROUNDS) {
            return Err(KeyParseError::CostlySshKey);
        }
        let key =
            ssh::Identity::from_buffer(text.as_bytes(), None).map_err(|_| KeyParseError::NotAnSshKey)?;
        let public =
            ssh::Recipient::try_from(key.clone()).map_err(|_| KeyParseError::UnsupportedSshKey)?.to_string();
        let (kind, blob) = public.split_once(' ').ok_or(KeyParseError::UnsupportedSshKey)?;
        let blob = BASE64.decode(blob.as_bytes()).map_err(|_| KeyParseError::UnsupportedSshKey)?;
        let tag = BASE64_NOPAD.encode(&Sha256::digest(blob)[..4]);
        Ok(Self { kind: kind.to_owned(), tag, key: Box::new(key.with_callbacks(callbacks)) })
    }
}

impl Identity for SshIdentity {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        let is_for_key = stanza.tag == self.kind && stanza.args.first() == Some(&self.tag);
        if is_for_key { self.key.unwrap_stanza(stanza) } else { None }
    }
}

/// Returns the cost of trying a passphrase on a private key (OpenSSH, PROTOCOL.key).
///
/// Returns `None` if the key has no passphrase or cannot be parsed.
fn bcrypt_rounds(text: &str) -> Option<u32> {
    let mut body = Zeroizing::new(String::with_capacity(text.len()));
    body.extend(text.lines().map(str::trim).filter(|line| !line.starts_with("-----")));
    let bytes = Zeroizing::new(BASE64.decode(body.as_bytes()).ok()?);
    let (_cipher, rest) = split_string(bytes.strip_prefix(b"openssh-key-v1\0")?)?;
    let (kdf, rest) = split_string(rest)?;
    let (options, _) = split_string(rest)?;
    let (_salt, rounds) = split_string(options)?;
    (kdf == b"bcrypt").then_some(u32::from_be_bytes(rounds.try_into().ok()?))
}

/// Splits off a string of the SSH protocols (RFC 4251, section 5).
fn split_string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_first_chunk()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use age::NoCallbacks;

    fn key(rounds: u32) -> String {
        let string = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat();
        let options = [string(b"0123456789abcdef"), rounds.to_be_bytes().to_vec()].concat();
        let parts =
            [b"openssh-key-v1\0".to_vec(), string(b"aes256-ctr"), string(b"bcrypt"), string(&options)];
        let body = BASE64.encode(&parts.concat());
        let (first, second) = body.split_at(40);
        format!(
            "-----BEGIN OPENSSH PRIVATE KEY-----\r\n{first}\r\n{second}\r\n-----END OPENSSH PRIVATE KEY-----"
        )
    }

    #[test]
    fn a_key_with_too_many_bcrypt_rounds_is_rejected() {
        let parse = |rounds| SshIdentity::parse(&key(rounds), NoCallbacks).map(drop);
        assert_eq!(bcrypt_rounds(&key(24)), Some(24));
        assert_eq!(parse(MAX_BCRYPT_ROUNDS), Err(KeyParseError::NotAnSshKey));
        assert_eq!(parse(MAX_BCRYPT_ROUNDS + 1), Err(KeyParseError::CostlySshKey));
        assert_eq!(bcrypt_rounds("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA"), None);
    }
}
