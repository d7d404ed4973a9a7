//! Base64 (RFC 4648, section 4, with padding), read strictly: one text for each sequence of bytes.

use data_encoding::BASE64;

pub(super) fn encode(bytes: &[u8]) -> String {
    BASE64.encode(bytes)
}

/// Returns `None` unless the text is the one encoding of its bytes.
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    BASE64.decode(text.as_bytes()).ok()
}

/// Returns `None` also if the text does not encode exactly `N` bytes.
pub(super) fn decode_exactly<const N: usize>(text: &str) -> Option<[u8; N]> {
    decode(text)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_canonical_encoding_is_decoded() {
        assert_eq!(decode("AQ=="), Some(vec![1]));
        for other in ["AQ", "AR==", "AQ= =", "AQ==\n", " AQ==", "AQ-_", "A"] {
            assert_eq!(decode(other), None, "{other:?}");
        }
        assert_eq!(decode_exactly::<2>("AQ=="), None);
    }
}
