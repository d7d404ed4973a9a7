//! A key that gives codes: secret, algorithm, digits, period.

use std::fmt;
use std::str::FromStr;

use totp_rs::{Builder, Totp};

use super::Secret;

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
            _ => Err(KeyError::UnsupportedAlgorithm(crate::text::shown(text))),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What turns a secret into codes: checked, so that computing one cannot fail
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parameters {
    algorithm: Algorithm,
    digits: u8,
    period: u32,
}

impl Parameters {
    /// SHA-1, 6 digits, 30 seconds: what the Key URI format has where nothing is said
    pub(crate) const DEFAULT: Self = Self { algorithm: Algorithm::Sha1, digits: 6, period: 30 };
    /// A day, in seconds
    pub(crate) const MAX_PERIOD: u32 = 86_400;

    /// 6 to 8 digits and a period of 1 to 86 400 seconds.
    ///
    /// # Errors
    /// `Digits` or `Period`, with the number that is out of range.
    pub(crate) fn new(algorithm: Algorithm, digits: u8, period: u32) -> Result<Self, KeyError> {
        if !(6..=8).contains(&digits) {
            return Err(KeyError::Digits(digits.into()));
        }
        if !(1..=Self::MAX_PERIOD).contains(&period) {
            return Err(KeyError::Period(period.into()));
        }
        Ok(Self { algorithm, digits, period })
    }

    pub(crate) fn algorithm(self) -> Algorithm {
        self.algorithm
    }

    pub(crate) fn digits(self) -> u8 {
        self.digits
    }

    /// Seconds
    pub(crate) fn period(self) -> u32 {
        self.period
    }
}

/// A TOTP key
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    secret: Secret,
    parameters: Parameters,
}

impl Key {
    pub(crate) fn new(secret: Secret, parameters: Parameters) -> Self {
        Self { secret, parameters }
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.secret
    }

    pub(crate) fn parameters(&self) -> Parameters {
        self.parameters
    }

    /// The number of whole periods between the Unix epoch and `time` in seconds (RFC 6238, section 4.2: T)
    pub(crate) fn step_at(&self, time: u64) -> u64 {
        time / u64::from(self.parameters.period)
    }

    /// The code at `time`, in Unix seconds
    pub(crate) fn code_at(&self, time: u64) -> Code {
        self.code_of_step(self.step_at(time))
    }

    /// The code of a step, whatever the time
    pub(crate) fn code_of_step(&self, step: u64) -> Code {
        let period = u64::from(self.parameters.period);
        Code {
            digits: self.hotp().generate(step).to_string(),
            step,
            valid_from: step.saturating_mul(period),
            valid_until: step.saturating_add(1).saturating_mul(period),
        }
    }

    /// totp-rs with a step of one second is HOTP (RFC 4226): its time is the counter
    fn hotp(&self) -> Totp {
        let algorithm = match self.parameters.algorithm {
            Algorithm::Sha1 => totp_rs::Algorithm::SHA1,
            Algorithm::Sha256 => totp_rs::Algorithm::SHA256,
            Algorithm::Sha512 => totp_rs::Algorithm::SHA512,
        };
        Builder::new()
            .with_algorithm(algorithm)
            .with_digits(self.parameters.digits)
            .with_secret(self.secret.expose().to_vec())
            .with_step_duration(1)
            .build_noncompliant()
    }
}

/// One code and the time it is good for
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    /// As it is typed, leading zeros included
    pub(crate) digits: String,
    /// RFC 6238's T
    pub(crate) step: u64,
    /// Unix seconds, the first at which the code is current
    pub(crate) valid_from: u64,
    /// Unix seconds, the first at which it no longer is
    pub(crate) valid_until: u64,
}

impl Code {
    /// Seconds for which the code is still current at `time`
    pub(crate) fn seconds_left(&self, time: u64) -> u64 {
        self.valid_until.saturating_sub(time)
    }
}

