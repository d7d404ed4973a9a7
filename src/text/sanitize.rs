//! Characters that a terminal must not get: those that move its cursor, change the direction of text, or are invisible.

/// The Unicode property `Default_Ignorable_Code_Point`: characters that are invisible where they have no effect
const INVISIBLE: [(char, char); 17] = [
    ('\u{ad}', '\u{ad}'),
    ('\u{34f}', '\u{34f}'),
    ('\u{61c}', '\u{61c}'),
    ('\u{115f}', '\u{1160}'),
    ('\u{17b4}', '\u{17b5}'),
    ('\u{180b}', '\u{180f}'),
    ('\u{200b}', '\u{200f}'),
    ('\u{202a}', '\u{202e}'),
    ('\u{2060}', '\u{206f}'),
    ('\u{3164}', '\u{3164}'),
    ('\u{fe00}', '\u{fe0f}'),
    ('\u{feff}', '\u{feff}'),
    ('\u{ffa0}', '\u{ffa0}'),
    ('\u{fff0}', '\u{fff8}'),
    ('\u{1bca0}', '\u{1bca3}'),
    ('\u{1d173}', '\u{1d17a}'),
    ('\u{e0000}', '\u{e0fff}'),
];

/// The sign that makes a keycap of the digit before it
const KEYCAP: char = '\u{20e3}';

/// Returns whether a character is invisible: the Unicode property `Default_Ignorable_Code_Point`.
pub(crate) fn is_invisible(character: char) -> bool {
    INVISIBLE.iter().any(|&(first, last)| (first..=last).contains(&character))
}

/// Returns whether a text holds a character that can move the cursor, break a line, change the direction of text, or hide.
///
/// A joiner or a variation selector is safe behind a visible character outside ASCII, whose shape it changes: Persian
/// words, Japanese names and emoji need it.
pub(crate) fn has_unsafe(text: &str) -> bool {
    !is_printable_ascii(text) && mark_unsafe(text).any(|(_, is_unsafe)| is_unsafe)
}

/// Replaces every unsafe character by `�`.
pub(crate) fn sanitize(text: &str) -> String {
    replace_unsafe(text, |_| false)
}

/// Replaces every unsafe character but line ends and tabs by `�`, for a text of several lines.
pub(crate) fn sanitize_lines(text: &str) -> String {
    replace_unsafe(text, |character| matches!(character, '\n' | '\t'))
}

/// Does the same as [`sanitize_lines`], but keeps the sequences that set a colour or a style.
///
/// The caller must have sanitised the foreign parts before it styled the text.
pub(crate) fn sanitize_styled(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\u{1b}[") {
        let (before, sequence) = rest.split_at(at);
        let end = sequence[2..].find(|c: char| !c.is_ascii_digit() && c != ';').map_or(2, |end| end + 2);
        let is_style = sequence[end..].starts_with('m');
        clean += &sanitize_lines(before);
        clean += if is_style { &sequence[..=end] } else { "\u{fffd}[" };
        rest = &sequence[if is_style { end + 1 } else { 2 }..];
    }
    clean + &sanitize_lines(rest)
}

fn replace_unsafe(text: &str, keep: impl Fn(char) -> bool) -> String {
    if is_printable_ascii(text) {
        return text.to_owned();
    }
    let replace = |(c, is_unsafe)| if is_unsafe && !keep(c) { char::REPLACEMENT_CHARACTER } else { c };
    mark_unsafe(text).map(replace).collect()
}

