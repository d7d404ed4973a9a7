//! Base64 (RFC 4648, section 4, with padding), read strictly: one text for each sequence of bytes.

use data_encoding::BASE64;

pub(super) fn encode(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// None where the text is not the one encoding of some bytes
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.as_bytes()).ok()
}

/// None also where it encodes more or fewer than `N` bytes
pub(super) fn decode_exactly<const N: usize>(text: &str) -> Option<[u8; N]> {
    decode(text)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_encoding_of_some_bytes_is_read() {
        assert_eq!(decode("AQ=="), Some(vec![1]));
        for other in ["AQ", "AR==", "AQ= =", "AQ==\n", " AQ==", "AQ-_", "A"] {
            assert_eq!(decode(other), None, "{other:?}");
        }
        assert_eq!(decode_exactly::<2>("AQ=="), None);
    }
}
