//! Data keys as text: some key stores show or damage bytes that are not text.

use data_encoding::BASE64;
use zeroize::Zeroizing;

use crate::vault::crypto::DataKey;

/// Returns the key in Base64: 44 characters.
pub(super) fn to_base64(key: &DataKey) -> Zeroizing<String> {
    Zeroizing::new(BASE64.encode(key.expose()))
}

/// Parses a key. Returns `None` if the text is not the Base64 of exactly 32 bytes.
pub(super) fn from_base64(text: &[u8]) -> Option<DataKey> {
    // 44 characters, the last one padding: the decoder needs space for 33 bytes
    let mut buffer = Zeroizing::new([0; 33]);
    if BASE64.decode_len(text.len()).ok()? != buffer.len() {
        return None;
    }
    let length = BASE64.decode_mut(text, &mut *buffer).ok()?;
    DataKey::from_bytes(&buffer[..length])
}

/// Compares keys, in tests only: the program itself has no need to.
#[cfg(test)]
impl PartialEq for DataKey {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

/// Returns a key of 32 equal bytes.
#[cfg(test)]
pub(super) fn test_key(byte: u8) -> DataKey {
    DataKey::from_bytes(&[byte; 32]).expect("it has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_is_parsed_from_its_text() {
        let key: [u8; 32] = std::array::from_fn(|i| u8::try_from(i * 8).expect("below 256"));
        let key = DataKey::from_bytes(&key).expect("it has 32 bytes");
        let text = to_base64(&key);
        assert_eq!(text.len(), 44);
        assert_eq!(from_base64(text.as_bytes()), Some(key));
    }

    #[test]
    fn other_text_is_no_key() {
        let long = BASE64.encode(&[7; 33]);
        let short = BASE64.encode(&[7; 31]);
        let broken = to_base64(&test_key(7)).replace('=', "*");
        for text in ["", "=", &long, &short, &broken, &format!("{} ", *to_base64(&test_key(7)))] {
            assert_eq!(from_base64(text.as_bytes()), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn from_base64_never_panics(bytes: Vec<u8>) {
            let _ = from_base64(&bytes);
        }
    }
}
