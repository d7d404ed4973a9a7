//! `mfa verify-vault`

use anyhow::Result;
use clap::Args;

use super::Context;
use super::locks::described;
use crate::failure::{Exit, Failure};
use crate::vault::{Doubt, Vault, Writing};

/// Check that an encrypted vault is as it was signed, and tell what is not
#[derive(Debug, Args)]
pub(crate) struct VerifyVault {
    /// Sign it as it stands, after showing what was changed
    #[arg(long)]
    accept: bool,
    /// Do not ask
    #[arg(short, long, requires = "accept")]
    yes: bool,
}

impl VerifyVault {
    pub(super) fn run(&self, cx: &mut Context<'_>) -> Result<()> {
        let mut vault = cx.load()?;
        let Some(head) = vault.head().cloned() else {
            cx.ui.say("the vault is not sealed: there is nothing that could be checked");
            return Ok(());
        };
        let key = cx.data_key(&head)?;
        let findings = vault.unlock(&key);
        let doubt = cx.vault.doubt(&vault);
        let told = tell(&vault, findings.iter().map(ToString::to_string).collect(), doubt, cx)?;
        if told == 0 {
            cx.vault.remember(&vault);
            cx.ui.say(format_args!(
                "the vault is as it was signed: {} accounts, generation {}, opened by {}",
                vault.entries().count(),
                head.generation,
                head.slots.iter().map(described).collect::<Vec<_>>().join(", "),
            ));
            return Ok(());
        }
        if !self.accept {
            return Err(Failure::new(Exit::Failed, "the vault is not as this machine left it")
                .hint("if you know why (a merge, an edit by hand): mfa verify-vault --accept; else put a backup back")
                .into());
        }
        if !self.yes && !cx.ui.confirm("sign the vault as it stands?", "-y signs it without asking")? {
            cx.ui.say("nothing was changed");
            return Ok(());
        }
        let writing = Writing { key: cx.key.as_ref(), accepts: true, ..Writing::default() };
        cx.vault.update::<_, anyhow::Error>(&writing, |vault| {
            vault.accept();
            Ok(())
        })?;
        cx.ui.say("the vault is signed as it stands");
        Ok(())
    }
}

/// One line for each thing that is not as it should be; how many there were
fn tell(vault: &Vault, mut lines: Vec<String>, doubt: Option<Doubt>, cx: &mut Context<'_>) -> Result<usize> {
    let closed = vault.entries().filter(|entry| entry.account().is_none());
    lines.extend(
        closed.map(|entry| format!("the secret of '{}' does not open: it gives no code", entry.name)),
    );
    lines.extend(doubt.map(|doubt| format!("the vault {doubt}")));
    let text: String = lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
    if !lines.is_empty() {
        cx.ui.answer(text.as_bytes())?;
    }
    Ok(lines.len())
}
