//! The shared secret of an account.

use std::fmt;
use std::sync::LazyLock;

use data_encoding::{BASE32_NOPAD, Encoding, Specification};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::error::{CommandError, ExitCode};
use crate::otp::Warning;

/// More Base32 characters than any service hands out (AWS: 64).
const MAX_CHARACTERS: usize = 4096;

/// What they decode to
const MAX_BYTES: usize = MAX_CHARACTERS / 8 * 5;

/// The least that RFC 4226 (section 4, R6) leaves uncommented is 128 bits; many services hand out 80.
const SHORT_BYTES: usize = 10;

/// The shared secret: raw bytes, never empty, wiped when dropped, hidden in `Debug`
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Secret(Vec<u8>);

impl Secret {
    /// Takes raw bytes.
    ///
    /// # Errors
    /// `TooShort` where there are none, `TooLong` where their Base32 would be.
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Result<Self, SecretError> {
        match bytes.len() {
            0 => Err(SecretError::TooShort),
            1..=MAX_BYTES => Ok(Self(bytes)),
            _ => Err(SecretError::TooLong),
        }
    }

    /// Reads Base32 (RFC 4648) as people paste it: any case, blanks, dashes, missing or extra padding.
    ///
    /// # Errors
    /// Names the place of what is not Base32, never the text.
    pub(crate) fn from_base32(text: &str) -> Result<(Self, Vec<Warning>), SecretError> {
        let symbols = symbols(text)?;
        let mut warnings = Vec::new();
        let whole = whole_length(symbols.len());
        if whole < symbols.len() {
            warnings.push(Warning::SecretOddLength);
        }
        let bytes = LENIENT.decode(&symbols[..whole]).map_err(|_| SecretError::TooShort)?;
        let secret = Self::from_bytes(bytes)?;
        if secret.is_short() {
            warnings.push(Warning::SecretShort);
        }
        if !secret.ends_in(&symbols[..whole]) {
            warnings.push(Warning::SecretTrailingBits);
        }
        Ok((secret, warnings))
    }

    /// Whether these symbols of it hold no more bits than it: five bytes are eight symbols, so only the last group can
    fn ends_in(&self, symbols: &[u8]) -> bool {
        let rest = self.0.chunks_exact(5).remainder();
        Zeroizing::new(BASE32_NOPAD.encode(rest)).as_bytes() == symbols.chunks_exact(8).remainder()
    }

    /// As `from_base32`, of a text that a person gave for a key: what looks like a code is taken for one.
    ///
    /// # Errors
    /// Those of `from_base32`, and `LooksLikeCode`.
    pub(crate) fn from_typed(text: &str) -> Result<(Self, Vec<Warning>), SecretError> {
        if is_code(text.trim_end_matches(is_behind)) {
            return Err(SecretError::LooksLikeCode);
        }
        Self::from_base32(text)
    }

    /// Whether it is shorter than what even careless services hand out
    pub(crate) fn is_short(&self) -> bool {
        self.0.len() < SHORT_BYTES
    }

    /// Upper-case Base32 without padding
    pub(crate) fn to_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(&self.0))
    }

    /// The secret bytes themselves: whoever calls this takes care of where they go
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Why a text is no secret key; holds nothing of the text but one character that cannot be part of it
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SecretError {
    #[error("the secret key is missing")]
    Missing,
    #[error("the secret key is too short")]
    TooShort,
    #[error("the secret key is longer than {MAX_CHARACTERS} characters")]
    TooLong,
    #[error("the secret key is not Base32: '{character}' at position {position}")]
    NotBase32 { character: char, position: usize },
    #[error("the secret key is not Base32: an unexpected character at position {position}")]
    NotBase32Unprintable { position: usize },
    #[error("that looks like a code, not the secret key")]
    LooksLikeCode,
}

impl SecretError {
    /// What the user can do about it
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotBase32 { character: '0' | '1' | '8', .. } => {
                Some("Base32 has no 0, 1 and 8: usually they are O, I or L, and B")
            }
            Self::NotBase32 { .. } | Self::NotBase32Unprintable { .. } => {
                Some("Base32 has the letters A to Z and the digits 2 to 7")
            }
            Self::LooksLikeCode => {
                Some("the secret key is the long text shown beside the QR code when MFA is set up")
            }
            Self::Missing | Self::TooShort | Self::TooLong => None,
        }
    }
}

/// The Base32 characters of a pasted text, upper case; positions count the characters of the text from 1
fn symbols(text: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
    let trimmed = text.trim_end_matches(is_behind);
    let mut symbols = Zeroizing::new(Vec::with_capacity(trimmed.len().min(MAX_CHARACTERS + 1)));
    for (index, character) in trimmed.chars().enumerate() {
        match character.to_ascii_uppercase() {
            symbol @ ('A'..='Z' | '2'..='7') => symbols.push(symbol as u8),
            '-' => {}
            blank if blank.is_whitespace() => {}
            _ => return Err(not_base32(trimmed, character, index + 1)),
        }
        if symbols.len() > MAX_CHARACTERS {
            return Err(SecretError::TooLong);
        }
    }
    if symbols.is_empty() {
        return Err(SecretError::Missing);
    }
    Ok(symbols)
}

/// What may stand behind a key: blanks and padding
fn is_behind(character: char) -> bool {
    character.is_whitespace() || character == '='
}

