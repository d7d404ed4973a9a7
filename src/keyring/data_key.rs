//! The key of a vault, and the text that stands for it in a key store.

use data_encoding::BASE64;
use zeroize::Zeroizing;

/// The 32 bytes that every secret of a vault is sealed with, wiped on drop
pub(crate) type DataKey = Zeroizing<[u8; 32]>;

/// As a key store takes it: Base64, because some stores show or mangle what is not text.
pub(super) fn to_base64(key: &[u8; 32]) -> Zeroizing<String> {
    Zeroizing::new(BASE64.encode(key))
}

/// The key that a text stands for; `None` where it is no Base64 of exactly 32 bytes.
pub(super) fn from_base64(text: &[u8]) -> Option<DataKey> {
    // 44 characters, the last one padding: the decoder wants room for 33 bytes
    let mut room = Zeroizing::new([0; 33]);
    if BASE64.decode_len(text.len()).ok()? != room.len() || BASE64.decode_mut(text, &mut *room).ok()? != 32 {
        return None;
    }
    let mut key = DataKey::default();
    key.copy_from_slice(&room[..32]);
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_text() {
        let key: [u8; 32] = std::array::from_fn(|i| u8::try_from(i * 8).expect("below 256"));
        let text = to_base64(&key);
        assert_eq!(text.len(), 44);
        assert_eq!(from_base64(text.as_bytes()).as_deref(), Some(&key));
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let long = BASE64.encode(&[7; 33]);
        let short = BASE64.encode(&[7; 31]);
        let broken = to_base64(&[7; 32]).replace('=', "*");
        for text in ["", "=", &long, &short, &broken, &format!("{} ", *to_base64(&[7; 32]))] {
            assert_eq!(from_base64(text.as_bytes()), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes: Vec<u8>) {
            let _ = from_base64(&bytes);
        }
    }
}
