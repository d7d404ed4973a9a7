//! AES-256-GCM, which most apps seal their files with.

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use zeroize::Zeroizing;

const NONCE: usize = 12;
const TAG: usize = 16;

/// What AES-256-GCM sealed
pub(crate) struct Sealed {
    nonce: [u8; NONCE],
    /// The tag last
    ciphertext: Vec<u8>,
}

impl Sealed {
    /// A ciphertext that ends with its tag; none where it cannot be one
    pub(crate) fn new(nonce: &[u8], ciphertext: Vec<u8>) -> Option<Self> {
        let nonce = nonce.try_into().ok()?;
        (ciphertext.len() >= TAG).then_some(Self { nonce, ciphertext })
    }

    /// The same, where the tag stands elsewhere
    pub(crate) fn with_tag(nonce: &[u8], mut ciphertext: Vec<u8>, tag: &[u8]) -> Option<Self> {
        ciphertext.extend_from_slice(tag);
        if tag.len() == TAG { Self::new(nonce, ciphertext) } else { None }
    }

    /// What was sealed; none where the key is another, or a bit of it has changed
    pub(crate) fn open(&self, key: &[u8; 32], associated: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let sealed = Payload { msg: &self.ciphertext, aad: associated };
        Aes256Gcm::new(key.into()).decrypt(Nonce::from_slice(&self.nonce), sealed).ok().map(Zeroizing::new)
    }

    /// Seals with a nonce that this key never meets again
    pub(crate) fn seal(key: &[u8; 32], nonce: [u8; NONCE], plain: &[u8]) -> Self {
        let ciphertext = Aes256Gcm::new(key.into()).encrypt(Nonce::from_slice(&nonce), plain);
        Self { nonce, ciphertext: ciphertext.expect("what memory holds is shorter than 64 GiB") }
    }

    pub(crate) fn nonce(&self) -> &[u8] {
        &self.nonce
    }

    /// Ciphertext and tag
    pub(crate) fn parts(&self) -> (&[u8], &[u8]) {
        self.ciphertext.split_at(self.ciphertext.len() - TAG)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test case 16 of the specification that was submitted to NIST
    #[test]
    fn what_was_sealed_opens_with_its_key_only() {
        let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
        let key = hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308").try_into().unwrap();
        let ciphertext = "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa\
                          8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662";
        let tag = hex("76fc6ece0f4e1768cddf8853bb2d551b");
        let associated = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
        let sealed = |nonce: &str| Sealed::with_tag(&hex(nonce), hex(ciphertext), &tag).unwrap();
        let opened = sealed("cafebabefacedbaddecaf888").open(&key, &associated).unwrap();
        assert_eq!(opened[..8], hex("d9313225f88406e5"));
        assert!(sealed("cafebabefacedbaddecaf888").open(&key, b"").is_none());
        assert!(sealed("cafebabefacedbaddecaf889").open(&key, &associated).is_none());
        assert!(sealed("cafebabefacedbaddecaf888").open(&[0; 32], &associated).is_none());
    }

    #[test]
    fn what_cannot_be_sealed_is_not_taken() {
        assert!(Sealed::new(&[0; 11], vec![0; 20]).is_none());
        assert!(Sealed::new(&[0; 12], vec![0; 15]).is_none());
        assert!(Sealed::with_tag(&[0; 12], vec![0; 20], &[0; 15]).is_none());
    }

    #[test]
    fn what_was_sealed_is_opened() {
        let sealed = Sealed::seal(&[1; 32], [2; 12], b"secret");
        assert_eq!(**sealed.open(&[1; 32], b"").unwrap(), *b"secret");
        let (ciphertext, tag) = sealed.parts();
        assert_eq!((sealed.nonce(), ciphertext.len(), tag.len()), (&[2; 12][..], 6, 16));
    }
}
