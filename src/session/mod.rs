//! What every command works with: the vault, located and unlocked as far as it must be, and the user.

pub(crate) mod fresh_codes;
pub(crate) mod hotp;
pub(crate) mod unlock;
use std::path::PathBuf;

use crate::aws::config;
use crate::clock::{Clock, ClockError};
use crate::error::{CommandError, Context as _, ExitCode, Result};
use crate::otp::{Account, Name};
use crate::platform::env;
use crate::text::{argument, redact, shown_path};
use crate::ui::Ui;
use crate::vault::crypto::{DataKey, SecretDecryptError, TamperFinding, VaultHeader, VaultId};
use crate::vault::{
    BackupPolicy, Entry, FileError, FindError, Loaded, MatchKind, TrustError, Vault, VaultFile,
    WholeFileCipher, WriteOptions,
};

/// How the user selects an account
#[derive(Debug, Clone, Copy)]
pub(crate) enum AccountSelector<'a> {
    /// A name, a part of one, or the ARN of an MFA device
    Name(&'a str),
    /// A profile of the AWS configuration, whose `mfa_serial` names the account
    Profile(&'a str),
}

/// What a command works with
#[derive(Debug)]
pub(crate) struct Session<'a> {
    pub(crate) vault: &'a VaultFile,
    pub(crate) ui: &'a mut Ui,
    /// The program's own definition, for whoever describes it
    pub(crate) program: fn() -> clap::Command,
    /// Files with private keys, as the command line names them
    pub(crate) identity: &'a [PathBuf],
    /// Of the sealed vault with this id, once it is known
    pub(crate) key: Option<(VaultId, DataKey)>,
    /// Of a vault that is encrypted as a whole, once it is known
    pub(crate) envelope: Option<WholeFileCipher>,
}

impl<'a> Session<'a> {
    pub(crate) fn new(vault: &'a VaultFile, ui: &'a mut Ui, identity: &'a [PathBuf]) -> Self {
        Self { vault, ui, program: clap::Command::default, identity, key: None, envelope: None }
    }

    pub(crate) fn with_program(self, program: fn() -> clap::Command) -> Self {
        Self { program, ..self }
    }
}

/// What a warning about a sealed vault advises
const VERIFY: &str = "'mfa verify-vault' shows what was changed";

/// What the other findings leave open
pub(crate) const OLD_ENTRY_WARNING: &str =
    "an account may have been put back to an older state besides: that cannot be told";

