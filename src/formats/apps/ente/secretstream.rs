//! libsodium's `crypto_secretstream_xchacha20poly1305`, as far as a stream of one message goes.

use chacha20::cipher::consts::U10;
use chacha20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use chacha20::{ChaCha20, Key, Nonce, hchacha};
use poly1305::Poly1305;
use poly1305::universal_hash::KeyInit;
use zeroize::Zeroizing;

pub(super) const HEADER: usize = 24;
const BLOCK: usize = 64;
const MAC: usize = 16;

/// A message that others follow, and the last one
const TAGS: [u8; 2] = [0, 3];

/// The message of a stream that has one: a byte with the encrypted tag, the ciphertext, the MAC. None where the key is
/// another, or a bit of it has changed.
pub(super) fn open_only(key: &[u8; 32], header: &[u8; HEADER], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (sealed, mac) = sealed.split_last_chunk::<MAC>()?;
    let (&tag, ciphertext) = sealed.split_first()?;
    let mut cipher = cipher(key, header);

    let mut poly_key = Zeroizing::new([0; BLOCK]);
    cipher.apply_keystream(&mut *poly_key);
    let mut block = [0; BLOCK];
    block[0] = tag;
    cipher.apply_keystream(&mut block);
    let plain_tag = block[0];
    block[0] = tag;
    if !is_mac(&poly_key, &block, ciphertext, mac) || !TAGS.contains(&plain_tag) {
        return None;
    }
    let mut message = Zeroizing::new(ciphertext.to_vec());
    cipher.try_seek(2 * BLOCK as u64).ok()?;
    cipher.try_apply_keystream(&mut message).ok()?;
    Some(message)
}

/// The first half of the header makes the key, the rest the nonce, behind a counter that begins with 1
fn cipher(key: &[u8; 32], header: &[u8; HEADER]) -> ChaCha20 {
    let (input, rest) = header.split_at(16);
    let subkey = Zeroizing::new(<[u8; 32]>::from(hchacha::<U10>(Key::from_slice(key), input.into())));
    let mut nonce = [0; 12];
    nonce[0] = 1;
    nonce[4..].copy_from_slice(rest);
    ChaCha20::new(Key::from_slice(&*subkey), Nonce::from_slice(&nonce))
}

/// The padding of libsodium is not to the next 16 bytes, but as long as what is behind the last: it stays like this
fn is_mac(poly_key: &[u8; BLOCK], block: &[u8; BLOCK], ciphertext: &[u8], mac: &[u8; MAC]) -> bool {
    let length = (BLOCK + ciphertext.len()) as u64;
    let padding = &[0; 16][..ciphertext.len() % 16];
    let message = [block, ciphertext, padding, &0_u64.to_le_bytes(), &length.to_le_bytes()].concat();
    let computed = Poly1305::new(poly1305::Key::from_slice(&poly_key[..32])).compute_unpadded(&message);
    computed[..] == mac[..]
}
