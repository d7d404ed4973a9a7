//! Padding, so that the length of an encrypted secret does not reveal its service.

use zeroize::Zeroizing;

/// The block size in bytes: one block holds the length and 62 bytes, longer than nearly all secrets in use
const BLOCK: usize = 64;

const LENGTH_LEN: usize = 2;

/// Returns the length (two bytes, big-endian), the secret, and zeros up to a multiple of 64 bytes.
///
/// Returns `None` if the length does not fit in two bytes.
pub(super) fn pad(secret: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let length = u16::try_from(secret.len()).ok()?;
    let mut padded = Zeroizing::new(vec![0; (LENGTH_LEN + secret.len()).next_multiple_of(BLOCK)]);
    padded[..LENGTH_LEN].copy_from_slice(&length.to_be_bytes());
    padded[LENGTH_LEN..LENGTH_LEN + secret.len()].copy_from_slice(secret);
    Some(padded)
}

/// Returns the secret, or `None` if `pad` cannot have produced these bytes.
pub(super) fn unpad(padded: &[u8]) -> Option<&[u8]> {
    let (length, rest) = padded.split_first_chunk::<LENGTH_LEN>()?;
    let (secret, zeros) = rest.split_at_checked(u16::from_be_bytes(*length).into())?;
    let is_shortest = padded.len() == (LENGTH_LEN + secret.len()).next_multiple_of(BLOCK);
    (is_shortest && zeros.iter().all(|byte| *byte == 0)).then_some(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn common_secrets_have_one_padded_length() {
        for length in [10, 16, 20, 32, 35, 40, 62] {
            assert_eq!(pad(&vec![7; length]).unwrap().len(), 64, "{length}");
        }
        assert_eq!(pad(&[7; 63]).unwrap().len(), 128);
        assert_eq!(pad(&vec![7; 65_536]), None);
    }

    #[test]
    fn other_padding_is_rejected() {
        let good = pad(b"abc").unwrap();
        assert_eq!(unpad(&good), Some(&b"abc"[..]));
        for change in [
            |p: &mut Vec<u8>| p[1] = 63,
            |p: &mut Vec<u8>| p[0] = 1,
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
        fn the_secret_comes_back(secret in prop::collection::vec(any::<u8>(), 0..3000)) {
            let padded = pad(&secret).unwrap();
            prop_assert_eq!(unpad(&padded), Some(&secret[..]));
        }

        #[test]
        fn arbitrary_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = unpad(&bytes);
        }
    }
}
