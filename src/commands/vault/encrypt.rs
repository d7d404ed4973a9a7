//! `mfa vault encrypt`

use clap::Args;

use super::decrypt::reject_unreadable;
use super::key_args::KeyArgs;
use super::key_store::{pin_key, with_key_in_store};
use super::plain_copies::remove_plain_copies;
use super::slot_summary::summaries;
use crate::commands::account_json::format_count;
use crate::error::{CommandError, Result};
use crate::otp::Account;
use crate::session::Session;
use crate::text::{redact, shown_path};
use crate::vault::crypto::{DataKey, VaultHeader, VaultId};
use crate::vault::{BackupPolicy, Vault, WriteOptions};

/// Encrypt the secrets of the vault, and the names with --hide-names
#[derive(Debug, Args)]
pub(crate) struct Encrypt {
    #[command(flatten)]
    keys: KeyArgs,
    /// Hide the names, issuers, account names and tags too, also in a vault that is already encrypted
    #[arg(long)]
    hide_names: bool,
    /// Show the names again
    #[arg(long, conflicts_with = "hide_names")]
    show_names: bool,
    /// Remove the plain-text copies of the vault in its folder, even if the vault is already encrypted
    #[arg(long)]
    remove_copies: bool,
}

impl Encrypt {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        session.harden();
        let mut vault = session.load_locked()?;
        if vault.is_encrypted() && (self.hide_names || self.show_names) {
            return self.switch_names(session);
        }
        if !(self.remove_copies && vault.is_encrypted()) {
            require_encryptable(&vault)?;
            warn_about_hard_links(session);
            return self.encrypt_secrets(session);
        }
        session.unlock_all(&mut vault)?;
        let accounts: Vec<Account> = vault.accounts().collect();
        remove_plain_copies(&accounts, self.remove_copies, session)
    }

    fn encrypt_secrets(&self, session: &mut Session<'_>) -> Result<()> {
        let (id, key) = (VaultId::generate(), DataKey::generate());
        let (header, accounts) = with_key_in_store(self.keys.key_store, id, &key, session, |session| {
            self.write_encrypted(id, &key, session)
        })?;
        session.ui.status(format_args!(
            "encrypted the secrets of {}, for: {}",
            format_count(accounts.len()),
            summaries(&header.slots)
        ));
        if let [_] = header.slots[..] {
            session.ui.note("next: add a second way in: 'mfa vault keys add'");
        }
        remove_plain_copies(&accounts, self.remove_copies, session)?;
        if self.keys.key_store { pin_key(&header, &key, session) } else { Ok(()) }
    }

    /// Hides or shows the names of an encrypted vault. The backup becomes the new version: it must not show the names.
    fn switch_names(&self, session: &mut Session<'_>) -> Result<()> {
        let is_changed = session.update_with(BackupPolicy::NewVersion, |vault| {
            reject_unreadable(vault)?;
            let is_changed = vault.header().is_some_and(|header| header.hides_names != self.hide_names);
            if is_changed {
                vault.set_hides_names(self.hide_names);
            }
            Ok(is_changed)
        })?;
        session.ui.status(match (self.hide_names, is_changed) {
            (true, true) => "the names of the accounts are encrypted now",
            (true, false) => "the names of the accounts are encrypted already",
            (false, true) => "the names of the accounts are readable now",
            (false, false) => "the names of the accounts are readable already",
        });
        Ok(())
    }

    fn write_encrypted(
        &self,
        id: VaultId,
        key: &DataKey,
        session: &mut Session<'_>,
    ) -> Result<(VaultHeader, Vec<Account>)> {
        let slots = self.keys.create_slots(id, key, true, session)?;
        let header = VaultHeader { id, generation: 0, hides_names: self.hide_names, slots };
        let options = WriteOptions { backup: BackupPolicy::NewVersion, ..WriteOptions::default() };
        session.vault.update(&options, |vault| {
            require_encryptable(vault)?;
            vault.encrypt(key, header.clone());
            Ok((header, vault.accounts().collect()))
        })
    }
}

/// Warns that the other name of a file of the vault keeps the plain text.
fn warn_about_hard_links(session: &mut Session<'_>) {
    for linked in session.vault.hard_linked() {
        let path = shown_path(&linked.path);
        session.ui.warn(
            format_args!("'{path}' is hard-linked: its other name keeps the plain text"),
            Some(&format!("find / -xdev -inum {}", linked.inode)),
        );
    }
}

/// Rejects a vault that is already encrypted, and one with a damaged record.
fn require_encryptable(vault: &Vault) -> Result<()> {
    if vault.is_encrypted() {
        return Err(CommandError::failed("the vault is already encrypted")
            .hint("to change its keys run 'mfa vault passwd', 'mfa vault keys' or 'mfa vault rekey'"));
    }
    match vault.damaged().next() {
        Some((name, problem)) => Err(CommandError::failed(format!(
            "the account '{}' cannot be encrypted: {problem}; nothing was changed",
            redact(name)
        ))
        .hint("fix its entry in the vault file, or remove it")),
        None => Ok(()),
    }
}
