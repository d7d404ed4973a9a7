//! AES in CBC mode with the padding of PKCS #7, which tells nothing for sure: a wrong key passes one time in 256.

use aes::cipher::block_padding::{NoPadding, Padding, Pkcs7};
use aes::cipher::consts::U16;
use aes::cipher::{BlockDecryptMut, KeyIvInit};
use aes::{Aes128, Aes256};
use zeroize::Zeroizing;

pub(crate) const IV: usize = 16;

/// What AES-256 encrypted; none where the length or the padding is wrong
pub(crate) fn open_256(key: &[u8; 32], iv: &[u8; IV], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    opened::<Pkcs7>(cbc::Decryptor::<Aes256>::new(key.into(), iv.into()), ciphertext)
}

/// The same for what fills its blocks of itself
pub(crate) fn open_256_unpadded(
    key: &[u8; 32],
    iv: &[u8; IV],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    opened::<NoPadding>(cbc::Decryptor::<Aes256>::new(key.into(), iv.into()), ciphertext)
}

/// The same for AES-128
pub(crate) fn open_128(key: &[u8; 16], iv: &[u8; IV], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    opened::<Pkcs7>(cbc::Decryptor::<Aes128>::new(key.into(), iv.into()), ciphertext)
}

/// In place, so that nothing is left behind unwiped
fn opened<P: Padding<U16>>(
    decryptor: impl BlockDecryptMut<BlockSize = U16>,
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(ciphertext.to_vec());
    let length = decryptor.decrypt_padded_mut::<P>(&mut bytes).ok()?.len();
    bytes.truncate(length);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use aes::cipher::BlockEncryptMut;

    use super::*;

    #[test]
    fn what_was_encrypted_opens() {
        for length in [0, 1, 15, 16, 17, 100] {
            let plain = vec![7; length];
            let sealed = cbc::Encryptor::<Aes256>::new(&[1; 32].into(), &[2; IV].into())
                .encrypt_padded_vec_mut::<Pkcs7>(&plain);
            assert_eq!(*open_256(&[1; 32], &[2; IV], &sealed).unwrap(), plain);
            assert!(open_256(&[1; 32], &[2; IV], &sealed[1..]).is_none());
        }
        assert!(open_128(&[1; 16], &[2; IV], &[]).is_none());
    }

    /// NIST SP 800-38A, F.2.5, its first block; its padding is none
    #[test]
    fn the_key_is_that_of_the_standard() {
        let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
        let key = hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4").try_into().unwrap();
        let iv = hex("000102030405060708090a0b0c0d0e0f").try_into().unwrap();
        assert!(open_256(&key, &iv, &hex("f58c4c04d6e5f1ba779eabfb5f7bfbd6")).is_none());
    }
}