fn not_base32(text: &str, character: char, position: usize) -> SecretError {
    if is_code(text) {
        SecretError::LooksLikeCode
    } else if character.is_ascii_graphic() || character.is_alphanumeric() {
        SecretError::NotBase32 { character, position }
    } else {
        SecretError::NotBase32Unprintable { position }
    }
}

/// Six to eight digits, perhaps in groups: what an authenticator shows, not what it is set up with
fn is_code(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let other = text.chars().any(|c| !c.is_ascii_digit() && !c.is_whitespace() && c != '-');
    (6..=8).contains(&digits) && !other
}

/// The characters that make whole bytes: a remainder of 1, 3 or 6 holds one that adds none
fn whole_length(characters: usize) -> usize {
    match characters % 8 {
        1 | 3 | 6 => characters - 1,
        _ => characters,
    }
}

/// RFC 4648 Base32 without padding, left-over bits ignored
static LENIENT: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
    specification.check_trailing_bits = false;
    specification.encoding().expect("the alphabet of RFC 4648 is a valid specification")
});

impl From<SecretError> for CommandError {
    fn from(error: SecretError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn base32(text: &str) -> Result<String, SecretError> {
        Secret::from_base32(text).map(|(secret, _)| secret.to_base32().to_string())
    }

    #[test]
    fn every_way_people_paste_a_key_gives_the_same_secret() {
        for text in [
            "JBSWY3DPEHPK3PXP",
            "jbsw y3dp ehpk 3pxp",
            "JBSW-Y3DP-EHPK-3PXP",
            " JBSWY3DPEHPK3PXP====\r\n",
            "jbsw\ty3dp\nehpk3pxp",
        ] {
            assert_eq!(base32(text).unwrap(), "JBSWY3DPEHPK3PXP", "{text:?}");
        }
        let (secret, warnings) = Secret::from_base32("JBSWY3DPEHPK3PXP").unwrap();
        assert_eq!(secret.expose(), b"Hello!\xDE\xAD\xBE\xEF");
        assert_eq!(warnings, []);
    }

    #[test]
    fn what_is_not_base32_is_named_by_its_place() {
        let at = |character, position| Err(SecretError::NotBase32 { character, position });
        assert_eq!(base32("JBSWY3DP0HPK3PXP"), at('0', 9));
        assert_eq!(base32("JBSW Y3DP 1HPK"), at('1', 11));
        assert_eq!(base32("ÄBSWY3DP"), at('Ä', 1));
        assert_eq!(base32("JB\u{1b}[31m"), Err(SecretError::NotBase32Unprintable { position: 3 }));
    }

    #[test]
    fn a_code_is_told_from_a_key() {
        for code in ["123456", "492 039", "234567", "12345678", "234-567\n"] {
            assert_eq!(Secret::from_typed(code), Err(SecretError::LooksLikeCode), "{code}");
        }
        assert!(Secret::from_typed("JBSWY3DPEHPK3PXP").is_ok());
    }

    #[test]
    fn a_key_that_is_all_digits_can_be_read_again() {
        let (secret, _) = Secret::from_base32("637373737").unwrap();
        assert_eq!(base32(&secret.to_base32()).unwrap(), "63737373");
    }

    #[test]
    fn bits_that_make_no_byte_are_told_wherever_a_strict_reader_refuses_them() {
        for length in (2..=40).filter(|&length| whole_length(length) == length) {
            for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".chars() {
                let text = format!("{}{last}", "K".repeat(length - 1));
                let (_, warnings) = Secret::from_base32(&text).unwrap();
                let told = warnings.contains(&Warning::SecretTrailingBits);
                assert_eq!(told, BASE32_NOPAD.decode(text.as_bytes()).is_err(), "{text}");
            }
        }
    }

    #[test]
    fn nothing_and_too_much_are_refused() {
        assert_eq!(base32(""), Err(SecretError::Missing));
        assert_eq!(base32(" == "), Err(SecretError::Missing));
        assert_eq!(base32("A"), Err(SecretError::TooShort));
        assert_eq!(base32(&"A".repeat(4097)), Err(SecretError::TooLong));
    }

    #[test]
    fn debug_shows_nothing() {
        let (secret, _) = Secret::from_base32("JBSWY3DPEHPK3PXP").unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }

    proptest! {
        #[test]
        fn base32_gives_the_bytes_back(bytes in prop::collection::vec(any::<u8>(), 10..200)) {
            let secret = Secret::from_bytes(bytes.clone()).unwrap();
            let (again, warnings) = Secret::from_base32(&secret.to_base32()).unwrap();
            prop_assert_eq!(again.expose(), &bytes[..]);
            prop_assert_eq!(warnings, vec![]);
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = Secret::from_base32(&text);
        }
    }

    #[test]
    fn pasted_secrets_are_read_without_a_warning() {
        for text in [
            "JBSWY3DPEHPK3PXP\n",
            "jbswy3dpehpk3pxp\r\n",
            " jbsw y3dp ehpk 3pxp ",
            "JBSWY3DPEHPK3PXP====",
            "jbsw\ty3dp\nehpk 3pxp\n",
        ] {
            let (secret, warnings) = Secret::from_typed(text).unwrap();
            assert_eq!(secret.to_base32().to_string(), "JBSWY3DPEHPK3PXP", "{text:?}");
            assert_eq!(warnings, [], "{text:?}");
        }
    }
}
