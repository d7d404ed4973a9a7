//! A bare secret key in Base32, such as the file that `--bootstrap-method Base32StringSeed` writes.

use super::{FormatError, Found};
use crate::otp::{Enrolment, Key, Secret};

/// The least of what is taken for a key where it was not announced as one
const MIN_UNANNOUNCED: usize = 16;

pub(super) fn read(text: &str) -> Result<Found, FormatError> {
    let one_line = text.lines().count() == 1;
    let printable = !text.chars().any(|c| c.is_control() && !c.is_whitespace());
    if !printable || !(one_line || text.split_whitespace().all(is_base32)) {
        return Err(FormatError::Unrecognised);
    }
    let (secret, warnings) = Secret::from_base32(text)?;
    Ok(Found { enrolment: Enrolment::of_key(Key::with_defaults(secret)), warnings })
}

/// Whether a word that was meant as something else is most likely a secret key: it must not be shown then
pub(crate) fn looks_like_secret(word: &str) -> bool {
    let word = word.trim_end_matches('=');
    word.len() >= MIN_UNANNOUNCED
        && is_base32(word)
        && word.contains(|c: char| c.is_ascii_digit())
        && !word.contains(|c: char| c.is_ascii_lowercase())
}

fn is_base32(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'2'..=b'7' | b'-' | b'='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_told_from_a_name() {
        for secret in ["JBSWY3DPEHPK3PXP", "JBSWY3DPEHPK3PXP====", &"PVOW74MC".repeat(8)] {
            assert!(looks_like_secret(secret), "{secret}");
        }
        for name in
            ["aws-root", "github", "MYCOMPANYACCOUNT", "JBSWY3DP", "qrcode.png", "amazon-web-services-2"]
        {
            assert!(!looks_like_secret(name), "{name}");
        }
    }
}
