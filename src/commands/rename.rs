//! `mfa rename`

use clap::Args;

use crate::error::{CommandError, ExitCode, Result};
use crate::otp::{Name, NameError};
use crate::session::Session;
use crate::state::UsedCodes;
use crate::vault::{MatchKind, NameTaken, Vault};

/// Rename an account
#[derive(Debug, Args)]
pub(crate) struct Rename {
    /// Exact name of the account
    name: String,
    /// New name
    new: String,
}

impl Rename {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let new: Name = self
            .new
            .trim()
            .parse()
            .map_err(|error: NameError| CommandError::usage(error.to_string()).hint(NameError::HINT))?;
        let old = session.load()?.find(&self.name, MatchKind::Exact)?.name.clone();
        if new == old {
            session.ui.status(format_args!("'{old}' already has that name"));
            return Ok(());
        }
        let path = session.vault.path();
        let copy_used_codes = || UsedCodes::copy(path, old.as_str(), new.as_str());
        session.update(|vault| {
            rename(vault, &old, &new)?;
            // Copy the used codes before the rename, and again after it: another process may have used one in between.
            copy_used_codes();
            Ok(())
        })?;
        copy_used_codes();
        session.ui.status(format_args!("'{old}' is now '{new}'"));
        Ok(())
    }
}

fn rename(vault: &mut Vault, old: &Name, new: &Name) -> Result<()> {
    if vault.find(old.as_str(), MatchKind::Exact)?.account().is_none() {
        return Err(CommandError::failed(format!("cannot rename '{old}': its secret cannot be decrypted")));
    }
    vault.rename(old, new.clone()).map_err(|taken: NameTaken| {
        CommandError::new(ExitCode::Exists, taken.to_string())
            .hint("choose another name, or rename that account first")
    })
}
