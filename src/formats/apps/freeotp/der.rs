//! Reads the parameters of AES-GCM (RFC 5084, section 3.2) in DER: `SEQUENCE { OCTET STRING nonce, INTEGER length-of-tag }`.

const SEQUENCE: u8 = 0x30;
const OCTET_STRING: u8 = 0x04;
const INTEGER: u8 = 0x02;

/// Returns the nonce if the tag has 16 bytes. Android 6 wrote only the nonce.
pub(super) fn gcm_nonce(der: &[u8]) -> Option<&[u8]> {
    let (inner, b"") = element(der, SEQUENCE).unwrap_or((der, b"")) else { return None };
    let (nonce, rest) = element(inner, OCTET_STRING)?;
    let is_whole_tag = rest.is_empty() || element(rest, INTEGER)? == (b"\x10", b"");
    is_whole_tag.then_some(nonce)
}

/// Returns the content of an element of less than 128 bytes, and the bytes after it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    match der {
        [first, length @ 0..=127, rest @ ..] if *first == tag => rest.split_at_checked((*length).into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn nonce_comes_alone_or_with_the_tag_length() {
        assert_eq!(gcm_nonce(b"\x04\x02ab"), Some(&b"ab"[..]));
        assert_eq!(gcm_nonce(b"\x30\x07\x04\x02ab\x02\x01\x10"), Some(&b"ab"[..]));
        for other in [
            &b""[..],
            b"\x04\x03ab",
            b"\x30\x07\x04\x02ab\x02\x01\x0c",
            b"\x30\x07\x04\x02ab\x02\x01\x10x",
            b"\x30\x08\x04\x02ab\x02\x01\x10x",
            b"\x04\x81\x02ab",
        ] {
            assert_eq!(gcm_nonce(other), None, "{other:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_panic(der in prop::collection::vec(prop_oneof![Just(0x30_u8), Just(4), 0..20_u8], 0..20)) {
            let _ = gcm_nonce(&der);
        }
    }
}