impl Session<'_> {
    /// The clock that stands at `--at`, else at `MFA_AT`, else the machine's
    pub(crate) fn clock(at: Option<&str>) -> Result<Clock, CommandError> {
        if let Some(at) = at {
            return Clock::at(at).map_err(|error| usage(&error, "--at"));
        }
        match env::var(env::AT)? {
            Some(at) => Clock::at(&at).map_err(|error| usage(&error, env::AT)),
            None => Ok(Clock::System),
        }
    }

    /// Says so where the machine's clock cannot be right: its codes are of no use
    pub(crate) fn warn_about_clock(&mut self, clock: Clock) {
        if let Some(day) = clock.date_before_release() {
            self.ui.warn(
                format_args!("this machine's clock shows {day}, before this program was made"),
                Some("set the clock: the codes are those of the time that it shows"),
            );
        }
    }

    /// What is known of the vault's key, handed on to be used with another `Ui`
    pub(crate) fn with_ui<'b>(&'b mut self, ui: &'b mut Ui) -> Session<'b> {
        let (key, envelope) = (self.key.take(), self.envelope.take());
        Session { vault: self.vault, ui, program: self.program, identity: self.identity, key, envelope }
    }

    /// Tells of the records that are no accounts
    pub(crate) fn warn_about_damaged(&mut self, vault: &Vault) {
        for (name, problem) in vault.damaged() {
            self.ui.warn(format_args!("the account '{}' cannot be used: {problem}", redact(name)), None);
        }
    }

    /// The vault, with a warning where others may read it
    pub(crate) fn load(&mut self) -> Result<Vault> {
        let vault = self.vault;
        self.load_with(|envelope| vault.load(envelope))
    }

    fn load_with(
        &mut self,
        load: impl Fn(Option<&WholeFileCipher>) -> Result<Loaded, FileError>,
    ) -> Result<Vault> {
        let loaded = match load(self.envelope.as_ref()) {
            Err(FileError::NeedsWholeFileKey { .. }) => {
                self.open_envelope()?;
                load(self.envelope.as_ref())?
            }
            loaded => loaded?,
        };
        if loaded.readable_by_others {
            let path = shown_path(self.vault.path());
            self.ui.warn(
                format_args!("others can read the vault '{path}'"),
                Some(&format!("chmod 600 {}", argument(&path))),
            );
        }
        Ok(loaded.vault)
    }

    /// The one account that the user means, with its secret
    pub(crate) fn find(&mut self, query: &str, kind: MatchKind) -> Result<Account> {
        let file = self.vault;
        let mut vault = self.load_with(|envelope| file.load_account(query, envelope))?;
        let entry = self.entry(&vault, query, kind)?;
        if let Some(account) = entry.account() {
            return Ok(account);
        }
        let name = entry.name.clone();
        self.unlock_account(&mut vault, &name, query)
    }

    /// The one account that the user means by a name, or by a profile of AWS's configuration
    pub(crate) fn find_selected(
        &mut self,
        selector: AccountSelector<'_>,
        kind: MatchKind,
    ) -> Result<Account> {
        let profile = match selector {
            AccountSelector::Name(name) => return self.find(name, kind),
            AccountSelector::Profile(profile) => profile,
        };
        let serial = config::mfa_serial(profile)?;
        self.find(serial.as_str(), kind).with_context(|| format!("the profile '{}'", redact(profile)))
    }

    /// One account of a sealed vault, and a warning where something around it is not as it was signed
    ///
    /// # Errors
    /// As `alarm`, and an account that was not sought by its own name where another one was edited.
    fn unlock_account(&mut self, vault: &mut Vault, name: &Name, sought: &str) -> Result<Account> {
        let unlocked = |session: &mut Self, vault: &mut Vault| {
            let opened = vault.unlock_account(&session.key_of(vault)?, name, sought);
            let opened = opened.map_err(|error| unopened(name, error))?;
            opened.ok_or_else(|| FileError::Changed { path: session.vault.path().to_owned() }.into())
        };
        let (opened, doubt) = self.retry_if_stale(vault, unlocked)?;
        if !opened.is_named && opened.findings.iter().any(TamperFinding::affects_accounts) {
            return Err(self.vault.tampered(opened.findings).into());
        }
        self.check_integrity(vault, doubt, opened.findings)?;
        Ok(opened.account)
    }

    /// Opens all accounts of a sealed vault; to a plain one it does nothing
    pub(crate) fn unlock_all(&mut self, vault: &mut Vault) -> Result<()> {
        if !vault.is_encrypted() {
            return Ok(());
        }
        let (findings, doubt) =
            self.retry_if_stale(vault, |session, vault| Ok(vault.unlock(&session.key_of(vault)?)))?;
        for closed in vault.entries().filter(|entry| entry.account().is_none()) {
            self.ui.warn_always(format_args!("the secret of '{}' does not open", closed.name), VERIFY);
        }
        self.check_integrity(vault, doubt, findings)
    }

    /// Unlocks a vault; where that raises a doubt, once more as it lies there now: whoever has changed it since it was
    /// read has noted that too, and so it is no doubt
    fn retry_if_stale<T>(
        &mut self,
        vault: &mut Vault,
        unlock: impl Fn(&mut Self, &mut Vault) -> Result<T>,
    ) -> Result<(T, Option<TrustError>)> {
        let unlocked = unlock(self, vault)?;
        if self.vault.trust_error(vault).is_none() {
            return Ok((unlocked, None));
        }
        // in this order, since a change is written first and remembered then
        let known = self.vault.pinned_states();
        *vault = self.vault.load(self.envelope.as_ref())?.vault;
        let unlocked = unlock(self, vault)?;
        Ok((unlocked, known.iter().find_map(|known| known.check_vault(vault))))
    }

    /// Tells what is not as it was signed, and an older copy; remembers a vault that is as it should be.
    ///
    /// # Errors
    /// Another vault in the place of the one that was there, or an account of another time: they give nothing.
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
            let mixed = if vault.may_contain_old_entries() {
                format!("; {OLD_ENTRY_WARNING}")
            } else {
                String::new()
            };
            self.ui.warn_always(format_args!("{}{mixed}", self.vault.tampered(findings)), VERIFY);
        }
        Ok(())
    }

    /// The data key of a vault that is sealed, and stays so until it is changed by another process
    fn key_of(&mut self, vault: &Vault) -> Result<DataKey> {
        let head = vault.header().cloned();
        let changed = || FileError::Changed { path: self.vault.path().to_owned() };
        self.data_key(&head.ok_or_else(changed)?)
    }

    /// Changes the vault; one that is encrypted is unlocked before it is locked for others
    pub(crate) fn update<T>(&mut self, change: impl FnOnce(&mut Vault) -> Result<T>) -> Result<T> {
        self.update_with(BackupPolicy::PreviousVersion, change)
    }

    pub(crate) fn update_with<T>(
        &mut self,
        backup: BackupPolicy,
        change: impl FnOnce(&mut Vault) -> Result<T>,
    ) -> Result<T> {
        self.prepare_update()?;
        let writing = WriteOptions {
            key: self.key(),
            decrypt_with: self.envelope.as_ref(),
            encrypt_with: self.envelope.as_ref(),
            backup,
            ..WriteOptions::default()
        };
        self.vault.update(&writing, change)
    }

    /// The data key that was used last
    pub(crate) fn key(&self) -> Option<&DataKey> {
        self.key.as_ref().map(|(_, key)| key)
    }

    /// Sees to what a change of the vault takes, so that nobody is asked while others wait
    pub(crate) fn prepare_update(&mut self) -> Result<Option<VaultHeader>> {
        let vault = match self.vault.load_for_change(self.envelope.as_ref()) {
            Err(FileError::NeedsWholeFileKey { .. }) => {
                self.open_envelope()?;
                return Ok(None);
            }
            loaded => loaded?.vault,
        };
        let head = vault.header().cloned();
        if let Some(head) = &head {
            self.data_key(head)?;
        }
        Ok(head)
    }

    /// What opens the sealed vault; none where it is encrypted as a whole, and opened.
    ///
    /// # Errors
    /// A vault that is not encrypted.
    pub(crate) fn encrypted_head(&mut self) -> Result<Option<VaultHeader>> {
        let head = self.load()?.header().cloned();
        if head.is_none() && self.envelope.is_none() {
            return Err(CommandError::failed("the vault is not encrypted").hint("mfa encrypt"));
        }
        Ok(head)
    }

    /// The one account that the user means; where several fit and somebody is there, they are asked
    pub(crate) fn entry<'v>(&mut self, vault: &'v Vault, query: &str, kind: MatchKind) -> Result<&'v Entry> {
        let found = match vault.find(query, kind) {
            Err(FindError::Ambiguous { query, candidates }) if self.ui.can_prompt() => {
                match self.ui.choose(&candidates)? {
                    Some(index) => vault.find(&candidates[index], MatchKind::Exact),
                    None => Err(FindError::Ambiguous { query, candidates }),
                }
            }
            found => found,
        };
        match found {
            Err(FindError::NotFound { .. }) if vault.is_empty() => Err(self.no_account(query)),
            found => Ok(found?),
        }
    }

    fn no_account(&self, query: &str) -> CommandError {
        let path = shown_path(self.vault.path());
        CommandError::new(ExitCode::NoAccount, format!("no account '{}'", redact(query)))
            .hint(format!("the vault '{path}' is empty; 'mfa add' stores the first account"))
    }
}

fn unopened(name: &Name, error: SecretDecryptError) -> CommandError {
    CommandError::failed(format!("'{name}': {error}"))
        .hint("'mfa verify-vault' shows what was changed; the vault before the last change is in its '.bak'")
}

fn usage(error: &ClockError, origin: &str) -> CommandError {
    CommandError::usage(format!("{origin}: {error}"))
}
