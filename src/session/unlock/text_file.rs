//! Small text files that people write with any editor: passphrases and keys.

use std::io;

use encoding_rs::{Encoding, UTF_8};
use zeroize::Zeroizing;

/// Returns whether a text begins with the byte order mark of UTF-16, as Windows editors write it.
pub(super) fn is_utf_16(bytes: &[u8]) -> bool {
    Encoding::for_bom(bytes).is_some_and(|(encoding, _)| encoding != UTF_8)
}

/// Decodes UTF-8, or UTF-16 with a byte order mark. The mark is no part of the text.
///
/// # Errors
/// The bytes are not text in that encoding.
pub(super) fn decode(bytes: &[u8]) -> io::Result<Zeroizing<String>> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
    let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]);
    text.map(|text| Zeroizing::new(text.into_owned()))
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "stream did not contain valid UTF-8"))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Returns a text as each editor writes it.
    pub(in crate::session::unlock) fn encodings(text: &str) -> [Vec<u8>; 4] {
        let marked = format!("\u{feff}{text}");
        let utf_16 = |bytes: fn(u16) -> [u8; 2]| marked.encode_utf16().flat_map(bytes).collect();
        [text.into(), marked.clone().into(), utf_16(u16::to_le_bytes), utf_16(u16::to_be_bytes)]
    }

    #[test]
    fn text_is_the_same_from_every_editor() {
        for bytes in encodings("pässwörd Ċ🔑\r\n") {
            assert_eq!(*decode(&bytes).unwrap(), "pässwörd Ċ🔑\r\n", "{bytes:?}");
        }
        assert_eq!(*decode(b"").unwrap(), "");
    }

    #[test]
    fn bytes_that_are_no_text_are_an_error() {
        for bytes in [&b"a\xff"[..], b"\xff\xfea", b"\xfe\xff\xd8\x00", b"\xef\xbb\xbf\xff"] {
            assert_eq!(decode(bytes).unwrap_err().kind(), io::ErrorKind::InvalidData, "{bytes:?}");
        }
    }
}
