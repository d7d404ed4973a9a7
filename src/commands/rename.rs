//! `mfa rename`

use clap::Args;

use crate::error::{CommandError, ExitCode, Result};
use crate::otp::{Name, NameError};
use crate::session::Session;
use crate::state::UsedCodes;
use crate::vault::{MatchKind, NameTaken};

/// Give an account another name
#[derive(Debug, Args)]
pub(crate) struct Rename {
    /// The account's name, exactly
    name: String,
    /// What it shall be called
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
            session.ui.status(format_args!("'{old}' is called that already"));
            return Ok(());
        }
        let path = session.vault.path();
        session.update(|vault| {
            let entry = vault.find(old.as_str(), MatchKind::Exact)?;
            if entry.account().is_none() {
                let message = format!("the secret of '{old}' does not open, so it cannot be renamed");
                return Err(CommandError::failed(message));
            }
            vault.rename(&old, new.clone()).map_err(|taken: NameTaken| {
                CommandError::new(ExitCode::Exists, taken.to_string())
                    .hint("take another name, or rename that one first")
            })?;
            // before the new name is on the disk, so that nobody is given a code twice by it
            UsedCodes::copy(path, old.as_str(), new.as_str());
            Ok(())
        })?;
        // and what was handed out meanwhile
        UsedCodes::copy(path, old.as_str(), new.as_str());
        session.ui.status(format_args!("'{old}' is now '{new}'"));
        Ok(())
    }
}
