//! Keys out of passwords, as the apps derive them; their costs were checked before.

use zeroize::Zeroizing;

use super::{FormatError, cost};

/// A key that a password gave
pub(super) type DerivedKey = Zeroizing<[u8; 32]>;

pub(super) fn scrypt(costs: cost::Scrypt, password: &str, salt: &[u8]) -> Result<DerivedKey, FormatError> {
    let mut key = DerivedKey::default();
    let impossible = FormatError::Damaged("its scrypt has costs that cannot be");
    let params =
        scrypt::Params::new(costs.log_n, costs.r, costs.p, key.len()).map_err(|_| impossible.clone())?;
    scrypt::scrypt(password.as_bytes(), salt, &params, &mut *key).map_err(|_| impossible)?;
    Ok(key)
}
