//! `mfa remove`

use anyhow::Result;
use clap::Args;

use super::Context;
use super::row::introduced;
use crate::failure::Failure;
use crate::text::shown;
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
    pub(super) fn run(&self, cx: &mut Context<'_>) -> Result<()> {
        let vault = cx.load()?;
        for name in &self.names {
            match vault.find(name, MatchKind::Exact) {
                Ok(entry) => cx.ui.say(introduced(format_args!("'{}'", entry.name), entry)),
                Err(FindError::Damaged { name, problem }) => cx.ui.say(format_args!("'{name}': {problem}")),
                Err(error) => return Err(error.into()),
            }
        }
        if !self.yes {
            for name in &self.names {
                if !is_confirmed(name, cx)? {
                    cx.ui.say("nothing was removed");
                    return Ok(());
                }
            }
        }
        cx.update(|vault| {
            for name in &self.names {
                if !vault.remove(name) {
                    return Err(vault.find(name, MatchKind::Exact).expect_err("it is gone").into());
                }
            }
            Ok(())
        })?;
        let names: Vec<String> = self.names.iter().map(|name| format!("'{}'", shown(name))).collect();
        cx.ui.say(format_args!("removed {}; 'mfa undo' takes it back", names.join(", ")));
        cx.ui.say("this does not turn MFA off at the service");
        Ok(())
    }
}

fn is_confirmed(name: &str, cx: &mut Context<'_>) -> Result<bool> {
    if !cx.ui.can_prompt() {
        return Err(Failure::usage("nobody can be asked whether to remove it")
            .hint("-y removes without asking")
            .into());
    }
    Ok(cx.ui.confirm_by_typing("remove it", name)?)
}
