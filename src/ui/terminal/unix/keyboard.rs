//! A parser for the bytes that a terminal sends for keys.

use std::time::Duration;

use crate::ui::live::Key;

/// The longest gap between the bytes of one key, on a slow line; a lone Esc is recognised only after it
pub(super) const KEY_TIMEOUT: Duration = Duration::from_millis(50);

/// The length limit of an escape sequence, in bytes
const MAX_KEY_LEN: usize = 32;

/// A parser that holds the bytes of an incomplete key
#[derive(Debug, Default)]
pub(super) struct Keyboard(Vec<u8>);

impl Keyboard {
    /// Adds a byte. Returns the key that it completes, if any.
    pub(super) fn push(&mut self, byte: u8) -> Option<Key> {
        if let [first, ..] = self.0[..] {
            self.0.push(byte);
            return if first == 0x1b { self.take_sequence() } else { self.take_character() };
        }
        match byte {
            b'\r' | b'\n' => Some(Key::Enter),
            0x7f | 0x08 => Some(Key::Backspace),
            // Ctrl-N and Ctrl-P, as in shells.
            0x0e => Some(Key::Down),
            0x10 => Some(Key::Up),
            0x0c => Some(Key::Redraw),
            0x15 => Some(Key::EraseLine),
            0x17 => Some(Key::EraseWord),
            b' '..=b'~' => Some(Key::Char(byte.into())),
            0x1b | 0xc2..=0xf4 => {
                self.0.push(byte);
                None
            }
            _ => None,
        }
    }

    /// Returns the timeout for the rest of a key; `None` if no key is incomplete.
    pub(super) fn timeout(&self) -> Option<Duration> {
        (!self.0.is_empty()).then_some(KEY_TIMEOUT)
    }

    /// Ends an incomplete key after the timeout: returns `Escape` for a lone Esc and drops anything else.
    pub(super) fn finish(&mut self) -> Option<Key> {
        let bytes = std::mem::take(&mut self.0);
        (bytes == [0x1b]).then_some(Key::Escape)
    }

    fn take_character(&mut self) -> Option<Key> {
        let key = match std::str::from_utf8(&self.0) {
            Ok(text) => text.chars().next().map(Key::Char),
            // Bytes are missing.
            Err(error) if error.error_len().is_none() => return None,
            Err(_) => None,
        };
        self.0.clear();
        key
    }

    /// Parses the escape sequences that xterm, rxvt, VT220 and the Linux console send.
    fn take_sequence(&mut self) -> Option<Key> {
        let key = match self.0[1..] {
            [0x1b] => {
                self.0.pop();
                return Some(Key::Escape);
            }
            // `ESC [ [` begins a function key of the Linux console.
            [b'[' | b'O'] | [b'[', b'['] => return None,
            [b'[' | b'O', .., b'A'] => Some(Key::Up),
            [b'[' | b'O', .., b'B'] => Some(Key::Down),
            [b'[' | b'O', .., b'H'] | [b'[', b'1' | b'7', b'~'] => Some(Key::Home),
            [b'[' | b'O', .., b'F'] | [b'[', b'4' | b'8', b'~'] => Some(Key::End),
            [b'[', b'5', b'~'] => Some(Key::PageUp),
            [b'[', b'6', b'~'] => Some(Key::PageDown),
            [b'[', .., 0x20..=0x3f] if self.0.len() < MAX_KEY_LEN => return None,
            _ => None,
        };
        // `ESC [ [ A` is F1, not Up.
        let key = if self.0.starts_with(b"\x1b[[") { None } else { key };
        self.0.clear();
        key
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(bytes: &[u8]) -> Vec<Key> {
        let mut keys = Keyboard::default();
        let mut parsed: Vec<Key> = bytes.iter().filter_map(|&byte| keys.push(byte)).collect();
        parsed.extend(keys.finish());
        parsed
    }

    #[test]
    fn keyboard_parses_letters_of_any_script() {
        let letters = "aé例🔑/ ".chars().map(Key::Char).collect::<Vec<_>>();
        assert_eq!(parse("aé例🔑/ ".as_bytes()), letters);
    }

    #[test]
    fn keyboard_knows_the_keys_of_several_terminals() {
        for (bytes, key) in [
            ("\r", Key::Enter),
            ("\n", Key::Enter),
            ("\x1b", Key::Escape),
            ("\x7f", Key::Backspace),
            ("\x08", Key::Backspace),
            ("\x15", Key::EraseLine),
            ("\x17", Key::EraseWord),
            ("\x0c", Key::Redraw),
            ("\x1b[A", Key::Up),
            ("\x1bOA", Key::Up),
            ("\x10", Key::Up),
            ("\x1b[B", Key::Down),
            ("\x1b[1;5B", Key::Down),
            ("\x1b[5~", Key::PageUp),
            ("\x1b[6~", Key::PageDown),
            ("\x1b[H", Key::Home),
            ("\x1bOH", Key::Home),
            ("\x1b[1~", Key::Home),
            ("\x1b[7~", Key::Home),
            ("\x1b[F", Key::End),
            ("\x1b[4~", Key::End),
        ] {
            assert_eq!(parse(bytes.as_bytes()), [key], "{bytes:?}");
        }
    }

    #[test]
    fn keyboard_ignores_unknown_keys_only() {
        for bytes in ["\x1b[15~", "\x1b[[A", "\x1bx", "\x1b[C", "\x1b[2~", "\x1bOP", "\x1b[?62;c", "\x01"] {
            assert_eq!(parse(format!("{bytes}q").as_bytes()), [Key::Char('q')], "{bytes:?}");
        }
        assert_eq!(parse(b"\xffq\xe4q"), [Key::Char('q')]);
        assert_eq!(parse(b"\x1b\x1b[A"), [Key::Escape, Key::Up]);
    }

    proptest! {
        #[test]
        fn keyboard_never_panics(bytes: Vec<u8>) {
            parse(&bytes);
        }
    }
}
