//! Codes of HOTP accounts: each is printed once, and the counter is on the disk before the code is.

use crate::error::{CommandError, Result};
use crate::otp::{Account, Code, Key, Kind, Name, Parameters};
use crate::session::Session;
use crate::vault::{BackupPolicy, MatchKind};

/// Seconds after which the clipboard forgets a code of an HOTP account, which does not expire by itself
pub(crate) const COPIED_SECONDS: u64 = 45;

/// Returns the next code of an HOTP account (RFC 4226) after advancing its counter on the disk.
///
/// A process that dies in between skips one code, which servers allow for.
///
/// # Errors
/// The counter cannot be written, or another process removed or changed the account.
pub(crate) fn next_code(name: &Name, session: &mut Session<'_>) -> Result<Code> {
    session.update_with(BackupPolicy::Keep, |vault| {
        let account = vault.find(name.as_str(), MatchKind::Exact)?.account();
        let account = account
            .filter(|account| is_hotp(&account.key))
            .ok_or_else(|| CommandError::failed(format!("another process changed '{name}'")))?;
        let code = account.key.code_at(0);
        vault.replace(advance(account)?);
        Ok(code)
    })
}

/// Returns whether the codes of a key come from a counter.
pub(crate) fn is_hotp(key: &Key) -> bool {
    matches!(key.parameters().kind(), Kind::Hotp { .. })
}

/// Returns the usage error for an option that needs codes of a time.
pub(crate) fn needs_time(option: &str, name: &str) -> CommandError {
    CommandError::usage(format!("{option} does not apply to '{name}': its codes come from a counter (HOTP)"))
}

fn advance(account: Account) -> Result<Account> {
    let parameters = account.key.parameters();
    let counter = account.key.step_at(0).saturating_add(1);
    let parameters = Parameters::hotp(parameters.algorithm(), parameters.digits(), counter)?;
    Ok(Account { key: Key::new(account.key.secret().clone(), parameters), ..account })
}
