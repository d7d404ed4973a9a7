//! Derives keys from passwords. The caller checks the costs first, see `kdf_limits`.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use hmac::Hmac;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use crate::formats::FormatError;
use crate::formats::crypto::kdf_limits;

/// A key derived from a password
pub(crate) type DerivedKey = Zeroizing<[u8; 32]>;

/// The hash function of PBKDF2 (RFC 8018)
#[derive(Debug, Clone, Copy)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
    Sha512,
}

/// Returns the cost, reduced to at most `fuzzing` under a fuzzer, which tests the code after the derivation.
pub(crate) fn reduce_for_fuzzing<T: Ord>(cost: T, fuzzing: T) -> T {
    if cfg!(fuzzing) { cost.min(fuzzing) } else { cost }
}

/// Derives a key with PBKDF2.
pub(crate) fn pbkdf2(hash: Hash, iterations: u32, password: &str, salt: &[u8]) -> DerivedKey {
    let mut key = DerivedKey::default();
    let derive = match hash {
        Hash::Sha1 => pbkdf2::pbkdf2::<Hmac<Sha1>>,
        Hash::Sha256 => pbkdf2::pbkdf2::<Hmac<Sha256>>,
        Hash::Sha512 => pbkdf2::pbkdf2::<Hmac<Sha512>>,
    };
    derive(password.as_bytes(), salt, reduce_for_fuzzing(iterations, 1000), &mut *key)
        .expect("an HMAC takes keys of any length");
    key
}

/// Derives a key with scrypt.
///
/// # Errors
/// Returns `Damaged` if scrypt rejects the parameters.
pub(crate) fn scrypt(
    costs: kdf_limits::Scrypt,
    password: &str,
    salt: &[u8],
) -> Result<DerivedKey, FormatError> {
    let mut key = DerivedKey::default();
    let invalid = FormatError::Damaged("its scrypt has invalid parameters");
    let (log_n, r, p) =
        (reduce_for_fuzzing(costs.log_n, 4), reduce_for_fuzzing(costs.r, 8), reduce_for_fuzzing(costs.p, 2));
    let params = scrypt::Params::new(log_n, r, p, key.len()).map_err(|_| invalid.clone())?;
    scrypt::scrypt(password.as_bytes(), salt, &params, &mut *key).map_err(|_| invalid)?;
    Ok(key)
}

/// Derives a key with Argon2id, version 1.3.
///
/// # Errors
/// Returns `Damaged` if Argon2 rejects the parameters or the salt has less than 8 bytes, and `TooCostly` if there is not
/// enough memory.
pub(crate) fn argon2id(
    costs: kdf_limits::Argon2,
    password: &str,
    salt: &[u8],
) -> Result<DerivedKey, FormatError> {
    argon2(Algorithm::Argon2id, Version::V0x13, costs, password.as_bytes(), salt)
}

/// Derives a key with any variant of Argon2, from a password that may be binary.
///
/// # Errors
/// Returns `Damaged` if Argon2 rejects the parameters or the salt has less than 8 bytes, and `TooCostly` if there is not
/// enough memory.
pub(crate) fn argon2(
    algorithm: Algorithm,
    version: Version,
    costs: kdf_limits::Argon2,
    password: &[u8],
    salt: &[u8],
) -> Result<DerivedKey, FormatError> {
    let mut key = DerivedKey::default();
    let invalid = FormatError::Damaged("its Argon2 has invalid parameters");
    let (memory, passes, lanes) = (
        reduce_for_fuzzing(costs.memory_kib, 64),
        reduce_for_fuzzing(costs.passes, 2),
        reduce_for_fuzzing(costs.lanes, 4),
    );
    let params = Params::new(memory, passes, lanes, Some(key.len())).map_err(|_| invalid.clone())?;
    let mut memory: Zeroizing<Vec<Block>> = Zeroizing::default();
    memory.try_reserve_exact(params.block_count()).map_err(|_| FormatError::TooCostly("Argon2"))?;
    memory.resize(params.block_count(), Block::new());
    Argon2::new(algorithm, version, params)
        .hash_password_into_with_memory(password, salt, &mut *key, &mut *memory)
        .map_err(|_| invalid)?;
    Ok(key)
}
