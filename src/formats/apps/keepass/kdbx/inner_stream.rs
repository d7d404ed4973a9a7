//! The inner key stream, which encrypts protected values.

use chacha20::ChaCha20;
use salsa20::Salsa20;
use salsa20::cipher::{KeyIvInit, StreamCipher};
use sha2::{Digest, Sha256, Sha512};

use super::header::InnerHeader;

/// Nonce of every database
const SALSA20_NONCE: [u8; 8] = [0xe8, 0x30, 0x09, 0x4b, 0x97, 0x20, 0x5d, 0x2a];

/// A cipher whose position advances with each value
pub(in super::super) enum InnerStream {
    Salsa20(Box<Salsa20>),
    ChaCha20(Box<ChaCha20>),
}

impl InnerStream {
    pub(super) fn new(inner: Option<&InnerHeader>) -> Option<Self> {
        let InnerHeader { stream, key } = inner?;
        match stream {
            2 => {
                let key = Sha256::digest(key);
                Some(Self::Salsa20(Box::new(Salsa20::new(&key, &SALSA20_NONCE.into()))))
            }
            3 => {
                let hash = Sha512::digest(key);
                Some(Self::ChaCha20(Box::new(ChaCha20::new_from_slices(&hash[..32], &hash[32..44]).ok()?)))
            }
            _ => None,
        }
    }

    /// Decrypts the next bytes. They stay encrypted after the end of the stream, which no database reaches.
    pub(in super::super) fn apply(&mut self, bytes: &mut [u8]) {
        let _ = match self {
            Self::Salsa20(stream) => stream.try_apply_keystream(bytes),
            Self::ChaCha20(stream) => stream.try_apply_keystream(bytes),
        };
    }
}
