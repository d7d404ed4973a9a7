//! What turns a secret into codes: the hash, the length of a code, and what moves the codes on.

use crate::error::{CommandError, ExitCode};

use std::fmt;
use std::str::FromStr;

/// The hash of the HMAC (RFC 6238, section 1.2)
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// What RFC 4226 has, and nearly every service uses
    #[default]
    Sha1,
    Sha256,
    Sha512,
}

impl Algorithm {
    /// The spelling of the Key URI format
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
            Self::Sha512 => "SHA512",
        }
    }
}

impl FromStr for Algorithm {
    type Err = KeyError;

    /// Takes the spellings in use (`SHA1`, `sha-1`, `HmacSHA1`, `Algorithm.sha1`); all else is an error, never a default.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let plain: String =
            text.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).map(|c| c.to_ascii_uppercase()).collect();
        let hash = plain.strip_prefix("ALGORITHM.").unwrap_or(&plain);
        match hash.strip_prefix("HMAC").unwrap_or(hash) {
            "SHA1" => Ok(Self::Sha1),
            "SHA256" => Ok(Self::Sha256),
            "SHA512" => Ok(Self::Sha512),
            _ => Err(KeyError::UnsupportedAlgorithm(crate::text::redact(text))),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How the codes move on
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// With time (RFC 6238): the period in seconds
    Totp { period: u32 },
    /// With use (RFC 4226): the counter of the next code
    Hotp { counter: u64 },
    /// Steam Guard: with time, in letters
    Steam,
}

impl Kind {
    /// The spelling of the Key URI format and its successors
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Totp { .. } => "totp",
            Self::Hotp { .. } => "hotp",
            Self::Steam => "steam",
        }
    }
}

/// Everything but the secret, checked, so that computing a code cannot fail
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parameters {
    algorithm: Algorithm,
    digits: u8,
    kind: Kind,
}

impl Parameters {
    /// Seconds; what the Key URI format has where nothing is said
    pub(crate) const DEFAULT_PERIOD: u32 = 30;
    /// A day, in seconds
    pub(crate) const MAX_PERIOD: u32 = 86_400;
    /// What Google's signed field holds
    pub(crate) const MAX_COUNTER: u64 = u64::MAX >> 1;
    /// TOTP with SHA-1, 6 digits, 30 seconds: what the Key URI format has where nothing is said
    pub(crate) const DEFAULT: Self =
        Self { algorithm: Algorithm::Sha1, digits: 6, kind: Kind::Totp { period: Self::DEFAULT_PERIOD } };
    /// Steam Guard knows no other: SHA-1, 5 letters, 30 seconds
    pub(crate) const STEAM: Self = Self { algorithm: Algorithm::Sha1, digits: 5, kind: Kind::Steam };

    /// TOTP: 6 to 8 digits and a period of 1 to 86 400 seconds.
    ///
    /// # Errors
    /// `Digits` or `Period`, with the number that is out of range.
    pub(crate) fn new(algorithm: Algorithm, digits: u8, period: u32) -> Result<Self, KeyError> {
        check_digits(digits)?;
        if !(1..=Self::MAX_PERIOD).contains(&period) {
            return Err(KeyError::Period(period.into()));
        }
        Ok(Self { algorithm, digits, kind: Kind::Totp { period } })
    }

    /// HOTP: 6 to 8 digits and a counter of 0 to 2^63 - 1.
    ///
    /// # Errors
    /// `Digits` or `Counter`, with the number that is out of range.
    pub(crate) fn hotp(algorithm: Algorithm, digits: u8, counter: u64) -> Result<Self, KeyError> {
        check_digits(digits)?;
        if counter > Self::MAX_COUNTER {
            return Err(KeyError::Counter(counter));
        }
        Ok(Self { algorithm, digits, kind: Kind::Hotp { counter } })
    }

    /// The parameters of a type that was read. Steam has its own number of letters, whatever is said.
    ///
    /// # Errors
    /// Those of `new` and `hotp`, and `SteamAlgorithm`.
    pub(crate) fn of_kind(kind: Kind, algorithm: Algorithm, digits: u8) -> Result<Self, KeyError> {
        match kind {
            Kind::Totp { period } => Self::new(algorithm, digits, period),
            Kind::Hotp { counter } => Self::hotp(algorithm, digits, counter),
            Kind::Steam if algorithm == Algorithm::Sha1 => Ok(Self::STEAM),
            Kind::Steam => Err(KeyError::SteamAlgorithm(algorithm)),
        }
    }

    pub(crate) fn kind(self) -> Kind {
        self.kind
    }

    pub(crate) fn algorithm(self) -> Algorithm {
        self.algorithm
    }

    /// Characters of a code
    pub(crate) fn digits(self) -> u8 {
        self.digits
    }

    /// Seconds for which a code is current. None for HOTP: its codes wait until they are used, and no number says that
    pub(crate) fn period(self) -> Option<u32> {
        match self.kind {
            Kind::Totp { period } => Some(period),
            Kind::Steam => Some(Self::DEFAULT_PERIOD),
            Kind::Hotp { .. } => None,
        }
    }
}

fn check_digits(digits: u8) -> Result<(), KeyError> {
    if (6..=8).contains(&digits) { Ok(()) } else { Err(KeyError::Digits(digits.into())) }
}

/// A parameter that no key can have
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("unsupported algorithm '{0}'")]
    UnsupportedAlgorithm(String),
    #[error("Steam codes are made with SHA1, not with {0}")]
    SteamAlgorithm(Algorithm),
    #[error("{0} digits are not supported: a code has 6 to 8")]
    Digits(u64),
    #[error("a period of {0} s is not supported: it is 1 to {max} s", max = Parameters::MAX_PERIOD)]
    Period(u64),
    #[error("a counter of {0} is not supported: it is 0 to {max}", max = Parameters::MAX_COUNTER)]
    Counter(u64),
}

impl From<KeyError> for CommandError {
    fn from(error: KeyError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_out_of_range_are_refused() {
        let sha1 = Algorithm::Sha1;
        for digits in [0, 5, 9, 10, 255] {
            assert_eq!(Parameters::new(sha1, digits, 30), Err(KeyError::Digits(digits.into())));
            assert_eq!(Parameters::hotp(sha1, digits, 0), Err(KeyError::Digits(digits.into())));
        }
        for period in [0, 86_401, u32::MAX] {
            assert_eq!(Parameters::new(sha1, 6, period), Err(KeyError::Period(period.into())));
        }
        for counter in [1 << 63, u64::MAX] {
            assert_eq!(Parameters::hotp(sha1, 6, counter), Err(KeyError::Counter(counter)));
        }
        assert!(Parameters::new(sha1, 6, 86_400).is_ok());
        assert!(Parameters::hotp(sha1, 6, (1 << 63) - 1).is_ok());
    }

    #[test]
    fn steam_has_five_letters_and_sha1() {
        assert_eq!(Parameters::of_kind(Kind::Steam, Algorithm::Sha1, 6), Ok(Parameters::STEAM));
        let sha256 = Algorithm::Sha256;
        assert_eq!(Parameters::of_kind(Kind::Steam, sha256, 5), Err(KeyError::SteamAlgorithm(sha256)));
    }

    #[test]
    fn an_unknown_algorithm_is_an_error_that_names_it() {
        for (text, shown) in [("MD5", "MD5"), ("SHA224", "SHA224"), ("", ""), ("a\u{1b}[1m", "a�[1m")] {
            assert_eq!(text.parse::<Algorithm>(), Err(KeyError::UnsupportedAlgorithm(shown.to_owned())));
        }
    }
}
