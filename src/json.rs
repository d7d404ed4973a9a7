//! JSON in ASCII, which any terminal, pipe and app can read.

use std::fmt::Write as _;

use serde::Serialize;

/// Returns the value as one line of JSON, with everything outside printable ASCII escaped.
pub(crate) fn to_ascii_json(value: &impl Serialize) -> String {
    escape_non_ascii(&serde_json::to_string(value).expect("the keys are texts, and a String cannot fail"))
}

/// Escapes everything in a JSON text outside printable ASCII and line feeds.
///
/// A character above U+FFFF becomes a surrogate pair (RFC 8259, section 7). The result never moves in memory while it
/// grows, because the text may hold secrets.
pub(crate) fn escape_non_ascii(json: &str) -> String {
    let is_escaped = |character: char| !(' '..='~').contains(&character) && character != '\n';
    let extra = json.chars().filter(|&c| is_escaped(c)).count() * 12;
    // One more byte lets the caller append a line feed.
    let mut text = String::with_capacity(json.len() + extra + 1);
    for character in json.chars() {
        if is_escaped(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(text, "\\u{unit:04x}").expect("writing to a String cannot fail");
            }
        } else {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escaped_json_is_ascii_and_has_the_same_value() {
        let text = "Bücher \u{1b}[31m 例 🦀 \"\\\u{7f}";
        let json = to_ascii_json(&text);
        assert!(json.bytes().all(|byte| (0x20..0x7f).contains(&byte)), "{json}");
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
    }

    #[test]
    fn characters_beyond_the_basic_plane_become_surrogate_pairs() {
        let json = "{\"é\": \"🦀\u{7f}\"}\n";
        assert_eq!(escape_non_ascii(json), "{\"\\u00e9\": \"\\ud83e\\udd80\\u007f\"}\n");
    }
}
