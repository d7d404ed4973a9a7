//! Unlocks secrets, and checks that the vault is the expected one: intact, no rollback, no other key.

use crate::error::{CommandError, Result};
use crate::otp::{Account, Name};
use crate::session::Session;
use crate::text::{redact, shown_path};
use crate::vault::crypto::DataKey;
use crate::vault::{AccountError, FileError, Problem, TrustError, TrustState, Vault};

/// The hint of each warning about an account that was edited
const VERIFY_HINT: &str = "'mfa vault verify' shows what was changed";

/// How an unlocked vault relates to the state that this machine pinned
enum Trust {
    /// The vault is as expected; the states that were pinned
    Expected(Vec<TrustState>),
    /// The vault is authentic, but older than the pinned state
    Older(TrustError),
    /// The pinned state cannot be read
    Unknown(FileError),
}

impl Session<'_> {
    /// Unlocks one account of an encrypted vault.
    ///
    /// # Errors
    /// - the vault stays locked
    /// - the vault or the account was changed without the key, or the vault is not the expected one
    /// - the query is not the account's own name, and another account was edited: it may match instead
    pub(super) fn unlock_account(&mut self, vault: &mut Vault, name: &Name, query: &str) -> Result<Account> {
        let unlock = |session: &mut Self, vault: &mut Vault| {
            Ok(vault.unlock_account(&session.key_of(vault)?, name, query))
        };
        let (unlocked, trust) = self.retry_if_stale(vault, unlock)?;
        let unlocked = match unlocked {
            Ok(unlocked) => unlocked.ok_or_else(|| self.vault.changed())?,
            Err(AccountError::Tampered(findings)) => return Err(self.vault.tampered(findings).into()),
            Err(AccountError::Unusable(problem)) => return Err(unusable(name, &problem)),
        };
        if !unlocked.edited.is_empty() {
            return Err(self.vault.tampered(unlocked.edited).into());
        }
        self.report_trust(vault, trust);
        Ok(unlocked.account)
    }

    /// Unlocks all accounts of a vault. Does nothing to a plain-text vault.
    ///
    /// An account that was edited without the key, or cannot be decrypted, becomes unusable, with a warning.
    ///
    /// # Errors
    /// - the vault stays locked
    /// - the vault was changed without the key, or is not the expected one
    pub(crate) fn unlock_all(&mut self, vault: &mut Vault) -> Result<()> {
        if !vault.is_encrypted() {
            return Ok(());
        }
        let (findings, trust) =
            self.retry_if_stale(vault, |session, vault| Ok(vault.unlock(&session.key_of(vault)?)))?;
        if !findings.is_empty() {
            return Err(self.vault.tampered(findings).into());
        }
        self.report_trust(vault, trust);
        for (name, problem) in vault.damaged().filter(|(_, problem)| problem.is_about_encryption()) {
            let message = format!("the account '{}' cannot be used: {problem}", redact(name));
            self.ui.warn_always(message, VERIFY_HINT);
        }
        Ok(())
    }

    /// Unlocks the vault. If it is not the expected one, reloads the file and retries once: another process may have
    /// changed the vault, and pinned the new state, since it was read.
    ///
    /// # Errors
    /// The errors of `unlock`; the vault has another id or key, or is no longer encrypted.
    fn retry_if_stale<T>(
        &mut self,
        vault: &mut Vault,
        unlock: impl Fn(&mut Self, &mut Vault) -> Result<T>,
    ) -> Result<(T, Trust)> {
        let unlocked = unlock(self, vault)?;
        if let Ok(trust @ (Trust::Expected(_) | Trust::Unknown(_))) = self.trust(vault) {
            return Ok((unlocked, trust));
        }
        *vault = self.vault.load()?.vault;
        let unlocked = unlock(self, vault)?;
        Ok((unlocked, self.trust(vault)?))
    }

    fn trust(&self, vault: &Vault) -> Result<Trust, FileError> {
        let states = match self.vault.pinned_states() {
            Ok(states) => states,
            Err(error) => return Ok(Trust::Unknown(error)),
        };
        match states.iter().find_map(|pinned| pinned.check_vault(vault)) {
            None => Ok(Trust::Expected(states)),
            Some(reason @ TrustError::Rollback { .. }) => Ok(Trust::Older(reason)),
            Some(reason) => Err(self.vault.untrusted(reason)),
        }
    }

    /// Pins the state of the expected vault. Warns about a vault that is older, and about a pin that cannot be read or
    /// written.
    fn report_trust(&mut self, vault: &Vault, trust: Trust) {
        let failure = match trust {
            Trust::Expected(seen) => self.vault.update_pin(vault, &seen).err(),
            Trust::Unknown(error) => Some(error),
            Trust::Older(reason) => {
                let path = shown_path(self.vault.path());
                self.ui.warn_always(format_args!("the vault '{path}' {reason}"), TrustError::HINT);
                None
            }
        };
        if let Some(error) = failure {
            self.warn_about_file(&error);
        }
    }

    /// Returns the data key of an encrypted vault.
    ///
    /// # Errors
    /// The vault stays locked, or another process decrypted it since it was read.
    fn key_of(&mut self, vault: &Vault) -> Result<DataKey> {
        let header = vault.header().cloned().ok_or_else(|| self.vault.changed())?;
        self.data_key(&header)
    }
}

fn unusable(name: &Name, problem: &Problem) -> CommandError {
    CommandError::failed(format!("the account '{name}' cannot be used: {problem}")).hint(
        "'mfa vault verify' shows what was changed; the '.bak' file holds the vault before the last change",
    )
}
