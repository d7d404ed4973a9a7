//! A key that gives codes: a secret and its parameters.

use totp_rs::{Builder, Totp};

use crate::otp::{Algorithm, Kind, Parameters, Secret};

/// A key that gives codes
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

    /// Of HOTP: the next to be used
    pub(crate) fn counter(&self) -> Option<u64> {
        match self.parameters.kind() {
            Kind::Hotp { counter } => Some(counter),
            Kind::Totp { .. } | Kind::Steam => None,
        }
    }

    /// Whether another gives the same codes, but for how often a counter was used
    pub(crate) fn eq_ignoring_counter(&self, other: &Self) -> bool {
        let [mine, theirs] = [self, other].map(Self::parameters);
        let of_hotp = |parameters: Parameters| (parameters.algorithm(), parameters.digits());
        let is_same = match (self.counter(), other.counter()) {
            (Some(_), Some(_)) => of_hotp(mine) == of_hotp(theirs),
            _ => mine == theirs,
        };
        is_same && self.secret == other.secret
    }

    /// The number of whole periods between the Unix epoch and `time` in seconds (RFC 6238, section 4.2: T); of HOTP the
    /// counter, whatever the time
    pub(crate) fn step_at(&self, time: u64) -> u64 {
        match self.parameters.kind() {
            Kind::Totp { period } => time / u64::from(period),
            Kind::Steam => time / u64::from(Parameters::DEFAULT_PERIOD),
            Kind::Hotp { counter } => counter,
        }
    }

    /// The code at `time`, in Unix seconds; of HOTP the one of its counter
    pub(crate) fn code_at(&self, time: u64) -> Code {
        self.code_of_step(self.step_at(time))
    }

    /// The code of a step or, of HOTP, of a counter, whatever the time
    pub(crate) fn code_of_step(&self, step: u64) -> Code {
        let turn = |step: u64, period: u32| step.saturating_mul(period.into());
        let (valid_from, valid_until) = match self.parameters.period() {
            Some(period) => (turn(step, period), turn(step.saturating_add(1), period)),
            None => (0, u64::MAX),
        };
        Code { digits: self.hotp().generate(step).to_string(), step, valid_from, valid_until }
    }

    /// totp-rs with a step of one second is HOTP (RFC 4226): its time is the counter
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

/// One code and the time it is good for; one of HOTP is good at all times, until it is used
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    /// As it is typed, leading zeros included
    pub(crate) digits: String,
    /// RFC 6238's T, RFC 4226's C
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
            Parameters::of_kind(kind, account["algorithm"].as_str().unwrap().parse().unwrap(), digits)
                .unwrap();
        assert_eq!(
            (parameters.kind().as_str(), parameters.digits()),
            (account["type"].as_str().unwrap(), digits)
        );
        parameters
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

    /// Codes of Steam Guard that `KeePassXC` is tested against
    #[test]
    fn codes_are_those_of_steam() {
        let (secret, _) = Secret::from_base32("63BEDWCQZKTQWPESARIERL5DTTQFCJTK").unwrap();
        let key = Key::new(secret, Parameters::STEAM);
        assert_eq!(key.code_at(1_511_200_518).digits, "FR8RV");
        assert_eq!(key.code_at(1_511_200_714).digits, "9P3VP");
        let code = key.code_at(59);
        assert_eq!((code.step, code.valid_from, code.valid_until), (1, 30, 60));
    }

    #[test]
    fn a_code_of_hotp_comes_from_the_counter_and_not_from_the_time() {
        let parameters = Parameters::hotp(Algorithm::Sha1, 6, 3).unwrap();
        let key = Key::new(Secret::from_bytes(b"12345678901234567890".to_vec()).unwrap(), parameters);
        for time in [0, 59, u64::MAX] {
            let code = key.code_at(time);
            assert_eq!((code.digits.as_str(), code.step), ("969429", 3), "at {time}");
            assert_eq!((code.valid_from, code.valid_until), (0, u64::MAX));
        }
    }

    /// Codes of made-up accounts, computed by an independent HMAC
    #[test]
    fn codes_are_those_of_the_synthetic_vectors() {
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
}
