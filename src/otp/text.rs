//! Text from outside: what must not reach a terminal, a file or a message as it is.

/// The most characters of a foreign text that a message shows
const SHOWN_CHARACTERS: usize = 40;

/// Whether a character can move the cursor, break a line or turn the direction of the text: control characters
/// (C0, C1), line separators, bidirectional marks, overrides and isolates, tags
pub(crate) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}'
                | '\u{200e}'
                | '\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2066}'..='\u{206f}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// The text with every unsafe character replaced by `�`
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|c| if is_unsafe(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A foreign text as a message shows it: cleaned, and cut where it is long
pub(crate) fn shown(text: &str) -> String {
    let cleaned = clean(text);
    match cleaned.char_indices().nth(SHOWN_CHARACTERS) {
        Some((cut, _)) => format!("{}…", &cleaned[..cut]),
        None => cleaned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_and_overrides_are_replaced() {
        assert_eq!(clean("a\u{1b}[31mb\u{202e}c\u{9b}d\n"), "a�[31mb�c�d�");
        assert_eq!(clean("Bücher & Töne 例え 🦀"), "Bücher & Töne 例え 🦀");
    }

    #[test]
    fn a_long_text_is_cut() {
        assert_eq!(shown(&"é".repeat(50)), format!("{}…", "é".repeat(40)));
        assert_eq!(shown("short"), "short");
    }
}
