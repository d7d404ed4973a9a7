//! The glyphs and signs that a terminal can show.

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::platform::env;
use crate::text::sanitize;

/// What the terminal can show
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Glyphs {
    Unicode,
    /// All that a terminal in another locale, and the console of Linux, are sure to have
    Ascii,
}

impl Glyphs {
    /// As the user's locale says
    pub(crate) fn of_user() -> Self {
        if env::locale_is_utf8() && !env::is_linux_console() { Self::Unicode } else { Self::Ascii }
    }

    /// A foreign text as it can be shown
    pub(crate) fn text(self, text: &str) -> String {
        let cleaned = sanitize(text);
        match self {
            Self::Unicode => cleaned,
            Self::Ascii => cleaned.chars().map(in_ascii).collect::<String>(),
        }
    }

    /// A text cut to a width, with a sign at its end where something is missing
    pub(crate) fn fit(self, text: &str, width: usize) -> String {
        if text.width() <= width {
            return text.to_owned();
        }
        let Some(room) = width.checked_sub(1) else { return String::new() };
        beginning(text, room).to_owned() + self.choose("…", "~")
    }

    /// A bar of `width` of which `part` in `whole` is left: the signs that are lit, and those that are not
    pub(crate) fn bar(self, width: usize, part: u64, whole: u64) -> (String, String) {
        let width = width as u64;
        let halves = (part * 2 * width).div_ceil(whole.max(1)).min(2 * width);
        let (full, half) = (halves / 2, halves % 2);
        let repeat = |sign: &str, count: u64| sign.repeat(usize::try_from(count).unwrap_or(0));
        match self {
            Self::Unicode => {
                let lit = repeat("━", full) + &repeat("╾", half);
                (lit, repeat("─", width - full - half))
            }
            Self::Ascii => (repeat("=", full + half), repeat("-", width - full - half)),
        }
    }

    /// Before the account that is selected
    pub(crate) fn marker(self) -> &'static str {
        self.choose("▌", ">")
    }

    /// Before the code that comes next
    pub(crate) fn arrow(self) -> &'static str {
        self.choose("→", ">")
    }

    /// Behind what is being typed
    pub(crate) fn caret(self) -> &'static str {
        self.choose("▏", "_")
    }

    /// In the place of a digit that is not shown
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

/// As many question marks as the letter is wide
fn in_ascii(letter: char) -> String {
    if letter.is_ascii() { letter.to_string() } else { "?".repeat(letter.width().unwrap_or(1)) }
}

/// The longest beginning of a text that is no wider than `room`
fn beginning(text: &str, room: usize) -> &str {
    let ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    // a sign that joins glyphs can make the whole narrower again, by no more than two columns
    let near = ends.take_while(|&end| text[..end].width() <= room + 2);
    let end = near.filter(|&end| text[..end].width() <= room).last().unwrap_or(0);
    text[..end].trim_end_matches('\u{200d}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_by_the_columns_that_it_takes() {
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
    fn in_ascii_every_column_of_another_letter_is_a_question_mark() {
        assert_eq!(Glyphs::Ascii.text("a例え-é\u{301}~"), "a????-?~");
        assert_eq!(Glyphs::Ascii.fit("github", 5), "gith~");
        assert_eq!(Glyphs::Unicode.text("例\u{1b}[m"), "例�[m");
    }

    #[test]
    fn a_bar_shortens_by_half_a_sign() {
        let bar = |glyphs: Glyphs, part| {
            let (lit, rest) = glyphs.bar(4, part, 30);
            lit + "|" + &rest
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
