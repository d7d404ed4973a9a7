//! The plain text of an encrypted field: a list of texts, padded so that its length does not reveal the service.

use zeroize::Zeroizing;

/// The block size in bytes: one block holds the secret of nearly all services
const BLOCK: usize = 64;

const LENGTH_LEN: usize = 4;

/// Encodes a list of texts: their number, then the length and the bytes of each, then zeros.
///
/// Numbers take four bytes, big-endian. The zeros fill the last block of 64 bytes.
pub(super) fn pad(texts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let length = LENGTH_LEN + texts.iter().map(|text| LENGTH_LEN + text.len()).sum::<usize>();
    let mut padded = Zeroizing::new(Vec::with_capacity(length.next_multiple_of(BLOCK)));
    padded.extend(to_length(texts.len()));
    for text in texts {
        padded.extend(to_length(text.len()));
        padded.extend_from_slice(text);
    }
    padded.resize(length.next_multiple_of(BLOCK), 0);
    padded
}

/// Returns the texts, or `None` if `pad` cannot have produced these bytes.
pub(super) fn unpad(padded: &[u8]) -> Option<Vec<&[u8]>> {
    let (count, mut rest) = split_length(padded)?;
    let mut texts = Vec::new();
    for _ in 0..count {
        let (length, after) = split_length(rest)?;
        let (text, after) = after.split_at_checked(length)?;
        texts.push(text);
        rest = after;
    }
    let length = padded.len() - rest.len();
    let is_shortest = padded.len() == length.next_multiple_of(BLOCK);
    (is_shortest && rest.iter().all(|byte| *byte == 0)).then_some(texts)
}

fn to_length(length: usize) -> [u8; LENGTH_LEN] {
    u32::try_from(length).expect("a vault is far smaller than 4 GiB").to_be_bytes()
}

fn split_length(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (length, rest) = bytes.split_first_chunk::<LENGTH_LEN>()?;
    Some((u32::from_be_bytes(*length).try_into().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn common_secrets_have_one_padded_length() {
        for length in [10, 16, 20, 32, 35, 40, 52] {
            assert_eq!(pad(&[&vec![7; length], b""]).len(), 64, "{length}");
        }
        assert_eq!(pad(&[&[7; 53], b""]).len(), 128);
    }

    #[test]
    fn padding_is_as_the_format_says() {
        let mut expected = b"\0\0\0\x02\0\0\0\x03abc\0\0\0\0".to_vec();
        expected.resize(64, 0);
        assert_eq!(*pad(&[b"abc", b""]), expected);
    }

    #[test]
    fn other_padding_is_rejected() {
        let good = pad(&[b"abc", b""]);
        assert_eq!(unpad(&good), Some(vec![&b"abc"[..], b""]));
        for change in [
            |p: &mut Vec<u8>| p[0] = 1,
            |p: &mut Vec<u8>| p[7] = 63,
            |p: &mut Vec<u8>| p[14] = 60,
            |p: &mut Vec<u8>| p[63] = 1,
            |p: &mut Vec<u8>| p.truncate(63),
            |p: &mut Vec<u8>| p.resize(128, 0),
        ] {
            let mut bad = good.to_vec();
            change(&mut bad);
            assert_eq!(unpad(&bad), None, "{bad:?}");
        }
        assert_eq!(unpad(&[]), None);
        assert_eq!(unpad(&[0]), None);
    }

    proptest! {
        #[test]
        fn the_texts_come_back(texts in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..300), 0..9)) {
            let texts: Vec<&[u8]> = texts.iter().map(Vec::as_slice).collect();
            let padded = pad(&texts);
            prop_assert_eq!(unpad(&padded), Some(texts));
        }

        #[test]
        fn arbitrary_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpad(&bytes);
        }
    }
}
