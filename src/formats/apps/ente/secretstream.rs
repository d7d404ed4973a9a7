//! libsodium's `crypto_secretstream_xchacha20poly1305` for a stream of one message.

use chacha20::cipher::consts::U10;
use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use chacha20::{ChaCha20, Key, Nonce, hchacha};
use poly1305::Poly1305;
use poly1305::universal_hash::KeyInit;
use zeroize::Zeroizing;

pub(super) const HEADER: usize = 24;
const BLOCK: usize = 64;
const MAC: usize = 16;

/// The tags of a message that others follow, and of the last one
const TAGS: [u8; 2] = [0, 3];

/// Decrypts the only message of a stream: a byte with the encrypted tag, the ciphertext, the MAC.
///
/// Returns `None` if the key is wrong or a bit was changed.
pub(super) fn decrypt_only_message(
    key: &[u8; 32],
    header: &[u8; HEADER],
    message: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    let (encrypted, mac) = message.split_last_chunk::<MAC>()?;
    let (&tag, ciphertext) = encrypted.split_first()?;
    let mut cipher = cipher(key, header);

    let mut poly_key = Zeroizing::new([0; BLOCK]);
    cipher.apply_keystream(&mut *poly_key);
    let mut block = [0; BLOCK];
    block[0] = tag;
    cipher.apply_keystream(&mut block);
    let plain_tag = block[0];
    block[0] = tag;
    if !verify_mac(&poly_key, &block, ciphertext, mac) || !TAGS.contains(&plain_tag) {
        return None;
    }
    let mut plain = Zeroizing::new(ciphertext.to_vec());
    cipher.try_seek(2 * BLOCK as u64).ok()?;
    cipher.try_apply_keystream(&mut plain).ok()?;
    Some(plain)
}

/// Returns the cipher: the first 16 bytes of the header derive its key; its nonce is a counter of 1 and the other bytes.
fn cipher(key: &[u8; 32], header: &[u8; HEADER]) -> ChaCha20 {
    let (input, rest) = header.split_at(16);
    let subkey = Zeroizing::new(<[u8; 32]>::from(hchacha::<U10>(Key::from_slice(key), input.into())));
    let mut nonce = [0; 12];
    nonce[0] = 1;
    nonce[4..].copy_from_slice(rest);
    ChaCha20::new(Key::from_slice(&*subkey), Nonce::from_slice(&nonce))
}

/// Verifies the MAC. libsodium pads with as many bytes as the last block has, not to a multiple of 16, and keeps this
/// for compatibility.
fn verify_mac(poly_key: &[u8; BLOCK], block: &[u8; BLOCK], ciphertext: &[u8], mac: &[u8; MAC]) -> bool {
    let length = (BLOCK + ciphertext.len()) as u64;
    let padding = &[0; 16][..ciphertext.len() % 16];
    let message = [block, ciphertext, padding, &0_u64.to_le_bytes(), &length.to_le_bytes()].concat();
    let computed = Poly1305::new(poly1305::Key::from_slice(&poly_key[..32])).compute_unpadded(&message);
    computed[..] == mac[..]
}
