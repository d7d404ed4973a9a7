//! A bare secret key in Base32, such as the file that `--bootstrap-method Base32StringSeed` writes.

use super::{FormatError, Found};
use crate::otp::{Enrolment, Key, Label, Parameters, Secret, SecretError};

pub(super) fn read(text: &str) -> Result<Found, FormatError> {
    if is_prose(text) {
        return Err(FormatError::Unrecognised);
    }
    let (secret, warnings) = Secret::from_base32(text)?;
    Ok(Found {
        enrolment: Enrolment { label: Label::default(), key: Key::new(secret, Parameters::DEFAULT) },
        warnings,
        attempt: None,
    })
}

/// Whether a word is what an authenticator shows, and not what it is set up with
pub(crate) fn looks_like_code(word: &str) -> bool {
    Secret::from_base32(word) == Err(SecretError::LooksLikeCode)
}

/// Words are Base32 too, but not a key: a key that is shown in groups has groups of one length, and holds digits
fn is_prose(text: &str) -> bool {
    let one_line = text.lines().count() == 1;
    let printable = !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    if !printable || !(one_line || text.split_whitespace().all(is_base32)) {
        return true;
    }
    let lengths: Vec<usize> = text.split_whitespace().map(str::len).collect();
    let uneven =
        lengths.split_last().is_some_and(|(_, groups)| groups.windows(2).any(|pair| pair[0] != pair[1]));
    uneven && !text.contains(|c: char| c.is_ascii_digit())
}

fn is_base32(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'2'..=b'7' | b'-' | b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_no_key() {
        for key in [
            "jbsw y3dp ehpk 3pxp",
            "JBSWY3DPEHPK3PXP",
            "JBSW Y3DPEH PK3PXP",
            "ABCD EFGH IJ",
            "JBSWY3DP\nEHPK3PXP",
        ] {
            assert!(read(key).is_ok(), "{key}");
        }
        for prose in ["not an image", "this is my password", "two\nlines of text", "a\u{1b}[31mb"] {
            assert_eq!(read(prose), Err(FormatError::Unrecognised), "{prose}");
        }
    }
}
