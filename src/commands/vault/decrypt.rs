//! `mfa decrypt`

use clap::Args;

use crate::error::{CommandError, Result};
use crate::keyring::{cache, store};
use crate::session::Session;
use crate::text::{redact, shown_path};
use crate::vault::{Vault, WriteOptions};

/// Make the vault plain text again
#[derive(Debug, Args)]
pub(crate) struct Decrypt {
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

impl Decrypt {
    pub(crate) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let head = session.prepare_update()?;
        if head.is_none() && session.cipher.is_none() {
            return Err(CommandError::failed("the vault is not encrypted"));
        }
        let path = shown_path(session.vault.path());
        let question = format!("write all secrets of '{path}' as plain text?");
        if !self.yes && !session.ui.confirm(&question, "-y does it without asking")? {
            session.ui.status("nothing was changed");
            return Ok(());
        }
        let id = head.map(|head| head.id.to_base64());
        // before the change: afterwards nothing is remembered of the vault
        let known = session.vault.pinned_state();
        let is_in_key_store =
            id.as_ref().is_some_and(|id| known.is_some_and(|known| known.has_stored_key(id)));
        let writing = WriteOptions {
            key: session.key(),
            decrypt_with: session.cipher.as_ref(),
            ..WriteOptions::default()
        };
        session.vault.update::<_, CommandError>(&writing, |vault| {
            if vault.is_encrypted() {
                refuse_sealed_rest(vault)?;
                vault.decrypt();
            } else {
                vault.set_recipients(Vec::new());
            }
            Ok(())
        })?;
        if let Some(id) = id {
            let _ = cache::forget(&id);
            if is_in_key_store {
                let _ = store::forget(&id);
            }
        }
        session.ui.status("the secrets of the vault are plain text now");
        Ok(())
    }
}

/// A secret that does not open cannot be written as plain text, or be sealed anew
pub(crate) fn refuse_sealed_rest(vault: &Vault) -> Result<()> {
    let closed = vault.entries().find(|entry| entry.account().is_none()).map(|entry| entry.name.to_string());
    let damaged = || vault.damaged().next().map(|(name, _)| redact(name));
    closed.or_else(damaged).map_or(Ok(()), |name| {
        Err(CommandError::failed(format!("the secret of '{name}' does not open; nothing was changed")))
    })
}
