//! Parameters of a key: the hash, the length of a code, and the period or counter.

use std::fmt;
use std::str::FromStr;

use crate::error::{CommandError, ExitCode};
use crate::text::redact;

/// The hash function of the HMAC (RFC 6238, section 1.2)
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// The hash of RFC 4226, used by nearly every service
    #[default]
    Sha1,
    Sha256,
    Sha512,
}

impl Algorithm {
    /// Returns the spelling of the Key URI format.
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

    /// Parses the spellings in use: `SHA1`, `sha-1`, `HmacSHA1`, `Algorithm.sha1`. Rejects any other text.
    fn from_str(text: &str) -> Result<Self, KeyError> {
        let plain: String =
            text.chars().filter(|c| !matches!(c, '-' | '_' | ' ')).map(|c| c.to_ascii_uppercase()).collect();
        let hash = plain.strip_prefix("ALGORITHM.").unwrap_or(&plain);
        match hash.strip_prefix("HMAC").unwrap_or(hash) {
            "SHA1" => Ok(Self::Sha1),
            "SHA256" => Ok(Self::Sha256),
            "SHA512" => Ok(Self::Sha512),
            _ => Err(KeyError::UnsupportedAlgorithm(redact(text))),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The moving factor of the codes
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Time (RFC 6238), with the period in seconds
    Totp { period: u32 },
    /// A counter (RFC 4226), with its value for the next code
    Hotp { counter: u64 },
    /// Time, with the letters of Steam Guard
    Steam,
}

impl Kind {
    /// Returns the spelling of the Key URI format and its successors.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Totp { .. } => "totp",
            Self::Hotp { .. } => "hotp",
            Self::Steam => "steam",
        }
    }
}

/// The checked parameters of a key, with which computing a code cannot fail
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parameters {
    algorithm: Algorithm,
    digits: u8,
    kind: Kind,
}

impl Parameters {
    /// In seconds; the default of the Key URI format
    pub(crate) const DEFAULT_PERIOD: u32 = 30;
    /// One day, in seconds
    pub(crate) const MAX_PERIOD: u32 = 86_400;
    /// The largest value of the signed field in the format of Google Authenticator
    pub(crate) const MAX_COUNTER: u64 = u64::MAX >> 1;
    /// The defaults of the Key URI format: TOTP with SHA-1, 6 digits, 30 seconds
    pub(crate) const DEFAULT: Self =
        Self { algorithm: Algorithm::Sha1, digits: 6, kind: Kind::Totp { period: Self::DEFAULT_PERIOD } };
    /// The only parameters of Steam Guard: SHA-1, 5 letters, 30 seconds
    pub(crate) const STEAM: Self = Self { algorithm: Algorithm::Sha1, digits: 5, kind: Kind::Steam };

    /// Creates parameters of TOTP with 6 to 8 digits and a period of 1 to 86 400 seconds.
    ///
    /// # Errors
    /// Returns `Digits` or `Period` if the number is out of range.
    pub(crate) fn new(algorithm: Algorithm, digits: u8, period: u32) -> Result<Self, KeyError> {
        check_digits(digits)?;
        if !(1..=Self::MAX_PERIOD).contains(&period) {
            return Err(KeyError::Period(period.into()));
        }
        Ok(Self { algorithm, digits, kind: Kind::Totp { period } })
    }

    /// Creates parameters of HOTP with 6 to 8 digits and a counter of 0 to 2^63 - 1.
    ///
    /// # Errors
    /// Returns `Digits` or `Counter` if the number is out of range.
    pub(crate) fn hotp(algorithm: Algorithm, digits: u8, counter: u64) -> Result<Self, KeyError> {
        check_digits(digits)?;
        if counter > Self::MAX_COUNTER {
            return Err(KeyError::Counter(counter));
        }
        Ok(Self { algorithm, digits, kind: Kind::Hotp { counter } })
    }

    /// Creates parameters of any kind. Ignores `digits` if the kind is Steam.
    ///
    /// # Errors
    /// Returns `Digits`, `Period` or `Counter` if the number is out of range, and `SteamAlgorithm` if the kind is Steam
    /// and the algorithm is not SHA-1.
    pub(crate) fn from_kind(kind: Kind, algorithm: Algorithm, digits: u8) -> Result<Self, KeyError> {
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

    /// Returns the number of characters of a code.
    pub(crate) fn digits(self) -> u8 {
        self.digits
    }

    /// Returns the seconds for which a code is valid, or `None` if the kind is HOTP.
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

/// The reason why parameters are rejected
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
    fn parameters_out_of_range_are_rejected() {
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
        assert_eq!(Parameters::from_kind(Kind::Steam, Algorithm::Sha1, 6), Ok(Parameters::STEAM));
        let sha256 = Algorithm::Sha256;
        assert_eq!(Parameters::from_kind(Kind::Steam, sha256, 5), Err(KeyError::SteamAlgorithm(sha256)));
    }

    #[test]
    fn an_unknown_algorithm_is_named_in_the_error() {
        for (text, shown) in [("MD5", "MD5"), ("SHA224", "SHA224"), ("", ""), ("a\u{1b}[1m", "a�[1m")] {
            assert_eq!(text.parse::<Algorithm>(), Err(KeyError::UnsupportedAlgorithm(shown.to_owned())));
        }
    }
}
