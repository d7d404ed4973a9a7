//! Codes of HOTP accounts: each is handed out once, and the counter is on the disk before the code is.

use crate::error::{CommandError, Result};
use crate::otp::{Account, Code, Key, Kind, Name, Parameters};
use crate::session::Session;
use crate::vault::{BackupPolicy, MatchKind};

/// For how many seconds such a code, which is good until it is used, lies in the clipboard
pub(crate) const LASTS_COPIED: u64 = 45;

/// The next code of an HOTP account (RFC 4226). Its counter is advanced durably first: where that fails there is no
/// code, and where the process ends between the two one code is skipped, which servers allow for.
pub(crate) fn next_code(name: &Name, session: &mut Session<'_>) -> Result<Code> {
    session.update_with(BackupPolicy::Keep, |vault| {
        let account = vault.find(name.as_str(), MatchKind::Exact)?.account();
        let account = account
            .filter(|account| is_counted(&account.key))
            .ok_or_else(|| CommandError::failed(format!("'{name}' was changed by another process")))?;
        let code = account.key.code_at(0);
        vault.replace(advanced(account)?);
        Ok(code)
    })
}

/// Whether the codes of a key come from a counter
pub(crate) fn is_counted(key: &Key) -> bool {
    matches!(key.parameters().kind(), Kind::Hotp { .. })
}

/// A usage error for what makes no sense without a time
pub(crate) fn refuse(what: &str, name: &str) -> CommandError {
    CommandError::usage(format!("'{name}' is an HOTP account, its codes come from a counter: no {what}"))
}

fn advanced(account: Account) -> Result<Account> {
    let parameters = account.key.parameters();
    let counter = account.key.step_at(0).saturating_add(1);
    let parameters = Parameters::hotp(parameters.algorithm(), parameters.digits(), counter)?;
    Ok(Account { key: Key::new(account.key.secret().clone(), parameters), ..account })
}
