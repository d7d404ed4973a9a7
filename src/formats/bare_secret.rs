//! Reads a bare secret key in Base32, such as the file of `--bootstrap-method Base32StringSeed`.

use crate::formats::{Format, FormatError, Found, ParsedFile, Recognised};
use crate::otp::{Enrolment, Key, Label, Parameters, Secret, SecretError};

pub(in crate::formats) const FORMAT: Format = Format {
    app: "a secret key in Base32",
    detect: |probe| probe.text().is_some_and(|text| text.len() >= MIN_KEY_CHARACTERS && read(text).is_ok()),
    read: |probe| {
        let mut contents = ParsedFile::new(FORMAT.app);
        contents.take(Ok(read(probe.text().unwrap_or_default())?));
        Ok(Recognised::Plain(contents))
    },
};

/// Reads one secret key, which may be wrapped or grouped.
///
/// # Errors
/// Returns `Unrecognised` if the text looks like prose, otherwise the errors of [`Secret::from_typed`].
pub(super) fn read(text: &str) -> Result<Found, FormatError> {
    if is_prose(text) {
        return Err(FormatError::Unrecognised);
    }
    let (secret, warnings) = Secret::from_typed(text)?;
    let enrolment = Enrolment::new(Label::default(), Key::new(secret, Parameters::DEFAULT));
    Ok(Found::new(enrolment, warnings))
}

/// Base32 of 80 bits, the shortest key that services use
const MIN_KEY_CHARACTERS: usize = 16;

/// The line lengths at which tools wrap Base32: 76 in RFC 4648, 64 in PEM
const LINE_LENGTHS: [usize; 2] = [64, 76];

/// Returns whether a word looks like the code of an authenticator instead of a secret key.
pub(crate) fn looks_like_code(word: &str) -> bool {
    Secret::from_typed(word) == Err(SecretError::LooksLikeCode)
}

/// Returns whether a text is prose, whose words may be Base32 too.
///
/// A grouped key has groups of one length, or digits.
fn is_prose(text: &str) -> bool {
    let is_printable = !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    if !is_printable || text.contains([':', '/', '[', '<', '{']) || holds_several_keys(text) {
        return true;
    }
    let lengths: Vec<usize> = text.split_whitespace().map(str::len).collect();
    let is_uneven =
        lengths.split_last().is_some_and(|(_, groups)| groups.windows(2).any(|pair| pair[0] != pair[1]));
    is_uneven && !text.contains(|c: char| c.is_ascii_digit())
}

/// Returns whether a text has several keys, one a line.
///
/// A line that is long enough is a key, unless it has the length of a wrapped line. The last line of a wrapped key is
/// shorter: two lines of 64 symbols are two keys of AWS.
fn holds_several_keys(text: &str) -> bool {
    let symbols = |line: &str| line.chars().filter(char::is_ascii_alphanumeric).count();
    let lengths: Vec<usize> = text.lines().map(symbols).filter(|&length| length > 0).collect();
    let Some((last, wrapped @ [_, ..])) = lengths.split_last() else { return false };
    let is_whole = |length: &usize| *length >= MIN_KEY_CHARACTERS && !LINE_LENGTHS.contains(length);
    *last >= MIN_KEY_CHARACTERS || wrapped.iter().any(is_whole) || !text.split_whitespace().all(is_base32)
}

fn is_base32(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'2'..=b'7' | b'-' | b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_not_a_key() {
        for key in ["jbsw y3dp ehpk 3pxp", "JBSWY3DPEHPK3PXP", "JBSW Y3DPEH PK3PXP", "ABCD EFGH IJ"] {
            assert!(read(key).is_ok(), "{key}");
        }
        let wrapped = format!("{}\n{}", "JBSWY3DP".repeat(8), "JBSWY3DP");
        assert!(read(&wrapped).is_ok());
        for prose in [
            "not an image",
            "this is my password",
            "two\nlines of text",
            "JBSWY3DPEHPK3PXP\nJBSWY3DPEHPK3PXQ",
            &format!("{0}\n{0}", "JBSWY3DP".repeat(8)),
            &format!("{0}\n{0}\n", "JBSWY3DP".repeat(8)),
            &format!("{0}\n\n{0}\n{0}", "JBSWY3DP".repeat(8)),
            "https://example.com",
            "WIFI:S:x;;",
            "[]",
            "a\u{1b}[31mb",
        ] {
            assert_eq!(read(prose), Err(FormatError::Unrecognised), "{prose}");
        }
    }
}
