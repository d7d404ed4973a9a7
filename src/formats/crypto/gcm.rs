//! AES-256-GCM, the authenticated encryption of most apps.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use zeroize::Zeroizing;

const NONCE: usize = 12;
const TAG: usize = 16;

/// A ciphertext of AES-256-GCM with its nonce
pub(crate) struct GcmCiphertext {
    nonce: [u8; NONCE],
    /// Ends with the authentication tag
    ciphertext: Vec<u8>,
}

impl GcmCiphertext {
    /// Takes a ciphertext that ends with its tag. Returns `None` if a length is wrong.
    pub(crate) fn new(nonce: &[u8], ciphertext: Vec<u8>) -> Option<Self> {
        let nonce = nonce.try_into().ok()?;
        (ciphertext.len() >= TAG).then_some(Self { nonce, ciphertext })
    }

    /// Takes a ciphertext and a separate tag. Returns `None` if a length is wrong.
    pub(crate) fn with_tag(nonce: &[u8], mut ciphertext: Vec<u8>, tag: &[u8]) -> Option<Self> {
        ciphertext.extend_from_slice(tag);
        if tag.len() == TAG { Self::new(nonce, ciphertext) } else { None }
    }

    /// Decrypts the ciphertext. Returns `None` if the key is wrong or the ciphertext was modified.
    pub(crate) fn decrypt(&self, key: &[u8; 32], associated: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let payload = Payload { msg: &self.ciphertext, aad: associated };
        Aes256Gcm::new(key.into()).decrypt(Nonce::from_slice(&self.nonce), payload).ok().map(Zeroizing::new)
    }

    /// Encrypts with a nonce that must never be used again with this key.
    pub(crate) fn encrypt(key: &[u8; 32], nonce: [u8; NONCE], plain: &[u8]) -> Self {
        let ciphertext = Aes256Gcm::new(key.into()).encrypt(Nonce::from_slice(&nonce), plain);
        Self { nonce, ciphertext: ciphertext.expect("the plain text is shorter than 64 GiB") }
    }

    pub(crate) fn nonce(&self) -> &[u8] {
        &self.nonce
    }

    /// Returns the ciphertext and the tag.
    pub(crate) fn split_tag(&self) -> (&[u8], &[u8]) {
        self.ciphertext.split_at(self.ciphertext.len() - TAG)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test case 16 of the specification submitted to NIST
    #[test]
    fn a_ciphertext_decrypts_with_its_key_only() {
        let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
        let key = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308").try_into().unwrap();
        let ciphertext = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
                          8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662";
        let tag = hex("76fc6ece0f4e1768cddf8853bb2d551b");
        let associated = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let ciphertext_of =
            |nonce: &str| GcmCiphertext::with_tag(&hex(nonce), hex(ciphertext), &tag).unwrap();
        let opened = ciphertext_of("cafebabefacedbaddecaf888").decrypt(&key, &associated).unwrap();
        assert_eq!(opened[..8], hex("d9313225f88406e5"));
        assert!(ciphertext_of("cafebabefacedbaddecaf888").decrypt(&key, b"").is_none());
        assert!(ciphertext_of("cafebabefacedbaddecaf889").decrypt(&key, &associated).is_none());
        assert!(ciphertext_of("cafebabefacedbaddecaf888").decrypt(&[0; 32], &associated).is_none());
    }

    #[test]
    fn wrong_lengths_are_rejected() {
        assert!(GcmCiphertext::new(&[0; 11], vec![0; 20]).is_none());
        assert!(GcmCiphertext::new(&[0; 12], vec![0; 15]).is_none());
        assert!(GcmCiphertext::with_tag(&[0; 12], vec![0; 20], &[0; 15]).is_none());
    }

    #[test]
    fn decryption_reverses_encryption() {
        let encrypted = GcmCiphertext::encrypt(&[1; 32], [2; 12], b"secret");
        assert_eq!(**encrypted.decrypt(&[1; 32], b"").unwrap(), *b"secret");
        let (ciphertext, tag) = encrypted.split_tag();
        assert_eq!((encrypted.nonce(), ciphertext.len(), tag.len()), (&[2; 12][..], 6, 16));
    }
}
