//! `mfa remove`

use clap::Args;

use crate::commands::account_json::named_summary;
use crate::error::{CommandError, Result};
use crate::session::Session;
use crate::text::redact;
use crate::vault::{FindError, MatchKind};

/// Remove accounts from the vault
#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// Their names, exactly
    #[arg(required = true)]
    names: Vec<String>,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

impl Remove {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let vault = session.load()?;
        // an account may be named twice, and by its ARN
        let mut names: Vec<String> = Vec::new();
        for name in &self.names {
            let (name, description) = match vault.find(name, MatchKind::Exact) {
                Ok(entry) => (entry.name.to_string(), named_summary(format_args!("'{}'", entry.name), entry)),
                Err(FindError::Damaged { name: shown, problem }) => {
                    (name.clone(), format!("'{shown}': {problem}"))
                }
                Err(error) => return Err(error.into()),
            };
            if !names.contains(&name) {
                session.ui.status(description);
                names.push(name);
            }
        }
        if !self.yes {
            for name in &names {
                if !is_confirmed(name, session)? {
                    session.ui.status("nothing was removed");
                    return Ok(());
                }
            }
        }
        session.update(|vault| {
            for name in &names {
                if !vault.remove(name) {
                    let gone = FindError::NotFound { query: redact(name), similar: Vec::new() };
                    return Err(gone.into());
                }
            }
            Ok(())
        })?;
        let names: Vec<String> = names.iter().map(|name| format!("'{}'", redact(name))).collect();
        session.ui.status(format_args!("removed {}; 'mfa undo' takes it back", names.join(", ")));
        session.ui.status("this does not turn MFA off at the service");
        Ok(())
    }
}

fn is_confirmed(name: &str, session: &mut Session<'_>) -> Result<bool> {
    if !session.ui.can_prompt() {
        return Err(
            CommandError::usage("nobody can be asked whether to remove it").hint("-y removes without asking")
        );
    }
    Ok(session.ui.confirm_by_typing("remove it", name)?)
}
