//! Keys, which compute codes from a secret and its parameters.

use totp_rs::{Builder, Totp};

use crate::otp::{Algorithm, Kind, Parameters, Secret};

/// A secret with its parameters, from which codes are computed
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

    /// Returns the counter of the next HOTP code, or `None` if the kind is not HOTP.
    pub(crate) fn counter(&self) -> Option<u64> {
        match self.parameters.kind() {
            Kind::Hotp { counter } => Some(counter),
            Kind::Totp { .. } | Kind::Steam => None,
        }
    }

    /// Returns whether both keys are equal. Ignores the counters of HOTP keys.
    pub(crate) fn eq_ignoring_counter(&self, other: &Self) -> bool {
        let [mine, theirs] = [self, other].map(Self::parameters);
        let without_counter = |parameters: Parameters| (parameters.algorithm(), parameters.digits());
        let is_same = match (self.counter(), other.counter()) {
            (Some(_), Some(_)) => without_counter(mine) == without_counter(theirs),
            _ => mine == theirs,
        };
        is_same && self.secret == other.secret
    }

    /// Returns the number of whole periods from the Unix epoch to `time` in seconds (T in RFC 6238, section 4.2).
    ///
    /// Returns the counter if the kind is HOTP.
    pub(crate) fn step_at(&self, time: u64) -> u64 {
        match self.parameters.kind() {
            Kind::Totp { period } => time / u64::from(period),
            Kind::Steam => time / u64::from(Parameters::DEFAULT_PERIOD),
            Kind::Hotp { counter } => counter,
        }
    }

    /// Returns the code at `time` in Unix seconds, or the code of the counter if the kind is HOTP.
    pub(crate) fn code_at(&self, time: u64) -> Code {
        self.code_of_step(self.step_at(time))
    }

    /// Returns the code of a step, or of a counter if the kind is HOTP.
    pub(crate) fn code_of_step(&self, step: u64) -> Code {
        let start = |step: u64, period: u32| step.saturating_mul(period.into());
        let (valid_from, valid_until) = match self.parameters.period() {
            Some(period) => (start(step, period), start(step.saturating_add(1), period)),
            None => (0, u64::MAX),
        };
        Code { digits: self.hotp().generate(step).to_string(), step, valid_from, valid_until }
    }

    /// Builds the HOTP generator (RFC 4226): totp-rs with a step of one second, whose time is the counter.
    fn hotp(&self) -> Totp {
        let algorithm = match (self.parameters.kind(), self.parameters.algorithm()) {
            (Kind::Steam, _) => totp_rs::Algorithm::Steam,
            (_, Algorithm::Sha1) => totp_rs::Algorithm::SHA1,
            (_, Algorithm::Sha256) => totp_rs::Algorithm::SHA256,
            (_, Algorithm::Sha512) => totp_rs::Algorithm::SHA512,
        };
        Builder::new()
            .with_algorithm(algorithm)
            .with_digits(self.parameters.digits())
            .with_secret(self.secret.expose().to_vec())
            .with_step_duration(1)
            .build_noncompliant()
    }
}

/// A code with the time for which it is valid. An HOTP code is valid at any time until it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    /// Leading zeros included
    pub(crate) digits: String,
    /// T in RFC 6238, C in RFC 4226
    pub(crate) step: u64,
    /// The first second at which the code is valid, in Unix seconds
    pub(crate) valid_from: u64,
    /// The first second at which the code is no longer valid, in Unix seconds
    pub(crate) valid_until: u64,
}

