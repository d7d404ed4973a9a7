//! The other copies of a vault, unlocked.

use std::path::Path;

use crate::error::{CommandError, Context as _, Result};
use crate::otp::Account;
use crate::session::Session;
use crate::text::{redact, shown_path};
use crate::vault::{Vault, VaultFile};

/// Another copy of the vault, unlocked
pub(super) struct Copy {
    pub(super) vault: Vault,
    pub(super) accounts: Vec<Account>,
}

impl Copy {
    /// Reads and unlocks another vault file, which may have another key. Warns about its damaged records.
    ///
    /// # Errors
    /// The file cannot be read or unlocked, was changed without its key, or has no account.
    pub(super) fn load(file: &Path, session: &mut Session<'_>) -> Result<Self> {
        let path = shown_path(file);
        let located = VaultFile::locate(Some(file.to_owned()))?;
        file.metadata().with_context(|| format!("could not read '{path}'"))?;
        let key = session.key.clone();
        let mut other = Session::new(&located, &mut *session.ui, session.identity);
        other.key = key;
        let mut vault = other.load()?;
        if let Some(header) = vault.header().cloned() {
            let findings = vault.unlock(&other.data_key(&header)?);
            if !findings.is_empty() {
                return Err(located.tampered(findings).into());
            }
        }
        for (name, problem) in vault.damaged() {
            other.ui.warn_skipped(format_args!("not merged: the account '{}': {problem}", redact(name)));
        }
        let accounts: Vec<Account> = vault.accounts().collect();
        if accounts.is_empty() {
            return Err(CommandError::failed(format!("no account in '{path}'")));
        }
        Ok(Self { vault, accounts })
    }
}
