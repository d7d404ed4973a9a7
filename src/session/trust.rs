//! Unlocks secrets, and checks that the vault is the expected one: intact, no rollback, no other key.

use crate::error::{CommandError, Result};
use crate::otp::{Account, Name};
use crate::session::Session;
use crate::text::shown_path;
use crate::vault::crypto::{DataKey, SecretDecryptError, TamperFinding};
use crate::vault::{FileError, TrustError, Vault};

/// The hint of each warning about an encrypted vault
const VERIFY_HINT: &str = "'mfa vault verify' shows what was changed";

/// The limit of what the MACs of single entries prove
pub(crate) const OLD_ENTRY_WARNING: &str =
    "an account may also have been put back to an older state, which mfa cannot detect";

impl Session<'_> {
    /// Unlocks one account of an encrypted vault. Warns if another part of the vault was tampered with.
    ///
    /// # Errors
    /// - the vault stays locked, or the secret cannot be decrypted
    /// - the trust check fails
    /// - the query is not the account's own name, and an entry was tampered with: it may match instead of another
    pub(super) fn unlock_account(&mut self, vault: &mut Vault, name: &Name, query: &str) -> Result<Account> {
        let unlock = |session: &mut Self, vault: &mut Vault| {
            let opened = vault.unlock_account(&session.key_of(vault)?, name, query);
            let opened = opened.map_err(|error| not_decrypted(name, error))?;
            opened.ok_or_else(|| session.changed().into())
        };
        let (opened, doubt) = self.retry_if_stale(vault, unlock)?;
        if !opened.is_named && opened.findings.iter().any(TamperFinding::affects_accounts) {
            return Err(self.vault.tampered(opened.findings).into());
        }
        self.check_integrity(vault, doubt, opened.findings)?;
        Ok(opened.account)
    }

    /// Unlocks all accounts of a vault. Does nothing to a plain-text vault.
    ///
    /// # Errors
    /// The vault stays locked, or the trust check fails.
    pub(crate) fn unlock_all(&mut self, vault: &mut Vault) -> Result<()> {
        if !vault.is_encrypted() {
            return Ok(());
        }
        let (findings, doubt) =
            self.retry_if_stale(vault, |session, vault| Ok(vault.unlock(&session.key_of(vault)?)))?;
        for locked in vault.entries().filter(|entry| entry.account().is_none()) {
            self.ui.warn_always(
                format_args!("the secret of '{}' cannot be decrypted", locked.name),
                VERIFY_HINT,
            );
        }
        self.check_integrity(vault, doubt, findings)
    }

    /// Unlocks the vault. If the trust check fails, reloads the file and retries once: another process may have changed
    /// the vault, and pinned the new state, since it was read.
    fn retry_if_stale<T>(
        &mut self,
        vault: &mut Vault,
        unlock: impl Fn(&mut Self, &mut Vault) -> Result<T>,
    ) -> Result<(T, Option<TrustError>)> {
        let unlocked = unlock(self, vault)?;
        if self.vault.trust_error(vault).is_none() {
            return Ok((unlocked, None));
        }
        // Read the pin before the file: writers update the file first, then the pin.
        let known = self.vault.pinned_states();
        *vault = self.vault.load()?.vault;
        let unlocked = unlock(self, vault)?;
        Ok((unlocked, known.iter().find_map(|known| known.check_vault(vault))))
    }

    /// Reports tampering and rollback. Pins the current state if the vault is intact.
    ///
    /// # Errors
    /// The vault has another id or key, is no longer encrypted, or holds entries of different generations.
    fn check_integrity(
        &mut self,
        vault: &Vault,
        doubt: Option<TrustError>,
        findings: Vec<TamperFinding>,
    ) -> Result<()> {
        match doubt {
            None if findings.is_empty() => self.vault.update_pin(vault),
            None => {}
            Some(doubt @ TrustError::Rollback { .. }) => {
                let path = shown_path(self.vault.path());
                self.ui.warn_always(format_args!("the vault '{path}' {doubt}"), TrustError::HINT);
            }
            Some(doubt) => {
                return Err(FileError::Untrusted { path: self.vault.path().to_owned(), reason: doubt }.into());
            }
        }
        if findings.contains(&TamperFinding::EntriesMixed) {
            return Err(self.vault.tampered(findings).into());
        }
        if !findings.is_empty() {
            self.warn_about_findings(vault, findings);
        }
        Ok(())
    }

    fn warn_about_findings(&mut self, vault: &Vault, findings: Vec<TamperFinding>) {
        let findings = self.vault.tampered(findings);
        if vault.may_contain_old_entries() {
            self.ui.warn_always(format_args!("{findings}; {OLD_ENTRY_WARNING}"), VERIFY_HINT);
        } else {
            self.ui.warn_always(findings, VERIFY_HINT);
        }
    }

    /// Returns the data key of an encrypted vault.
    ///
    /// # Errors
    /// The vault stays locked, or another process decrypted it since it was read.
    fn key_of(&mut self, vault: &Vault) -> Result<DataKey> {
        let header = vault.header().cloned().ok_or_else(|| self.changed())?;
        self.data_key(&header)
    }

    fn changed(&self) -> FileError {
        FileError::Changed { path: self.vault.path().to_owned() }
    }
}

fn not_decrypted(name: &Name, error: SecretDecryptError) -> CommandError {
    CommandError::failed(format!("'{name}': {error}")).hint(
        "'mfa vault verify' shows what was changed; the '.bak' file holds the vault before the last change",
    )
}
