//! The characters that a terminal can show.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::platform::env;
use crate::text::sanitize;

/// The repertoire of characters of a terminal
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyphs {
    Unicode,
    /// For terminals in other locales, and for the console of Linux
    Ascii,
}

impl Glyphs {
    /// Returns `Unicode` if the locale is UTF-8 and the terminal is not the console of Linux.
    pub(crate) fn from_locale() -> Self {
        if env::locale_is_utf8() && !env::is_linux_console() { Self::Unicode } else { Self::Ascii }
    }

    /// Sanitizes a text, and replaces the characters that cannot be shown.
    pub(crate) fn text(self, text: &str) -> String {
        let text = sanitize(text);
        match self {
            Self::Unicode => text,
            Self::Ascii => text.chars().map(to_ascii).collect(),
        }
    }

    /// Cuts a text to `width` columns, with a mark at its end if it was longer.
    pub(crate) fn fit(self, text: &str, width: usize) -> String {
        if text.width() <= width {
            return text.to_owned();
        }
        let Some(room) = width.checked_sub(1) else { return String::new() };
        longest_prefix(text, room).to_owned() + self.choose("…", "~")
    }

    /// Returns the filled and the empty part of a bar of `width` columns that shows `part` of `whole`.
    pub(crate) fn bar(self, width: usize, part: u64, whole: u64) -> (String, String) {
        let width = width as u64;
        let halves = (part * 2 * width).div_ceil(whole.max(1)).min(2 * width);
        let (full, half) = (halves / 2, halves % 2);
        let repeat = |glyph: &str, count: u64| glyph.repeat(usize::try_from(count).unwrap_or(0));
        match self {
            Self::Unicode => {
                let filled = repeat("━", full) + &repeat("╾", half);
                (filled, repeat("─", width - full - half))
            }
            Self::Ascii => (repeat("=", full + half), repeat("-", width - full - half)),
        }
    }

    /// The mark before the selected account
    pub(crate) fn marker(self) -> &'static str {
        self.choose("▌", ">")
    }

    /// The mark before the next code
    pub(crate) fn arrow(self) -> &'static str {
        self.choose("→", ">")
    }

    /// The mark behind the text being typed
    pub(crate) fn caret(self) -> &'static str {
        self.choose("▏", "_")
    }

    /// The substitute for a hidden digit
    pub(crate) fn dot(self) -> &'static str {
        self.choose("·", ".")
    }

    fn choose(self, unicode: &'static str, ascii: &'static str) -> &'static str {
        match self {
            Self::Unicode => unicode,
            Self::Ascii => ascii,
        }
    }
}

/// Replaces a character outside ASCII with a question mark for each of its columns.
fn to_ascii(character: char) -> String {
    if character.is_ascii() { character.to_string() } else { "?".repeat(character.width().unwrap_or(1)) }
}

/// Returns the longest prefix of a text that is at most `room` columns wide.
fn longest_prefix(text: &str, room: usize) -> &str {
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    // A joiner can make the whole narrower again, by at most two columns.
    let near = ends.take_while(|&end| text[..end].width() <= room + 2);
    let end = near.filter(|&end| text[..end].width() <= room).last().unwrap_or(0);
    text[..end].trim_end_matches('\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fit_cuts_by_columns() {
        for (text, width, cut) in [
            ("github", 6, "github"),
            ("github", 5, "gith…"),
            ("github", 1, "…"),
            ("github", 0, ""),
            ("例えば", 6, "例えば"),
            ("例えば", 5, "例え…"),
            ("例えば", 4, "例…"),
            ("🔑🔑", 3, "🔑…"),
            ("e\u{301}te\u{301}", 2, "e\u{301}…"),
            ("👩\u{200d}🚀 and more", 5, "👩\u{200d}🚀 a…"),
            ("👩\u{200d}🚀👩\u{200d}🚀", 3, "👩\u{200d}🚀…"),
        ] {
            assert_eq!(Glyphs::Unicode.fit(text, width), cut, "{text} to {width}");
        }
    }

    #[test]
    fn ascii_has_a_question_mark_for_each_other_column() {
        assert_eq!(Glyphs::Ascii.text("a例え-é\u{301}~"), "a????-?~");
        assert_eq!(Glyphs::Ascii.fit("github", 5), "gith~");
        assert_eq!(Glyphs::Unicode.text("例\u{1b}[m"), "例�[m");
    }

    #[test]
    fn bar_shortens_by_half_a_column() {
        let bar = |glyphs: Glyphs, part| {
            let (filled, empty) = glyphs.bar(4, part, 30);
            filled + "|" + &empty
        };
        for (part, unicode, ascii) in [
            (30, "━━━━|", "====|"),
            (26, "━━━╾|", "====|"),
            (15, "━━|──", "==|--"),
            (1, "╾|───", "=|---"),
            (0, "|────", "|----"),
            (99, "━━━━|", "====|"),
        ] {
            assert_eq!(bar(Glyphs::Unicode, part), unicode, "{part}");
            assert_eq!(bar(Glyphs::Ascii, part), ascii, "{part}");
        }
        assert_eq!(Glyphs::Ascii.bar(0, 1, 0), (String::new(), String::new()));
    }
}