impl Code {
    /// Returns the seconds for which the code remains valid after `time`.
    pub(crate) fn seconds_left(&self, time: u64) -> u64 {
        self.valid_until.saturating_sub(time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &[u8], algorithm: Algorithm, digits: u8) -> Key {
        let parameters = Parameters::new(algorithm, digits, 30).unwrap();
        Key::new(Secret::from_bytes(secret.to_vec()).unwrap(), parameters)
    }

    fn parameters(account: &serde_json::Value) -> Parameters {
        let number = |field: &str| account[field].as_u64().unwrap();
        let digits = u8::try_from(number("digits")).unwrap();
        let kind = match account["type"].as_str().unwrap() {
            "hotp" => Kind::Hotp { counter: number("counter") },
            "steam" => Kind::Steam,
            _ => Kind::Totp { period: u32::try_from(number("period")).unwrap() },
        };
        let parameters =
            Parameters::from_kind(kind, account["algorithm"].as_str().unwrap().parse().unwrap(), digits)
                .unwrap();
        assert_eq!(
            (parameters.kind().as_str(), parameters.digits()),
            (account["type"].as_str().unwrap(), digits)
        );
        parameters
    }

    /// RFC 6238, appendix B, with the seeds of its reference code (20, 32 and 64 bytes)
    #[test]
    fn codes_match_rfc_6238_appendix_b() {
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
    fn codes_match_rfc_4226_appendix_d() {
        let codes = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        let key = key(b"12345678901234567890", Algorithm::Sha1, 6);
        for (counter, code) in (0u64..).zip(codes) {
            assert_eq!(key.code_of_step(counter).digits, code, "counter {counter}");
        }
    }

    /// Steam Guard codes from the tests of `KeePassXC`
    #[test]
    fn codes_match_steam_guard() {
        let (secret, _) = Secret::from_base32("63BEDWCQZKTQWPESARIERL5DTTQFCJTK").unwrap();
        let key = Key::new(secret, Parameters::STEAM);
        assert_eq!(key.code_at(1_511_200_518).digits, "FR8RV");
        assert_eq!(key.code_at(1_511_200_714).digits, "9P3VP");
        let code = key.code_at(59);
        assert_eq!((code.step, code.valid_from, code.valid_until), (1, 30, 60));
    }

    #[test]
    fn hotp_code_depends_on_counter_only() {
        let parameters = Parameters::hotp(Algorithm::Sha1, 6, 3).unwrap();
        let key = Key::new(Secret::from_bytes(b"12345678901234567890".to_vec()).unwrap(), parameters);
        for time in [0, 59, u64::MAX] {
            let code = key.code_at(time);
            assert_eq!((code.digits.as_str(), code.step), ("969429", 3), "at {time}");
            assert_eq!((code.valid_from, code.valid_until), (0, u64::MAX));
        }
    }

    /// Codes of synthetic accounts, computed by an independent HMAC
    #[test]
    fn codes_match_the_synthetic_vectors() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/fixtures/vectors/codes.json")).unwrap();
        let mut compared = 0;
        for account in vectors.as_array().unwrap() {
            let (secret, _) = Secret::from_base32(account["secret"].as_str().unwrap()).unwrap();
            let key = Key::new(secret, parameters(account));
            for (at, code) in account["codes"].as_object().unwrap() {
                let computed = match at.strip_prefix("counter ") {
                    Some(counter) => key.code_of_step(counter.parse().unwrap()),
                    None => key.code_at(at.parse().unwrap()),
                };
                assert_eq!(computed.digits, code.as_str().unwrap(), "{account}");
                compared += 1;
            }
        }
        assert!(compared > 50, "{compared} codes compared");
    }

    #[test]
    fn step_changes_at_the_first_second_of_a_period() {
        let key = Key::new(Secret::from_bytes(vec![7; 20]).unwrap(), Parameters::DEFAULT);
        assert_eq!(key.step_at(59), 1);
        assert_eq!(key.step_at(60), 2);
        let code = key.code_at(89);
        assert_eq!((code.valid_from, code.valid_until), (60, 90));
        assert_eq!(code.seconds_left(89), 1);
        assert_eq!(code.seconds_left(60), 30);
    }

    #[test]
    fn the_largest_time_does_not_panic() {
        let key = Key::new(
            Secret::from_bytes(vec![7; 20]).unwrap(),
            Parameters::new(Algorithm::Sha1, 6, 1).unwrap(),
        );
        assert_eq!(key.code_at(u64::MAX).digits.len(), 6);
    }
}
