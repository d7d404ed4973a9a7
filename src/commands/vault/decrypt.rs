//! `mfa vault decrypt`

use clap::Args;

use super::key_store::{forget_old_key, has_key};
use crate::error::{CommandError, Result};
use crate::session::Session;
use crate::text::{redact, shown_path};
use crate::vault::{Vault, WriteOptions};

/// Decrypt the vault: store its secrets as plain text again
#[derive(Debug, Args)]
pub(crate) struct Decrypt {
    /// Do not ask for confirmation
    #[arg(short, long)]
    yes: bool,
}

impl Decrypt {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let Some(header) = session.prepare_update()? else {
            return Err(CommandError::failed("the vault is not encrypted"));
        };
        let question = format!("write all secrets of '{}' as plain text?", shown_path(session.vault.path()));
        if !self.yes && !session.ui.confirm(&question, "confirm with -y")? {
            session.ui.status("nothing was changed");
            return Ok(());
        }
        let id = header.id.to_base64();
        // The change removes the pin, which says whether the key is in the key store.
        let is_in_key_store = has_key(&id, session);
        write_plain_text(session)?;
        forget_old_key(&id, is_in_key_store);
        session.ui.status("decrypted the vault: its secrets are plain text");
        Ok(())
    }
}

fn write_plain_text(session: &Session<'_>) -> Result<()> {
    let options = WriteOptions { key: session.key(), ..WriteOptions::default() };
    session.vault.update(&options, |vault| {
        reject_unreadable(vault)?;
        vault.decrypt();
        Ok(())
    })
}

/// Rejects a vault with a secret that cannot be decrypted: it can be neither written as plain text nor encrypted again.
pub(super) fn reject_unreadable(vault: &Vault) -> Result<()> {
    let locked = vault.entries().find(|entry| entry.account().is_none()).map(|entry| entry.name.to_string());
    let damaged = || vault.damaged().next().map(|(name, _)| redact(name));
    locked.or_else(damaged).map_or(Ok(()), |name| {
        let message = format!("the secret of '{name}' cannot be decrypted; nothing was changed");
        Err(CommandError::failed(message).hint("'mfa vault verify' shows why"))
    })
}
