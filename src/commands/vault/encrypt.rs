//! `mfa encrypt`

use clap::Args;

use super::key_args::{KeyArgs, parse_recipients};
use super::key_store::put_key;
use super::plain_copies::remove_plain_copies;
use super::slot_summary::summaries;
use crate::commands::account_json::format_count;
use crate::error::{CommandError, Result};
use crate::otp::Account;
use crate::session::Session;
use crate::session::unlock::new_passphrase;
use crate::text::{redact, shown_path};
use crate::vault::crypto::{DataKey, Identities, VaultHeader, VaultId};
use crate::vault::{BackupPolicy, Vault, WholeFileCipher, WriteOptions};

/// Encrypt the secrets of the vault; names, issuers and account names stay readable
#[derive(Debug, Args)]
pub(crate) struct Encrypt {
    #[command(flatten)]
    keys: KeyArgs,
    /// Also hide the names: encrypt the whole file as one age file, for a passphrase or for public keys
    #[arg(long, conflicts_with = "key_store")]
    opaque: bool,
    /// Remove the plain-text copies of the vault in its folder, even if the vault is already encrypted
    #[arg(long)]
    remove_copies: bool,
}

impl Encrypt {
    pub(in crate::commands) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        session.harden();
        let mut vault = session.load()?;
        let is_encrypted = vault.is_encrypted() || session.cipher.is_some();
        let accounts = if self.remove_copies && is_encrypted {
            session.unlock_all(&mut vault)?;
            vault.accounts().collect()
        } else {
            require_encryptable(&vault, is_encrypted)?;
            warn_about_hard_links(session);
            if !self.opaque {
                return self.encrypt_secrets(session);
            }
            self.encrypt_whole_file(session)?
        };
        remove_plain_copies(&accounts, self.remove_copies, session)
    }

    fn encrypt_secrets(&self, session: &mut Session<'_>) -> Result<()> {
        let (id, key) = (VaultId::generate(), DataKey::generate());
        let header =
            VaultHeader { id, generation: 0, slots: self.keys.create_slots(id, &key, true, session)? };
        let options = WriteOptions { backup: BackupPolicy::NewVersion, ..WriteOptions::default() };
        let accounts = session.vault.update::<_, CommandError>(&options, |vault| {
            require_encryptable(vault, false)?;
            vault.encrypt(&key, header.clone());
            Ok(vault.accounts().collect::<Vec<_>>())
        })?;
        session.ui.status(format_args!(
            "encrypted the secrets of {}, for: {}",
            format_count(accounts.len()),
            summaries(&header.slots)
        ));
        if let [_] = header.slots[..] {
            session.ui.note("next: add a second way in: 'mfa slots add'");
        }
        remove_plain_copies(&accounts, self.remove_copies, session)?;
        if self.keys.key_store { put_key(&header, &key, session) } else { Ok(()) }
    }

    fn encrypt_whole_file(&self, session: &mut Session<'_>) -> Result<Vec<Account>> {
        let recipients = self.keys.recipients()?;
        let cipher = self.whole_file_cipher(&recipients, session)?;
        let options = WriteOptions {
            encrypt_with: Some(&cipher),
            backup: BackupPolicy::NewVersion,
            ..WriteOptions::default()
        };
        let accounts = session.vault.update::<_, CommandError>(&options, |vault| {
            require_encryptable(vault, false)?;
            vault.set_recipients(recipients);
            Ok(vault.accounts().collect::<Vec<_>>())
        })?;
        let count = format_count(accounts.len());
        session.ui.status(format_args!("encrypted the vault as a whole, with {count}"));
        Ok(accounts)
    }

    /// Returns the cipher for the whole file: an age file takes one passphrase, or public keys, and never both.
    fn whole_file_cipher(&self, recipients: &[String], session: &mut Session<'_>) -> Result<WholeFileCipher> {
        if !recipients.is_empty() && self.keys.needs_passphrase() {
            return Err(CommandError::usage("--opaque takes a passphrase or public keys, not both"));
        }
        parse_recipients(recipients, session)?;
        if !recipients.is_empty() {
            return Ok(WholeFileCipher::from_identities(Identities::default()));
        }
        let file = self.keys.new_passphrase_file.as_deref();
        Ok(WholeFileCipher::from_passphrase(new_passphrase(file, true, session)?))
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
fn require_encryptable(vault: &Vault, is_whole_file_encrypted: bool) -> Result<()> {
    if vault.is_encrypted() || is_whole_file_encrypted {
        return Err(CommandError::failed("the vault is already encrypted")
            .hint("to change its keys run 'mfa passwd', 'mfa slots' or 'mfa rekey'"));
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