fn is_printable_ascii(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Returns each character with whether it is unsafe at its place.
fn mark_unsafe(text: &str) -> impl Iterator<Item = (char, bool)> {
    let mut previous = None;
    let mut characters = text.chars().peekable();
    std::iter::from_fn(move || {
        let character = characters.next()?;
        let is_unsafe = is_unsafe_between(previous, character, characters.peek().copied());
        previous = Some(character);
        Some((character, is_unsafe))
    })
}

fn is_unsafe_between(before: Option<char>, character: char, after: Option<char>) -> bool {
    match character {
        '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}' => true,
        '\u{200d}' if before.is_some_and(is_variation_selector) => false,
        '\u{fe0f}' if after == Some(KEYCAP) => !before.is_some_and(|c| matches!(c, '0'..='9' | '#' | '*')),
        '\u{200c}' | '\u{200d}' => !before.is_some_and(changes_shape),
        _ if is_variation_selector(character) => !before.is_some_and(changes_shape),
        _ => character.is_control() || is_invisible(character),
    }
}

fn is_variation_selector(character: char) -> bool {
    matches!(character, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Returns whether a joiner or a variation selector behind this character can change its shape.
fn changes_shape(character: char) -> bool {
    !character.is_ascii() && !character.is_control() && !character.is_whitespace() && !is_invisible(character)
}

/// Parses an argument that becomes part of a label, and trims it.
///
/// # Errors
/// If the text holds a character that is unsafe on a terminal.
pub(crate) fn plain_label(text: &str) -> Result<String, &'static str> {
    if has_unsafe(text) {
        return Err("it holds control characters, invisible characters or text direction overrides");
    }
    Ok(text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sanitize_replaces_escapes_and_overrides() {
        assert_eq!(sanitize("a\u{1b}[31mb\u{202e}c\u{9b}d\n\te"), "a�[31mb�c�d��e");
        assert_eq!(sanitize("Bücher & Töne 例え 🦀"), "Bücher & Töne 例え 🦀");
        assert_eq!(sanitize_lines("a\u{1b}b\n\tc\r\n\u{feff}"), "a�b\n\tc�\n�");
    }

    #[test]
    fn invisible_characters_are_the_unicode_property() {
        let property = regex::Regex::new(r"^\p{Default_Ignorable_Code_Point}$").unwrap();
        for character in '\0'..=char::MAX {
            let expected = property.is_match(character.encode_utf8(&mut [0; 4]));
            assert_eq!(is_invisible(character), expected, "{character:?}");
        }
    }

    #[test]
    fn invisible_characters_are_unsafe() {
        for hidden in [
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180e}',
            '\u{200b}',
            '\u{200c}',
            '\u{200d}',
            '\u{200e}',
            '\u{2028}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fffb}',
            '\u{1d173}',
            '\u{e0020}',
            '\u{e0100}',
            '\u{7f}',
            '\u{85}',
        ] {
            for text in
                [format!("git{hidden}hub"), format!("{hidden}x"), format!("x {hidden}"), hidden.to_string()]
            {
                assert!(has_unsafe(&text), "{text:?}");
                assert_eq!(sanitize(&text), text.replace(hidden, "�"), "{text:?}");
            }
        }
    }

    #[test]
    fn joiners_and_variation_selectors_of_scripts_and_emoji_are_safe() {
        for text in [
            "👩\u{200d}🚀",
            "❤\u{fe0f}\u{200d}🔥",
            "1\u{fe0f}\u{20e3}",
            "فروش\u{200c}گاه",
            "葛\u{e0100}城",
            "☎\u{fe0e}",
        ] {
            assert!(!has_unsafe(text), "{text:?}");
            assert_eq!(sanitize(text), text);
        }
        for text in ["例\u{200d}\u{200d}え", "例\u{3000}\u{200d}え", "1\u{fe0f}2", "a\u{fe0f}\u{20e3}"] {
            assert!(has_unsafe(text), "{text:?}");
        }
    }

    #[test]
    fn sanitize_styled_keeps_colours_only() {
        let styled = "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m a\n";
        assert_eq!(sanitize_styled(styled), styled);
        assert_eq!(sanitize_styled("a\u{1b}[2Jb\u{1b}]0;x\u{7}\u{1b}[\u{202e}\u{1b}["), "a�[2Jb�]0;x��[��[");
    }
}
