//! The variables that the program listens to. An empty one counts as unset.

use std::ffi::OsString;

use crate::failure::Failure;

pub(crate) const VAULT: &str = "MFA_VAULT";
pub(crate) const NO_INPUT: &str = "MFA_NO_INPUT";
pub(crate) const AT: &str = "MFA_AT";
pub(crate) const IDENTITY: &str = "MFA_IDENTITY";
pub(crate) const PASSPHRASE_FILE: &str = "MFA_PASSPHRASE_FILE";
pub(crate) const PASSPHRASE_COMMAND: &str = "MFA_PASSPHRASE_COMMAND";
pub(crate) const MIN_REMAINING: &str = "MFA_MIN_REMAINING";

/// The value of a variable as it stands
pub(crate) fn raw(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// The value of a variable as text.
///
/// # Errors
/// A usage error that names the variable, where it is not UTF-8.
pub(crate) fn text(name: &str) -> Result<Option<String>, Failure> {
    let text = raw(name).map(OsString::into_string).transpose();
    text.map_err(|_| Failure::usage(format!("the variable {name} is not text")))
}
