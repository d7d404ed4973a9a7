//! Reads and writes numbers and byte strings in the Protocol Buffers encoding, and skips other types.

use crate::formats::FormatError;

const DAMAGED: FormatError = FormatError::Damaged("the migration code is malformed");

/// An encoded value; the payload has only numbers and byte strings
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Number(u64),
    Bytes(&'a [u8]),
    Other,
}

/// Iterator over the fields of a message, as numbers and values; ends after an error
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    pub(super) fn new(message: &'a [u8]) -> Self {
        Self(message)
    }

    fn read_field(&mut self) -> Option<(u64, Value<'a>)> {
        let tag = self.read_varint()?;
        let value = match tag & 7 {
            0 => Value::Number(self.read_varint()?),
            1 => self.take(8).map(|_| Value::Other)?,
            2 => {
                let length = usize::try_from(self.read_varint()?).ok()?;
                Value::Bytes(self.take(length)?)
            }
            5 => self.take(4).map(|_| Value::Other)?,
            _ => return None,
        };
        Some((tag >> 3, value)).filter(|(number, _)| *number > 0)
    }

    /// Reads a number: seven bits per byte, the lowest first, at most ten bytes.
    fn read_varint(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = u64::from(*self.take(1)?.first()?);
            let bits = byte & 0x7f;
            if bits << shift >> shift != bits {
                return None;
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<(u64, Value<'a>), FormatError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let field = self.read_field();
        if field.is_none() {
            self.0 = &[];
        }
        Some(field.ok_or(DAMAGED))
    }
}

/// Appends a number.
pub(super) fn put_number(message: &mut Vec<u8>, field: u8, number: u64) {
    put_varint(message, u64::from(field) << 3);
    put_varint(message, number);
}

/// Appends a byte string.
pub(super) fn put_bytes(message: &mut Vec<u8>, field: u8, bytes: &[u8]) {
    put_varint(message, u64::from(field) << 3 | 2);
    put_varint(message, bytes.len() as u64);
    message.extend_from_slice(bytes);
}

fn put_varint(message: &mut Vec<u8>, mut number: u64) {
    loop {
        let bits = number.to_le_bytes()[0] & 0x7f;
        number >>= 7;
        if number == 0 {
            message.push(bits);
            return;
        }
        message.push(bits | 0x80);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn fields(message: &[u8]) -> Result<Vec<(u64, Value<'_>)>, FormatError> {
        Fields::new(message).collect()
    }

    #[test]
    fn message_is_read_field_by_field() {
        let message = [0x08, 0x96, 0x01, 0x12, 2, b'h', b'i', 0x19, 1, 2, 3, 4, 5, 6, 7, 8, 0x25, 1, 2, 3, 4];
        let expected =
            vec![(1, Value::Number(150)), (2, Value::Bytes(b"hi")), (3, Value::Other), (4, Value::Other)];
        assert_eq!(fields(&message), Ok(expected));
        let minus_one = [0x28, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        assert_eq!(fields(&minus_one), Ok(vec![(5, Value::Number(u64::MAX))]));
    }

    #[test]
    fn malformed_message_is_damaged() {
        for message in [
            &[0x08][..],
            &[0x08, 0x80],
            &[0x0a, 2, b'h'],
            &[0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
            &[0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02],
            &[0x08, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01],
            &[0x0b],
            &[0x0e],
            &[0x00, 0x01],
            &[0x19, 1, 2, 3],
            &[0x25, 1],
        ] {
            assert_eq!(fields(message), Err(DAMAGED), "{message:?}");
        }
    }

    proptest! {
        #[test]
        fn fields_round_trip(number in any::<u64>(), bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let mut message = Vec::new();
            put_number(&mut message, 1, number);
            put_bytes(&mut message, 31, &bytes);
            prop_assert_eq!(fields(&message), Ok(vec![(1, Value::Number(number)), (31, Value::Bytes(&bytes))]));
        }

        #[test]
        fn no_bytes_panic(message in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = fields(&message);
        }
    }
}
