//! A bare secret key in Base32, such as the file that `--bootstrap-method Base32StringSeed` writes.

use crate::formats::{Format, FormatError, Found, ParsedFile, Recognised};
use crate::otp::{Enrolment, Key, Label, Parameters, Secret, SecretError};

pub(in crate::formats) const FORMAT: Format = Format {
    app: "a secret key in Base32",
    detect: |probe| probe.text().is_some_and(|text| text.len() >= WHOLE_KEY && read(text).is_ok()),
    read: |probe| {
        let mut contents = ParsedFile::new(FORMAT.app);
        contents.take(Ok(read(probe.text().unwrap_or_default())?));
        Ok(Recognised::Plain(contents))
    },
};

pub(super) fn read(text: &str) -> Result<Found, FormatError> {
    if is_prose(text) {
        return Err(FormatError::Unrecognised);
    }
    let (secret, warnings) = Secret::from_typed(text)?;
    let enrolment = Enrolment::new(Label::default(), Key::new(secret, Parameters::DEFAULT));
    Ok(Found::new(enrolment, warnings))
}

/// Base32 of 80 bits, the shortest key that services hand out
const WHOLE_KEY: usize = 16;

/// Where tools wrap Base32: RFC 4648's 76 and PEM's 64 characters
const WRAPPED: [usize; 2] = [64, 76];

/// Whether a word is what an authenticator shows, and not what it is set up with
pub(crate) fn looks_like_code(word: &str) -> bool {
    Secret::from_typed(word) == Err(SecretError::LooksLikeCode)
}

/// Words are Base32 too, but not a key: a key that is shown in groups has groups of one length, and holds digits
fn is_prose(text: &str) -> bool {
    let printable = !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    if !printable || text.contains([':', '/', '[', '<', '{']) || holds_several_keys(text) {
        return true;
    }
    let lengths: Vec<usize> = text.split_whitespace().map(str::len).collect();
    let uneven =
        lengths.split_last().is_some_and(|(_, groups)| groups.windows(2).any(|pair| pair[0] != pair[1]));
    uneven && !text.contains(|c: char| c.is_ascii_digit())
}

/// A line that is long enough to be a key is one, unless it was wrapped, as `base32` wraps; the last one of a wrapped key
/// is what was left over: two of AWS's keys, of 64 symbols each, are two
fn holds_several_keys(text: &str) -> bool {
    let symbols = |line: &str| line.chars().filter(char::is_ascii_alphanumeric).count();
    let lengths: Vec<usize> = text.lines().map(symbols).filter(|&length| length > 0).collect();
    let Some((last, wrapped @ [_, ..])) = lengths.split_last() else { return false };
    let is_whole = |length: &usize| *length >= WHOLE_KEY && !WRAPPED.contains(length);
    *last >= WHOLE_KEY || wrapped.iter().any(is_whole) || !text.split_whitespace().all(is_base32)
}

fn is_base32(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'2'..=b'7' | b'-' | b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_no_key() {
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
