//! Shared secrets, as bytes and as Base32.

use std::fmt;
use std::sync::LazyLock;

use data_encoding::{BASE32_NOPAD, Encoding, Specification};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::error::{CommandError, ExitCode};
use crate::otp::Warning;

/// More Base32 characters than any service uses (AWS: 64)
const MAX_CHARACTERS: usize = 4096;

/// The bytes of [`MAX_CHARACTERS`]
const MAX_BYTES: usize = MAX_CHARACTERS / 8 * 5;

/// RFC 4226 (section 4, R6) requires 128 bits, but many services use 80.
const SHORT_BYTES: usize = 10;

/// A shared secret: 1 to [`MAX_BYTES`] bytes, wiped on drop, redacted in `Debug`
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub(crate) struct Secret(Vec<u8>);

impl Secret {
    /// Creates a secret from its bytes.
    ///
    /// # Errors
    /// Returns `TooShort` if there are no bytes, and `TooLong` if there are more than [`MAX_BYTES`].
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Result<Self, SecretError> {
        match bytes.len() {
            0 => Err(SecretError::TooShort),
            1..=MAX_BYTES => Ok(Self(bytes)),
            _ => Err(SecretError::TooLong),
        }
    }

    /// Parses Base32 (RFC 4648) in any case, with blanks, dashes, and missing or extra padding.
    ///
    /// # Errors
    /// Returns the position of the first character that is not Base32, or `Missing`, `TooShort`, `TooLong` or
    /// `LooksLikeCode`.
    pub(crate) fn from_base32(text: &str) -> Result<(Self, Vec<Warning>), SecretError> {
        let symbols = symbols(text)?;
        let mut warnings = Vec::new();
        let length = decodable_length(symbols.len());
        if length < symbols.len() {
            warnings.push(Warning::SecretOddLength);
        }
        let bytes = LENIENT.decode(&symbols[..length]).map_err(|_| SecretError::TooShort)?;
        let secret = Self::from_bytes(bytes)?;
        if secret.is_short() {
            warnings.push(Warning::SecretShort);
        }
        if !secret.encodes_end_of(&symbols[..length]) {
            warnings.push(Warning::SecretTrailingBits);
        }
        Ok((secret, warnings))
    }

    /// Returns whether the last group of symbols has no bits beyond the bytes. Eight symbols are five bytes.
    fn encodes_end_of(&self, symbols: &[u8]) -> bool {
        let rest = self.0.chunks_exact(5).remainder();
        Zeroizing::new(BASE32_NOPAD.encode(rest)).as_bytes() == symbols.chunks_exact(8).remainder()
    }

    /// Parses Base32 from a person, who may have typed a code instead of the secret key.
    ///
    /// # Errors
    /// Returns `LooksLikeCode` if the text has 6 to 8 digits only, otherwise the errors of [`Self::from_base32`].
    pub(crate) fn from_typed(text: &str) -> Result<(Self, Vec<Warning>), SecretError> {
        if is_code(text.trim_end_matches(is_trailing)) {
            return Err(SecretError::LooksLikeCode);
        }
        Self::from_base32(text)
    }

    /// Returns whether the secret has less than 80 bits, the minimum of careless services.
    pub(crate) fn is_short(&self) -> bool {
        self.0.len() < SHORT_BYTES
    }

    /// Returns upper-case Base32 without padding.
    pub(crate) fn to_base32(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE32_NOPAD.encode(&self.0))
    }

    /// Returns the secret bytes. The caller must not let them reach a message or an unwiped copy.
    pub(crate) fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The reason why a text is not a secret key. It reveals at most one character, which cannot be part of a key.
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
    /// Returns the advice for the user.
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

/// Returns the Base32 characters of a pasted text in upper case. Positions in errors count characters from 1.
fn symbols(text: &str) -> Result<Zeroizing<Vec<u8>>, SecretError> {
    let trimmed = text.trim_end_matches(is_trailing);
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

/// Returns whether a character may follow a key: blanks and padding.
fn is_trailing(character: char) -> bool {
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

/// Returns whether a text has six to eight digits, perhaps in groups, like the code of an authenticator.
fn is_code(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let other = text.chars().any(|c| !c.is_ascii_digit() && !c.is_whitespace() && c != '-');
    (6..=8).contains(&digits) && !other
}

/// Returns how many characters decode to whole bytes: a remainder of 1, 3 or 6 has one that adds none.
fn decodable_length(characters: usize) -> usize {
    match characters % 8 {
        1 | 3 | 6 => characters - 1,
        _ => characters,
    }
}

/// The Base32 of RFC 4648 without padding. It ignores trailing bits.
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
mod tests;
