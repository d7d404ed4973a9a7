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
    /// Exact names of the accounts
    #[arg(required = true)]
    names: Vec<String>,
    /// Do not ask for confirmation
    #[arg(short, long)]
    yes: bool,
}

impl Remove {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let names = self.find_and_show(session)?;
        if !self.yes && !confirm_each(&names, session)? {
            session.ui.status("nothing was removed");
            return Ok(());
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
        let pronoun = if names.len() == 1 { "it" } else { "them" };
        session.ui.status(format_args!("removed {}; 'mfa undo' restores {pronoun}", names.join(", ")));
        session.ui.status("this does not turn MFA off at the service");
        Ok(())
    }

    /// Prints a line for each account, and returns their names without duplicates.
    fn find_and_show(&self, session: &mut Session<'_>) -> Result<Vec<String>> {
        let vault = session.load()?;
        let mut names: Vec<String> = Vec::new();
        for query in &self.names {
            let (name, summary) = match vault.find(query, MatchKind::Exact) {
                Ok(entry) => (entry.name.to_string(), named_summary(format_args!("'{}'", entry.name), entry)),
                Err(FindError::Damaged { name: shown, problem }) => {
                    (query.clone(), format!("'{shown}': {problem}"))
                }
                Err(error) => return Err(error.into()),
            };
            if !names.contains(&name) {
                session.ui.status(summary);
                names.push(name);
            }
        }
        Ok(names)
    }
}

fn confirm_each(names: &[String], session: &mut Session<'_>) -> Result<bool> {
    if !session.ui.can_prompt() {
        return Err(CommandError::usage("cannot ask for confirmation: no terminal").hint("confirm with -y"));
    }
    for name in names {
        if !session.ui.confirm_by_typing("remove it", name)? {
            return Ok(false);
        }
    }
    Ok(true)
}
