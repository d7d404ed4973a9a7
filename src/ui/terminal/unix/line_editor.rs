//! A line as it is typed, byte by byte, with the keys that edit it

use std::str;

use zeroize::Zeroizing;

const FIRST_CAPACITY: usize = 256;

/// The keys that edit a line; None: no such key
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Keys {
    pub(super) erase: Option<u8>,
    pub(super) erase_word: Option<u8>,
    pub(super) erase_line: Option<u8>,
    pub(super) end_of_input: Option<u8>,
    /// Takes the key after it as it is
    pub(super) literal: Option<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineEvent {
    Goes,
    Complete,
    /// Ctrl-D on an empty line; on any other it does nothing, since a secret is not to be taken half typed.
    EndOfInput,
}

/// Wipes its bytes, also those that it leaves behind when it grows
pub(super) struct TypedLine {
    bytes: Zeroizing<Vec<u8>>,
    keys: Keys,
    is_next_literal: bool,
}

impl TypedLine {
    pub(super) fn new(keys: Keys) -> Self {
        Self { bytes: Zeroizing::new(Vec::with_capacity(FIRST_CAPACITY)), keys, is_next_literal: false }
    }

    pub(super) fn push(&mut self, byte: u8) -> LineEvent {
        let key = Some(byte);
        if byte == b'\n' {
            return LineEvent::Complete;
        } else if std::mem::take(&mut self.is_next_literal) {
            self.append(byte);
        } else if key == self.keys.literal {
            self.is_next_literal = true;
        } else if key == self.keys.erase {
            self.erase_character();
        } else if key == self.keys.erase_word {
            self.erase_word();
        } else if key == self.keys.erase_line {
            self.bytes.clear();
        } else if key == self.keys.end_of_input {
            if self.bytes.is_empty() {
                return LineEvent::EndOfInput;
            }
        } else {
            self.append(byte);
        }
        LineEvent::Goes
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// None: not UTF-8
    pub(super) fn into_text(self) -> Option<Zeroizing<String>> {
        let text = str::from_utf8(&self.bytes).ok()?;
        Some(Zeroizing::new(text.to_owned()))
    }

    fn append(&mut self, byte: u8) {
        if self.bytes.len() == self.bytes.capacity() {
            let mut larger = Zeroizing::new(Vec::with_capacity(2 * self.bytes.len()));
            larger.extend_from_slice(&self.bytes);
            self.bytes = larger;
        }
        self.bytes.push(byte);
    }

    fn erase_character(&mut self) {
        while self.bytes.pop().is_some_and(is_continuation) {}
    }

    fn erase_word(&mut self) {
        while self.bytes.last() == Some(&b' ') {
            self.bytes.pop();
        }
        while self.bytes.last().is_some_and(|&byte| byte != b' ') {
            self.bytes.pop();
        }
    }
}

/// Whether a byte is not the first one of its UTF-8 character
fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: Keys = Keys {
        erase: Some(0x7f),
        erase_word: Some(0x17),
        erase_line: Some(0x15),
        end_of_input: Some(0x04),
        literal: Some(0x16),
    };

    fn typed(keys: Keys, bytes: &[u8]) -> TypedLine {
        let mut line = TypedLine::new(keys);
        for &byte in bytes {
            assert_eq!(line.push(byte), LineEvent::Goes);
        }
        line
    }

    #[test]
    fn the_editing_keys_edit() {
        for (keys_pressed, text) in [
            ("abc", "abc"),
            ("abc\x7f\x7fd", "ad"),
            ("\x7fa", "a"),
            ("aé\x7fb", "ab"),
            ("a🔑\x7fb", "ab"),
            ("one two \x17three", "one three"),
            ("one\x17two", "two"),
            ("wrong\x15right", "right"),
            ("a\x04b", "ab"),
            ("a\x16\x7fb", "a\x7fb"),
            ("a\x16\x16b", "a\x16b"),
        ] {
            let line = typed(KEYS, keys_pressed.as_bytes());
            assert_eq!(line.into_text().as_deref().map(String::as_str), Some(text), "{keys_pressed:?}");
        }
    }

    #[test]
    fn without_keys_every_byte_but_the_newline_is_taken() {
        let line = typed(Keys::default(), b"a\x7f\x15\x04\0");
        assert_eq!(line.into_text().unwrap().as_str(), "a\x7f\x15\x04\0");
    }

    #[test]
    fn a_newline_completes_the_line() {
        assert_eq!(typed(KEYS, b"abc").push(b'\n'), LineEvent::Complete);
        assert_eq!(typed(KEYS, b"abc\x16").push(b'\n'), LineEvent::Complete);
    }

    #[test]
    fn the_input_ends_only_on_an_empty_line() {
        assert_eq!(typed(KEYS, b"").push(0x04), LineEvent::EndOfInput);
        assert_eq!(typed(KEYS, b"ab\x15").push(0x04), LineEvent::EndOfInput);
        assert_eq!(typed(KEYS, b"ab").push(0x04), LineEvent::Goes);
    }

    #[test]
    fn a_line_may_be_longer_than_its_first_capacity() {
        let long = "A".repeat(10 * FIRST_CAPACITY + 1);
        let line = typed(KEYS, long.as_bytes());
        assert_eq!(line.len(), long.len());
        assert_eq!(line.into_text().unwrap().as_str(), long);
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_no_text() {
        assert!(typed(KEYS, b"a\xffb").into_text().is_none());
    }
}
