//! Limits for the key derivation of encrypted files, which specify its costs themselves.

use crate::formats::FormatError;

/// A few seconds; the apps use 10 000 to 600 000
const MAX_PBKDF2_ITERATIONS: u64 = 10_000_000;
/// A few seconds; KeePass uses one second
const MAX_AES_ROUNDS: u64 = 200_000_000;
/// With a block size of 8 it takes 1 GiB
const MAX_SCRYPT_N: u64 = 1 << 20;
/// 1 GiB in bytes, which Ente uses on a computer
const MAX_MEMORY: u64 = 1 << 30;
/// Bytes of all passes together: Ente uses 1 GiB four times
const MAX_WORK: u64 = 4 * MAX_MEMORY;
const MAX_LANES: u64 = 64;

/// Checked costs of scrypt (RFC 7914)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scrypt {
    pub(crate) log_n: u8,
    pub(crate) r: u32,
    pub(crate) p: u32,
}

/// Checked costs of Argon2 (RFC 9106)
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Argon2 {
    pub(crate) memory_kib: u32,
    pub(crate) passes: u32,
    pub(crate) lanes: u32,
}

/// Checks the iterations of PBKDF2.
///
/// # Errors
/// Returns `Damaged` for zero iterations, and `TooCostly` if they exceed the limit.
pub(crate) fn pbkdf2(iterations: u64) -> Result<u32, FormatError> {
    if iterations == 0 {
        return Err(FormatError::Damaged("its PBKDF2 has no iterations"));
    }
    check_cost(iterations, MAX_PBKDF2_ITERATIONS, "PBKDF2")
}

/// Checks the rounds of KeePass's own key derivation.
///
/// # Errors
/// Returns `TooCostly` if they exceed the limit.
pub(crate) fn aes(rounds: u64) -> Result<u64, FormatError> {
    if rounds <= MAX_AES_ROUNDS { Ok(rounds) } else { Err(FormatError::TooCostly("AES-KDF")) }
}

impl Scrypt {
    /// Checks N, r and p of a file.
    ///
    /// # Errors
    /// Returns `Damaged` if scrypt cannot use them, and `TooCostly` if they exceed the limits.
    pub(crate) fn new(n: u64, r: u64, p: u64) -> Result<Self, FormatError> {
        if n < 2 || !n.is_power_of_two() || r == 0 || p == 0 {
            return Err(FormatError::Damaged("its scrypt has invalid parameters"));
        }
        check_cost(n, MAX_SCRYPT_N, "scrypt")?;
        let memory = n.saturating_mul(r).saturating_mul(128);
        check_cost(memory, MAX_MEMORY, "scrypt")?;
        check_cost(memory.saturating_mul(p), MAX_WORK, "scrypt")?;
        let log_n = u8::try_from(n.ilog2()).map_err(|_| FormatError::TooCostly("scrypt"))?;
        Ok(Self { log_n, r: check_cost(r, MAX_MEMORY, "scrypt")?, p: check_cost(p, MAX_WORK, "scrypt")? })
    }
}

impl Argon2 {
    /// Checks memory in KiB, passes and lanes of a file.
    ///
    /// # Errors
    /// Returns `Damaged` if Argon2 cannot use them, and `TooCostly` if they exceed the limits.
    pub(crate) fn new(memory_kib: u64, passes: u64, lanes: u64) -> Result<Self, FormatError> {
        if passes == 0 || lanes == 0 || memory_kib < lanes.saturating_mul(8) {
            return Err(FormatError::Damaged("its Argon2 has invalid parameters"));
        }
        let lanes = check_cost(lanes, MAX_LANES, "Argon2")?;
        check_cost(memory_kib.saturating_mul(passes), MAX_WORK >> 10, "Argon2")?;
        let memory_kib = check_cost(memory_kib, MAX_MEMORY >> 10, "Argon2")?;
        Ok(Self { memory_kib, passes: check_cost(passes, MAX_WORK, "Argon2")?, lanes })
    }
}

/// Returns the cost as `u32`, or `TooCostly` if it exceeds the limit.
fn check_cost(cost: u64, limit: u64, function: &'static str) -> Result<u32, FormatError> {
    let cost = if cost <= limit { u32::try_from(cost).ok() } else { None };
    cost.ok_or(FormatError::TooCostly(function))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_of_real_files_are_accepted() {
        assert_eq!(pbkdf2(600_000), Ok(600_000));
        assert_eq!(Scrypt::new(32_768, 8, 1), Ok(Scrypt { log_n: 15, r: 8, p: 1 }));
        assert!(Scrypt::new(1 << 20, 8, 1).is_ok());
        for (memory_kib, passes) in [(1 << 20, 4), (1 << 18, 16), (1 << 17, 32), (19_456, 2)] {
            assert!(Argon2::new(memory_kib, passes, 1).is_ok(), "{memory_kib} {passes}");
        }
    }

    #[test]
    fn excessive_costs_are_rejected() {
        assert_eq!(pbkdf2(10_000_001), Err(FormatError::TooCostly("PBKDF2")));
        for (n, r, p) in
            [(1 << 21, 1, 1), (1 << 20, 9, 1), (1 << 20, 8, 5), (2, u64::MAX, 1), (2, 1, u64::MAX)]
        {
            assert_eq!(Scrypt::new(n, r, p), Err(FormatError::TooCostly("scrypt")), "{n} {r} {p}");
        }
        for (memory, passes, lanes) in
            [((1 << 20) + 1, 1, 1), (1 << 20, 5, 1), (8, u64::MAX, 1), (u64::MAX, 1, 1), (1 << 20, 1, 65)]
        {
            let rejected = Err(FormatError::TooCostly("Argon2"));
            assert_eq!(Argon2::new(memory, passes, lanes), rejected, "{memory} {passes} {lanes}");
        }
    }

    #[test]
    fn invalid_costs_are_damage() {
        assert!(matches!(pbkdf2(0), Err(FormatError::Damaged(_))));
        for (n, r, p) in [(0, 8, 1), (1, 8, 1), (3, 8, 1), (2, 0, 1), (2, 8, 0)] {
            assert!(matches!(Scrypt::new(n, r, p), Err(FormatError::Damaged(_))), "{n} {r} {p}");
        }
        for (memory, passes, lanes) in [(7, 1, 1), (8, 0, 1), (8, 1, 0), (8, 1, 2)] {
            assert!(matches!(Argon2::new(memory, passes, lanes), Err(FormatError::Damaged(_))));
        }
    }
}
