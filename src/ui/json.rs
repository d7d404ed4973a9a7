//! JSON in ASCII, which any terminal and any pipe can carry.

use std::io;

use serde::Serialize;
use serde_json::ser::Formatter;

/// Formats a value as one line of JSON with all characters outside ASCII escaped.
pub(crate) fn to_ascii_json(value: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Ascii);
    value.serialize(&mut serializer).expect("the answers have text keys, and writing to a Vec cannot fail");
    String::from_utf8(bytes).expect("the formatter writes ASCII only")
}

struct Ascii;

impl Formatter for Ascii {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, text: &str) -> io::Result<()> {
        for character in text.chars() {
            if character.is_ascii() && character != '\x7f' {
                writer.write_all(&[character as u8])?;
            } else {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_escapes_all_but_ascii_and_keeps_the_value() {
        let text = "Bücher \u{1b}[31m 例 🦀 \"\\\u{7f}";
        let json = to_ascii_json(&text);
        assert!(json.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }
}
