//! `mfa encrypt`

use clap::Args;

use crate::commands::vault::key_args::{KeyArgs, parsed, put_into_key_store, summary};
use crate::error::{CommandError, Context as _, Result};
use crate::otp::Account;
use crate::session::Session;
use crate::session::unlock::new_passphrase;
use crate::text::{redact, shown_path};
use crate::vault::crypto::{DataKey, Identities, VaultHeader, VaultId};
use crate::vault::{BackupPolicy, PlainCopy, Vault, WholeFileCipher, WriteOptions};

/// Encrypt the secrets of the vault; names, issuers and account names stay readable
#[derive(Debug, Args)]
pub(crate) struct Encrypt {
    #[command(flatten)]
    locks: KeyArgs,
    /// Hide the names too: the whole file becomes one age file, for a passphrase or for public keys
    #[arg(long, conflicts_with = "key_store")]
    opaque: bool,
    /// Remove plain copies of the vault that lie beside it; of a vault that is encrypted already too
    #[arg(long)]
    remove_copies: bool,
}

impl Encrypt {
    pub(crate) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        session.harden();
        let mut vault = session.load()?;
        if self.remove_copies && is_encrypted(&vault, session) {
            session.unlock_all(&mut vault)?;
            return self.remove_plain_copies(&vault.accounts().collect::<Vec<_>>(), session);
        }
        refuse(&vault, session.cipher.is_some())?;
        if self.opaque { self.hide(session) } else { self.seal(session) }
    }

    fn seal(&self, session: &mut Session<'_>) -> Result<()> {
        let (id, key) = (VaultId::generate(), DataKey::generate());
        let head = VaultHeader { id, generation: 0, slots: self.locks.slots(id, &key, true, session)? };
        let writing = WriteOptions { backup: BackupPolicy::NewVersion, ..WriteOptions::default() };
        let accounts = session.vault.update::<_, CommandError>(&writing, |vault| {
            refuse(vault, false)?;
            vault.encrypt(&key, head.clone());
            Ok(vault.accounts().collect::<Vec<_>>())
        })?;
        let slots: Vec<String> = head.slots.iter().map(summary).collect();
        session.ui.status(format_args!(
            "encrypted the secrets of {}, for: {}",
            counted(&accounts),
            slots.join(", ")
        ));
        if let [_] = head.slots[..] {
            session
                .ui
                .note("next: 'mfa slots add' lets something else open it too, so that one loss is no loss");
        }
        self.remove_plain_copies(&accounts, session)?;
        if self.locks.key_store { put_into_key_store(&head, &key, session) } else { Ok(()) }
    }

    /// An age file takes one passphrase, or public keys, and never both
    fn hide(&self, session: &mut Session<'_>) -> Result<()> {
        let recipients = self.locks.recipients()?;
        if !recipients.is_empty() && self.locks.take_passphrase() {
            return Err(CommandError::usage(
                "an opaque vault is for a passphrase or for public keys, not for both",
            ));
        }
        parsed(&recipients, session)?;
        let envelope = if recipients.is_empty() {
            WholeFileCipher::from_passphrase(new_passphrase(
                self.locks.new_passphrase_file.as_deref(),
                true,
                session,
            )?)
        } else {
            WholeFileCipher::from_identities(Identities::default())
        };
        let writing = WriteOptions {
            encrypt_with: Some(&envelope),
            backup: BackupPolicy::NewVersion,
            ..WriteOptions::default()
        };
        let accounts = session.vault.update::<_, CommandError>(&writing, |vault| {
            refuse(vault, false)?;
            vault.set_recipients(recipients);
            Ok(vault.accounts().collect::<Vec<_>>())
        })?;
        session.ui.status(format_args!("encrypted the vault as a whole, {} in it", counted(&accounts)));
        self.remove_plain_copies(&accounts, session)
    }

    /// Copies that editors, or the user, have left beside the vault
    fn remove_plain_copies(&self, accounts: &[Account], session: &mut Session<'_>) -> Result<()> {
        let (spare, others): (Vec<_>, Vec<_>) =
            session.vault.plain_copies(accounts).into_iter().partition(|copy| copy.is_redundant);
        for PlainCopy { path, .. } in spare.iter().filter(|_| !self.remove_copies) {
            session.ui.warn(format_args!("'{}' still holds secrets as plain text", shown_path(path)), None);
        }
        for PlainCopy { path, .. } in &others {
            let path = shown_path(path);
            session.ui.warn(
                format_args!("'{path}' holds secrets as plain text, and is not only a copy of this vault"),
                Some("it stays; remove it yourself if you no longer need it"),
            );
        }
        if spare.is_empty() || !(self.remove_copies || ask_to_remove(&spare, session)?) {
            return Ok(());
        }
        for PlainCopy { path, .. } in &spare {
            let path_shown = shown_path(path);
            std::fs::remove_file(path).with_context(|| format!("could not remove '{path_shown}'"))?;
            session.ui.status(format_args!("removed '{path_shown}'"));
        }
        Ok(())
    }
}

fn is_encrypted(vault: &Vault, session: &Session<'_>) -> bool {
    vault.is_encrypted() || session.cipher.is_some()
}

fn ask_to_remove(copies: &[PlainCopy], session: &mut Session<'_>) -> Result<bool> {
    if !session.ui.can_prompt() {
        session.ui.status(format_args!(
            "'mfa encrypt --remove-copies' removes {}",
            if copies.len() == 1 { "it" } else { "them" }
        ));
        return Ok(false);
    }
    session.ui.confirm("remove what is still plain text?", "--remove-copies removes it")
}

/// What cannot be encrypted: a vault that is already, and one whose records are not all understood
fn refuse(vault: &Vault, is_opaque: bool) -> Result<()> {
    if vault.is_encrypted() || is_opaque {
        return Err(CommandError::failed("the vault is encrypted already")
            .hint("'mfa passwd', 'mfa slots' and 'mfa rekey' change what opens it"));
    }
    match vault.damaged().next() {
        Some((name, problem)) => Err(CommandError::failed(format!(
            "the account '{}' cannot be encrypted: {problem}; nothing was changed",
            redact(name)
        ))
        .hint("mend its record in the vault file, or take it out")),
        None => Ok(()),
    }
}

fn counted(accounts: &[Account]) -> String {
    if let [_] = accounts { "1 account".to_owned() } else { format!("{} accounts", accounts.len()) }
}
