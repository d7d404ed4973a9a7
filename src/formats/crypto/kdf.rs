//! Keys out of passwords, as the apps derive them; their costs were checked before.

use argon2::{Algorithm, Argon2, Block, Params, Version};
use hmac::Hmac;
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use zeroize::Zeroizing;

use crate::formats::FormatError;
use crate::formats::crypto::kdf_limits;

/// A key that a password gave
pub(crate) type DerivedKey = Zeroizing<[u8; 32]>;

/// The hash that PBKDF2 (RFC 8018) is run with
#[derive(Debug, Clone, Copy)]
pub(crate) enum Hash {
    Sha1,
    Sha256,
    Sha512,
}

/// A cost, of which fuzzing pays but a little: what it looks for comes behind
pub(crate) fn paid<T: Ord>(cost: T, fuzzing: T) -> T {
    if cfg!(fuzzing) { cost.min(fuzzing) } else { cost }
}

pub(crate) fn pbkdf2(hash: Hash, iterations: u32, password: &str, salt: &[u8]) -> DerivedKey {
    let mut key = DerivedKey::default();
    let derive = match hash {
        Hash::Sha1 => pbkdf2::pbkdf2::<Hmac<Sha1>>,
        Hash::Sha256 => pbkdf2::pbkdf2::<Hmac<Sha256>>,
        Hash::Sha512 => pbkdf2::pbkdf2::<Hmac<Sha512>>,
    };
    derive(password.as_bytes(), salt, paid(iterations, 1000), &mut *key)
        .expect("an HMAC takes keys of any length");
    key
}

pub(crate) fn scrypt(
    costs: kdf_limits::Scrypt,
    password: &str,
    salt: &[u8],
) -> Result<DerivedKey, FormatError> {
    let mut key = DerivedKey::default();
    let impossible = FormatError::Damaged("its scrypt has costs that cannot be");
    let (log_n, r, p) = (paid(costs.log_n, 4), paid(costs.r, 8), paid(costs.p, 2));
    let params = scrypt::Params::new(log_n, r, p, key.len()).map_err(|_| impossible.clone())?;
    scrypt::scrypt(password.as_bytes(), salt, &params, &mut *key).map_err(|_| impossible)?;
    Ok(key)
}

/// # Errors
/// `Damaged` for a salt of less than 8 bytes, `TooCostly` where there is not as much memory.
pub(crate) fn argon2id(
    costs: kdf_limits::Argon2,
    password: &str,
    salt: &[u8],
) -> Result<DerivedKey, FormatError> {
    argon2(Algorithm::Argon2id, Version::V0x13, costs, password.as_bytes(), salt)
}

/// Argon2 in any of its forms, of a password that need not be text.
///
/// # Errors
/// As for `argon2id`.
pub(crate) fn argon2(
    algorithm: Algorithm,
    version: Version,
    costs: kdf_limits::Argon2,
    password: &[u8],
    salt: &[u8],
) -> Result<DerivedKey, FormatError> {
    let mut key = DerivedKey::default();
    let impossible = FormatError::Damaged("its Argon2 has costs that cannot be");
    let (memory, passes, lanes) = (paid(costs.memory_kib, 64), paid(costs.passes, 2), paid(costs.lanes, 4));
    let params = Params::new(memory, passes, lanes, Some(key.len())).map_err(|_| impossible.clone())?;
    let mut memory: Zeroizing<Vec<Block>> = Zeroizing::default();
    memory.try_reserve_exact(params.block_count()).map_err(|_| FormatError::TooCostly("Argon2"))?;
    memory.resize(params.block_count(), Block::new());
    Argon2::new(algorithm, version, params)
        .hash_password_into_with_memory(password, salt, &mut *key, &mut *memory)
        .map_err(|_| impossible)?;
    Ok(key)
}
