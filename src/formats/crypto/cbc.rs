//! AES-CBC with PKCS #7 padding. It is not authenticated: a wrong key passes the padding check once in 256 times.

use aes::cipher::block_padding::{NoPadding, Padding, Pkcs7};
use aes::cipher::consts::U16;
use aes::cipher::{BlockDecryptMut, KeyIvInit};
use aes::{Aes128, Aes256};
use zeroize::Zeroizing;

/// Bytes of an initialisation vector
pub(crate) const IV: usize = 16;

/// Decrypts AES-256. Returns `None` if the length or the padding is wrong.
pub(crate) fn decrypt_256(key: &[u8; 32], iv: &[u8; IV], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    decrypt::<Pkcs7>(cbc::Decryptor::<Aes256>::new(key.into(), iv.into()), ciphertext)
}

/// Decrypts AES-256 without padding. Returns `None` if the length is not a multiple of the block size.
pub(crate) fn decrypt_256_unpadded(
    key: &[u8; 32],
    iv: &[u8; IV],
    ciphertext: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    decrypt::<NoPadding>(cbc::Decryptor::<Aes256>::new(key.into(), iv.into()), ciphertext)
}

/// Decrypts AES-128. Returns `None` if the length or the padding is wrong.
pub(crate) fn decrypt_128(key: &[u8; 16], iv: &[u8; IV], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    decrypt::<Pkcs7>(cbc::Decryptor::<Aes128>::new(key.into(), iv.into()), ciphertext)
}

/// Decrypts in place, so that no unwiped copy is left behind.
fn decrypt<P: Padding<U16>>(
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
    fn decryption_reverses_encryption() {
        for length in [0, 1, 15, 16, 17, 100] {
            let plain = vec![7; length];
            let encrypted = cbc::Encryptor::<Aes256>::new(&[1; 32].into(), &[2; IV].into())
                .encrypt_padded_vec_mut::<Pkcs7>(&plain);
            assert_eq!(*decrypt_256(&[1; 32], &[2; IV], &encrypted).unwrap(), plain);
            assert!(decrypt_256(&[1; 32], &[2; IV], &encrypted[1..]).is_none());
        }
        assert!(decrypt_128(&[1; 16], &[2; IV], &[]).is_none());
    }

    /// NIST SP 800-38A, F.2.5: its first block has no valid padding.
    #[test]
    fn a_block_without_padding_is_rejected() {
        let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap();
        let key = hex("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4").try_into().unwrap();
        let iv = hex("000102030405060708090a0b0c0d0e0f").try_into().unwrap();
        assert!(decrypt_256(&key, &iv, &hex("f58c4c04d6e5f1ba779eabfb5f7bfbd6")).is_none());
    }
}
