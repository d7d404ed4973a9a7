//! Keys out of passwords, as the apps derive them; their costs were checked before.

use hmac::Hmac;
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{FormatError, cost};

/// A key that a password gave
pub(super) type DerivedKey = Zeroizing<[u8; 32]>;

/// The hash that PBKDF2 (RFC 8018) is run with
#[derive(Debug, Clone, Copy)]
pub(super) enum Hash {
    Sha256,
}

pub(super) fn pbkdf2(hash: Hash, iterations: u32, password: &str, salt: &[u8]) -> DerivedKey {
    let mut key = DerivedKey::default();
    let derive = match hash {
        Hash::Sha256 => pbkdf2::pbkdf2::<Hmac<Sha256>>,
    };
    derive(password.as_bytes(), salt, iterations, &mut *key).expect("an HMAC takes keys of any length");
    key
}

pub(super) fn scrypt(costs: cost::Scrypt, password: &str, salt: &[u8]) -> Result<DerivedKey, FormatError> {
    let mut key = DerivedKey::default();
    let impossible = FormatError::Damaged("its scrypt has costs that cannot be");
    let params =
        scrypt::Params::new(costs.log_n, costs.r, costs.p, key.len()).map_err(|_| impossible.clone())?;
    scrypt::scrypt(password.as_bytes(), salt, &params, &mut *key).map_err(|_| impossible)?;
    Ok(key)
}
