//! A line editor for a prompt without echo.

use std::{mem, str};

use zeroize::Zeroizing;

/// The bytes reserved for a line, so that few lines have to grow
const INITIAL_CAPACITY: usize = 256;

/// The bytes of the editing keys; `None` if there is no such key
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct EditKeys {
    pub(super) erase: Option<u8>,
    pub(super) erase_word: Option<u8>,
    pub(super) erase_line: Option<u8>,
    pub(super) end_of_input: Option<u8>,
    /// Takes the next byte literally
    pub(super) literal: Option<u8>,
}

/// The state of a line after a byte
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineEvent {
    Incomplete,
    Complete,
    /// Ctrl-D on an empty line. On any other line it does nothing, so that no half-typed secret is accepted.
    EndOfInput,
}

/// A line editor that wipes its bytes, also when its buffer grows
pub(super) struct LineEditor {
    bytes: Zeroizing<Vec<u8>>,
    keys: EditKeys,
    is_next_literal: bool,
}

impl LineEditor {
    pub(super) fn new(keys: EditKeys) -> Self {
        Self { bytes: Zeroizing::new(Vec::with_capacity(INITIAL_CAPACITY)), keys, is_next_literal: false }
    }

    /// Adds a byte or applies an editing key.
    pub(super) fn push(&mut self, byte: u8) -> LineEvent {
        let key = Some(byte);
        if byte == b'\n' {
            return LineEvent::Complete;
        } else if mem::take(&mut self.is_next_literal) {
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
        LineEvent::Incomplete
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Returns the text; `None` if it is not UTF-8.
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

/// Returns whether a byte continues a UTF-8 character.
fn is_continuation(byte: u8) -> bool {
    byte & 0b1100_0000 == 0b1000_0000
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: EditKeys = EditKeys {
        erase: Some(0x7f),
        erase_word: Some(0x17),
        erase_line: Some(0x15),
        end_of_input: Some(0x04),
        literal: Some(0x16),
    };

    fn typed(keys: EditKeys, bytes: &[u8]) -> LineEditor {
        let mut line = LineEditor::new(keys);
        for &byte in bytes {
            assert_eq!(line.push(byte), LineEvent::Incomplete);
        }
        line
    }

    #[test]
    fn line_applies_the_editing_keys() {
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
    fn line_without_editing_keys_takes_all_but_the_newline() {
        let line = typed(EditKeys::default(), b"a\x7f\x15\x04\0");
        assert_eq!(line.into_text().unwrap().as_str(), "a\x7f\x15\x04\0");
    }

    #[test]
    fn line_is_complete_at_a_newline() {
        assert_eq!(typed(KEYS, b"abc").push(b'\n'), LineEvent::Complete);
        assert_eq!(typed(KEYS, b"abc\x16").push(b'\n'), LineEvent::Complete);
    }

    #[test]
    fn line_ends_the_input_only_if_empty() {
        assert_eq!(typed(KEYS, b"").push(0x04), LineEvent::EndOfInput);
        assert_eq!(typed(KEYS, b"ab\x15").push(0x04), LineEvent::EndOfInput);
        assert_eq!(typed(KEYS, b"ab").push(0x04), LineEvent::Incomplete);
    }

    #[test]
    fn line_grows_beyond_its_initial_capacity() {
        let long = "A".repeat(10 * INITIAL_CAPACITY + 1);
        let line = typed(KEYS, long.as_bytes());
        assert_eq!(line.len(), long.len());
        assert_eq!(line.into_text().unwrap().as_str(), long);
    }

    #[test]
    fn line_has_no_text_if_not_utf_8() {
        assert!(typed(KEYS, b"a\xffb").into_text().is_none());
    }
}
