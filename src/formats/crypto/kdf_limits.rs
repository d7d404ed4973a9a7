//! How much work a file may ask for before it opens: it names the costs of its key derivation itself.

use crate::formats::FormatError;

/// Some seconds; the apps ask for 10 000 to 600 000
const MAX_PBKDF2_ITERATIONS: u64 = 10_000_000;
/// Some seconds; KeePass asks for what takes one
const MAX_AES_ROUNDS: u64 = 200_000_000;
const MAX_SCRYPT_N: u64 = 1 << 20;
/// 1 GiB, what Ente asks for on a computer
const MAX_MEMORY: u64 = 1 << 30;
/// All passes together: Ente asks for 1 GiB four times
const MAX_WORK: u64 = 4 * MAX_MEMORY;
const MAX_LANES: u64 = 64;

/// Costs of scrypt (RFC 7914)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scrypt {
    pub(crate) log_n: u8,
    pub(crate) r: u32,
    pub(crate) p: u32,
}

/// Costs of Argon2 (RFC 9106)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Argon2 {
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
    pub(crate) lanes: u32,
}

/// The iterations of PBKDF2, if they are fit to be run.
///
/// # Errors
/// `Damaged` for none at all, `TooCostly`.
pub(crate) fn pbkdf2(iterations: u64) -> Result<u32, FormatError> {
    if iterations == 0 {
        return Err(FormatError::Damaged("its PBKDF2 has no iterations"));
    }
    run_with_timeout(iterations, MAX_PBKDF2_ITERATIONS, "PBKDF2")
}

/// The rounds of KeePass's own derivation, if they are fit to be run.
///
/// # Errors
/// `TooCostly`.
pub(crate) fn aes(rounds: u64) -> Result<u64, FormatError> {
    if rounds <= MAX_AES_ROUNDS { Ok(rounds) } else { Err(FormatError::TooCostly("AES-KDF")) }
}

impl Scrypt {
    /// N, r and p as a file names them.
    ///
    /// # Errors
    /// `Damaged` for what scrypt cannot run with, `TooCostly`.
    pub(crate) fn new(n: u64, r: u64, p: u64) -> Result<Self, FormatError> {
        if n < 2 || !n.is_power_of_two() || r == 0 || p == 0 {
            return Err(FormatError::Damaged("its scrypt has costs that cannot be"));
        }
        run_with_timeout(n, MAX_SCRYPT_N, "scrypt")?;
        let memory = n.saturating_mul(r).saturating_mul(128);
        run_with_timeout(memory, MAX_MEMORY, "scrypt")?;
        run_with_timeout(memory.saturating_mul(p), MAX_WORK, "scrypt")?;
        let log_n = u8::try_from(n.ilog2()).map_err(|_| FormatError::TooCostly("scrypt"))?;
        Ok(Self {
            log_n,
            r: run_with_timeout(r, MAX_MEMORY, "scrypt")?,
            p: run_with_timeout(p, MAX_WORK, "scrypt")?,
        })
    }
}

impl Argon2 {
    /// Memory in KiB, passes and lanes as a file names them.
    ///
    /// # Errors
    /// `Damaged` for what Argon2 cannot run with, `TooCostly`.
    pub(crate) fn new(memory_kib: u64, passes: u64, lanes: u64) -> Result<Self, FormatError> {
        if passes == 0 || lanes == 0 || memory_kib < lanes.saturating_mul(8) {
            return Err(FormatError::Damaged("its Argon2 has costs that cannot be"));
        }
        let lanes = run_with_timeout(lanes, MAX_LANES, "Argon2")?;
        run_with_timeout(memory_kib.saturating_mul(passes), MAX_WORK >> 10, "Argon2")?;
        let memory_kib = run_with_timeout(memory_kib, MAX_MEMORY >> 10, "Argon2")?;
        Ok(Self { memory_kib, passes: run_with_timeout(passes, MAX_WORK, "Argon2")?, lanes })
    }
}

fn run_with_timeout(cost: u64, most: u64, function: &'static str) -> Result<u32, FormatError> {
    let cost = if cost <= most { u32::try_from(cost).ok() } else { None };
    cost.ok_or(FormatError::TooCostly(function))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_costs_of_real_files_are_paid() {
        assert_eq!(pbkdf2(600_000), Ok(600_000));
        assert_eq!(Scrypt::new(32_768, 8, 1), Ok(Scrypt { log_n: 15, r: 8, p: 1 }));
        assert!(Scrypt::new(1 << 20, 8, 1).is_ok());
        for (memory_kib, passes) in [(1 << 20, 4), (1 << 18, 16), (1 << 17, 32), (19_456, 2)] {
            assert!(Argon2::new(memory_kib, passes, 1).is_ok(), "{memory_kib} {passes}");
        }
    }

    #[test]
    fn what_would_take_an_age_is_refused() {
        assert_eq!(pbkdf2(10_000_001), Err(FormatError::TooCostly("PBKDF2")));
        for (n, r, p) in
            [(1 << 21, 1, 1), (1 << 20, 9, 1), (1 << 20, 8, 5), (2, u64::MAX, 1), (2, 1, u64::MAX)]
        {
            assert_eq!(Scrypt::new(n, r, p), Err(FormatError::TooCostly("scrypt")), "{n} {r} {p}");
        }
        for (memory, passes, lanes) in
            [((1 << 20) + 1, 1, 1), (1 << 20, 5, 1), (8, u64::MAX, 1), (u64::MAX, 1, 1), (1 << 20, 1, 65)]
        {
            let refused = Err(FormatError::TooCostly("Argon2"));
            assert_eq!(Argon2::new(memory, passes, lanes), refused, "{memory} {passes} {lanes}");
        }
    }

    #[test]
    fn what_cannot_be_is_damaged() {
        assert!(matches!(pbkdf2(0), Err(FormatError::Damaged(_))));
        for (n, r, p) in [(0, 8, 1), (1, 8, 1), (3, 8, 1), (2, 0, 1), (2, 8, 0)] {
            assert!(matches!(Scrypt::new(n, r, p), Err(FormatError::Damaged(_))), "{n} {r} {p}");
        }
        for (memory, passes, lanes) in [(7, 1, 1), (8, 0, 1), (8, 1, 0), (8, 1, 2)] {
            assert!(matches!(Argon2::new(memory, passes, lanes), Err(FormatError::Damaged(_))));
        }
    }
}