/// A parameter that no key can have
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyError {
    #[error("unsupported algorithm '{0}'")]
    UnsupportedAlgorithm(String),
    #[error("{0} digits are not supported: a code has 6 to 8")]
    Digits(u64),
    #[error("a period of {0} s is not supported: it is 1 to {max} s", max = Parameters::MAX_PERIOD)]
    Period(u64),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &[u8], algorithm: Algorithm, digits: u8) -> Key {
        let parameters = Parameters::new(algorithm, digits, 30).unwrap();
        Key::new(Secret::from_bytes(secret.to_vec()).unwrap(), parameters)
    }

    /// RFC 6238, appendix B, with the seeds of its reference code (20, 32 and 64 bytes)
    #[test]
    fn codes_are_those_of_rfc_6238_appendix_b() {
        let seed = b"1234567890123456789012345678901234567890123456789012345678901234";
        let table = [
            (59, "94287082", "46119246", "90693936"),
            (1_111_111_109, "07081804", "68084774", "25091201"),
            (1_111_111_111, "14050471", "67062674", "99943326"),
            (1_234_567_890, "89005924", "91819424", "93441116"),
            (2_000_000_000, "69279037", "90698825", "38618901"),
            (20_000_000_000, "65353130", "77737706", "47863826"),
        ];
        for (time, sha1, sha256, sha512) in table {
            let code = |len: usize, algorithm| key(&seed[..len], algorithm, 8).code_at(time).digits;
            assert_eq!(code(20, Algorithm::Sha1), sha1, "at {time}");
            assert_eq!(code(32, Algorithm::Sha256), sha256, "at {time}");
            assert_eq!(code(64, Algorithm::Sha512), sha512, "at {time}");
        }
    }

    /// RFC 4226, appendix D
    #[test]
    fn codes_are_those_of_rfc_4226_appendix_d() {
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        let key = key(b"12345678901234567890", Algorithm::Sha1, 6);
        for (counter, code) in (0u64..).zip(codes) {
            assert_eq!(key.code_of_step(counter).digits, code, "counter {counter}");
        }
    }

    /// Codes of made-up accounts, computed by an independent HMAC
    #[test]
    fn codes_are_those_of_the_synthetic_vectors() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/fixtures/vectors/codes.json")).unwrap();
        let mut compared = 0;
        for account in vectors.as_array().unwrap().iter().filter(|a| a["type"] == "totp") {
            let (secret, _) = Secret::from_base32(account["secret"].as_str().unwrap()).unwrap();
            let number = |field: &str| u32::try_from(account[field].as_u64().unwrap()).unwrap();
            let algorithm = account["algorithm"].as_str().unwrap().parse().unwrap();
            let digits = u8::try_from(number("digits")).unwrap();
            let key = Key::new(secret, Parameters::new(algorithm, digits, number("period")).unwrap());
            for (time, code) in account["codes"].as_object().unwrap() {
                assert_eq!(key.code_at(time.parse().unwrap()).digits, code.as_str().unwrap(), "{account}");
                compared += 1;
            }
        }
        assert!(compared > 50, "{compared} codes compared");
    }

    #[test]
    fn the_turn_of_a_period_falls_on_its_first_second() {
        let key = Key::new(Secret::from_bytes(vec![7; 20]).unwrap(), Parameters::DEFAULT);
        assert_eq!(key.step_at(59), 1);
        assert_eq!(key.step_at(60), 2);
        let code = key.code_at(89);
        assert_eq!((code.valid_from, code.valid_until), (60, 90));
        assert_eq!(code.seconds_left(89), 1);
        assert_eq!(code.seconds_left(60), 30);
    }

    #[test]
    fn the_end_of_time_is_no_panic() {
        let key = Key::new(
            Secret::from_bytes(vec![7; 20]).unwrap(),
            Parameters::new(Algorithm::Sha1, 6, 1).unwrap(),
        );
        assert_eq!(key.code_at(u64::MAX).digits.len(), 6);
    }

    #[test]
    fn parameters_out_of_range_are_refused() {
        for digits in [0, 5, 9, 10, 255] {
            assert_eq!(Parameters::new(Algorithm::Sha1, digits, 30), Err(KeyError::Digits(digits.into())));
        }
        for period in [0, 86_401, u32::MAX] {
            assert_eq!(Parameters::new(Algorithm::Sha1, 6, period), Err(KeyError::Period(period.into())));
        }
        assert!(Parameters::new(Algorithm::Sha1, 6, 86_400).is_ok());
    }

    #[test]
    fn an_unknown_algorithm_is_an_error_that_names_it() {
        for (text, shown) in [("MD5", "MD5"), ("SHA224", "SHA224"), ("", ""), ("a\u{1b}[1m", "a�[1m")] {
            assert_eq!(text.parse::<Algorithm>(), Err(KeyError::UnsupportedAlgorithm(shown.to_owned())));
        }
    }
}
