//! `mfa remove`

use std::collections::{HashMap, HashSet};

use clap::Args;

use crate::commands::account_json::named_summary;
use crate::error::{CommandError, Result};
use crate::session::Session;
use crate::text::redact;
use crate::vault::{Entry, FindError, MatchKind};

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
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let gone = |name| FindError::NotFound { query: redact(name), similar: Vec::new() };
            Ok(vault.remove_all(&names).map_err(gone)?)
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
        let by_name: HashMap<&str, &Entry> =
            vault.entries().map(|entry| (entry.name.as_str(), entry)).collect();
        let find = |query: &str| match by_name.get(query) {
            Some(entry) => Ok(*entry),
            None => vault.find(query, MatchKind::Exact),
        };
        let (mut names, mut seen) = (Vec::new(), HashSet::new());
        for query in &self.names {
            let (name, summary) = match find(query) {
                Ok(entry) => (entry.name.to_string(), named_summary(format_args!("'{}'", entry.name), entry)),
                Err(FindError::Damaged { name: shown, problem }) => {
                    (query.clone(), format!("'{shown}': {problem}"))
                }
                Err(error) => return Err(error.into()),
            };
            if seen.insert(name.clone()) {
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
