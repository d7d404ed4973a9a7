//! Reads a `HashMap` of strings in Java's object serialisation.

use crate::formats::FormatError;

/// Stream magic and version
pub(super) const MAGIC: &[u8] = b"\xac\xed\x00\x05";

/// An object of class `java.util.HashMap`, its serial version, the flag of its own `writeObject`, its two fields
const HASH_MAP: [&[u8]; 5] = [
    b"\x73\x72\x00\x11java.util.HashMap",
    b"\x05\x07\xda\xc1\xc3\x16\x60\xd1\x03\x00\x02",
    b"F\x00\x0aloadFactor",
    b"I\x00\x09threshold",
    b"\x78\x70",
];

/// Load factor and threshold
const FIELDS: usize = 8;

/// Block data of eight bytes: capacity, then the number of pairs
const BLOCK: &[u8] = b"\x77\x08";

const STRING: u8 = 0x74;
const LONG_STRING: u8 = 0x7c;
const END: &[u8] = b"\x78";

const DAMAGED: FormatError = FormatError::Damaged("it is not a Java HashMap of strings, or is truncated");

/// Parses the pairs of a map in their order.
///
/// # Errors
/// `Damaged` for any other object, and for bytes after the map.
pub(super) fn parse_string_map(bytes: &[u8]) -> Result<Vec<(String, String)>, FormatError> {
    parse_pairs(&mut Stream(bytes)).ok_or(DAMAGED)
}

fn parse_pairs(stream: &mut Stream<'_>) -> Option<Vec<(String, String)>> {
    stream.expect(MAGIC)?;
    for part in HASH_MAP {
        stream.expect(part)?;
    }
    stream.take(FIELDS)?;
    stream.expect(BLOCK)?;
    stream.take(4)?;
    let count = u32::from_be_bytes(stream.array()?);
    let mut pairs = Vec::new();
    for _ in 0..count {
        pairs.push((stream.string()?, stream.string()?));
    }
    stream.expect(END)?;
    stream.0.is_empty().then_some(pairs)
}

struct Stream<'a>(&'a [u8]);

impl<'a> Stream<'a> {
    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn expect(&mut self, bytes: &[u8]) -> Option<()> {
        (self.take(bytes.len())? == bytes).then_some(())
    }

    fn string(&mut self) -> Option<String> {
        let [tag] = self.array()?;
        let length = match tag {
            STRING => u16::from_be_bytes(self.array()?).into(),
            LONG_STRING => usize::try_from(u64::from_be_bytes(self.array()?)).ok()?,
            _ => return None,
        };
        decode_modified_utf8(self.take(length)?)
    }
}

/// Decodes Java's modified UTF-8: NUL has two bytes, and each surrogate of a character above U+FFFF has three.
fn decode_modified_utf8(bytes: &[u8]) -> Option<String> {
    let mut units = Vec::with_capacity(bytes.len());
    let mut bytes = bytes.iter().copied().map(u16::from);
    while let Some(first) = bytes.next() {
        let mut next = || bytes.next().filter(|byte| byte & 0xc0 == 0x80).map(|byte| byte & 0x3f);
        units.push(match first {
            0x01..=0x7f => first,
            0xc0..=0xdf => (first & 0x1f) << 6 | next()?,
            0xe0..=0xef => (first & 0x0f) << 12 | next()? << 6 | next()?,
            _ => return None,
        });
    }
    String::from_utf16(&units).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Serialises a map like Java.
    fn serialised(pairs: &[(String, String)]) -> Vec<u8> {
        let mut bytes = [&[MAGIC][..], &HASH_MAP, &[&[0; 8]], &[BLOCK]].concat().concat();
        bytes.extend([0, 0, 0, 16]);
        bytes.extend(u32::try_from(pairs.len()).unwrap().to_be_bytes());
        for text in pairs.iter().flat_map(|(key, value)| [key, value]) {
            let text = encoded(text);
            match u16::try_from(text.len()) {
                Ok(length) => bytes.extend([&[STRING][..], &length.to_be_bytes()].concat()),
                Err(_) => bytes.extend([&[LONG_STRING][..], &(text.len() as u64).to_be_bytes()].concat()),
            }
            bytes.extend(text);
        }
        bytes.extend(END);
        bytes
    }

    fn encoded(text: &str) -> Vec<u8> {
        let low = |unit: u16| 0x80 | unit.to_le_bytes()[0] & 0x3f;
        let units = text.encode_utf16().flat_map(|unit| match unit {
            0x01..=0x7f => vec![unit.to_le_bytes()[0]],
            0x00 | 0x80..=0x7ff => vec![0xc0 | (unit >> 6).to_le_bytes()[0], low(unit)],
            _ => vec![0xe0 | (unit >> 12).to_le_bytes()[0], low(unit >> 6), low(unit)],
        });
        units.collect()
    }

    #[test]
    fn long_string_has_a_length_of_eight_bytes() {
        let pairs = [("x".repeat(65_535), "é".repeat(40_000))];
        assert_eq!(parse_string_map(&serialised(&pairs)).unwrap(), pairs);
    }

    #[test]
    fn other_objects_and_truncated_maps_are_damaged() {
        let whole = serialised(&[("a".to_owned(), "\0🦀".to_owned())]);
        assert!(parse_string_map(&whole).is_ok());
        for length in 0..whole.len() {
            assert_eq!(parse_string_map(&whole[..length]), Err(DAMAGED), "{length}");
        }
        let without_count: Vec<u8> =
            whole.iter().map(|&byte| if byte == STRING { 0x71 } else { byte }).collect();
        for other in [&[&whole[..], b"\x00"].concat(), &without_count, &serialised(&[])[..40].to_vec()] {
            assert_eq!(parse_string_map(other), Err(DAMAGED));
        }
    }

    proptest! {
        #[test]
        fn string_map_round_trips(pairs in prop::collection::vec(any::<(String, String)>(), 0..5)) {
            prop_assert_eq!(parse_string_map(&serialised(&pairs)), Ok(pairs));
        }

        #[test]
        fn no_bytes_panic(behind in prop::collection::vec(any::<u8>(), 0..100)) {
            let mut bytes = serialised(&[]);
            bytes.truncate(bytes.len() - 5);
            bytes.extend(behind);
            let _ = parse_string_map(&bytes);
        }
    }
}
