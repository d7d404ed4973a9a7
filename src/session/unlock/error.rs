//! Errors of a vault that stays locked: exit code 6 for a wrong passphrase or key, 1 for damage.

use crate::error::{CommandError, ExitCode};
use crate::vault::crypto::AgeError;

pub(super) const HINT: &str = "'mfa unlock' asks for the passphrase at a terminal; scripts set MFA_PASSPHRASE_FILE, \
                    MFA_PASSPHRASE_COMMAND or MFA_IDENTITY";

pub(super) const WRONG_PASSPHRASE: &str = "wrong passphrase";

/// Returns the error for a passphrase that the variable `variable` names.
pub(super) fn locked_by_passphrase(error: AgeError, variable: &str) -> CommandError {
    match error {
        AgeError::WrongPassphrase | AgeError::EmptyPassphrase => {
            CommandError::new(ExitCode::Locked, format!("{WRONG_PASSPHRASE} (from {variable})"))
        }
        other => locked(other),
    }
}

pub(super) fn locked(error: AgeError) -> CommandError {
    let locked = |message: &str| CommandError::new(ExitCode::Locked, message);
    match error {
        AgeError::WrongPassphrase | AgeError::EmptyPassphrase => locked(WRONG_PASSPHRASE),
        AgeError::NoMatchingIdentity => locked("the vault is locked: the identities do not unlock it")
            .hint("name another one with --identity FILE or MFA_IDENTITY"),
        AgeError::IdentityLocked => locked("the vault is locked: a passphrase protects the identity")
            .hint("type the passphrase at a terminal"),
        AgeError::NeedsIdentity => locked("the vault is locked: it needs an identity")
            .hint("pass --identity FILE or set MFA_IDENTITY"),
        AgeError::NeedsPassphrase => locked("the vault is locked").hint(HINT),
        other => CommandError::from(other)
            .context("could not unlock the vault")
            .hint("the '.bak' file holds the vault before the last change"),
    }
}
