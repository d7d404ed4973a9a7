//! `mfa undo`

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Args;

use super::Context;
use super::row::introduced;
use crate::failure::{Exit, Failure};
use crate::text::shown_path;
use crate::vault::{Entry, Vault, Writing};

/// Take the last change of the vault back: the backup becomes the vault, and the vault the backup
#[derive(Debug, Args)]
pub(crate) struct Undo {
    /// Show what would change, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

impl Undo {
    pub(super) fn run(&self, cx: &mut Context<'_>) -> Result<()> {
        let mut now = cx.load()?;
        cx.open(&mut now)?;
        let backup = cx.vault.backup()?;
        if !backup.path().exists() {
            let message = format!("there is no backup '{}'", shown_path(backup.path()));
            return Err(Failure::new(Exit::Failed, message).into());
        }
        let key = cx.key.clone();
        let mut other = Context::new(&backup, &mut *cx.ui, cx.identity);
        let mut before = other.load()?;
        if let Some(head) = before.head().cloned() {
            other.key = key;
            let key = other.data_key(&head)?;
            before.unlock(&key);
        }
        let (key, envelope) = (other.key.take(), other.envelope.take());
        let differences = differences(&now, &before);
        for line in &differences {
            cx.ui.say(line);
        }
        if differences.is_empty() {
            cx.ui.say("the accounts in the backup are the same");
        }
        if let Some(sealing) = sealing(&now, &before) {
            cx.ui.say(sealing);
        }
        if self.dry_run
            || !(self.yes || cx.ui.confirm("put the backup back?", "-y does it without asking")?)
        {
            cx.ui.say("nothing was changed");
            return Ok(());
        }
        let writing =
            Writing { key: key.as_ref().map(|(_, key)| key), opens: envelope.as_ref(), ..Writing::default() };
        cx.vault.restore(&writing)?;
        cx.ui.say("the vault is as before; 'mfa undo' once more takes this back");
        Ok(())
    }
}

/// That the secrets would not be kept as they are now
fn sealing(now: &Vault, before: &Vault) -> Option<&'static str> {
    match (now.is_sealed(), before.is_sealed()) {
        (true, false) => Some("in the backup the secrets are plain text"),
        (false, true) => Some("in the backup the secrets are sealed"),
        _ => None,
    }
}

/// One line for each account that would come, go or change
fn differences(now: &Vault, before: &Vault) -> Vec<String> {
    let by_name = |vault: &'_ Vault| -> BTreeMap<String, Entry> {
        vault.entries().map(|entry| (entry.name.to_string(), entry.clone())).collect()
    };
    let (now, before) = (by_name(now), by_name(before));
    let goes = now.iter().filter(|(name, _)| !before.contains_key(*name));
    let comes = before.iter().filter(|(name, _)| !now.contains_key(*name));
    let changes = before.iter().filter_map(|(name, entry)| {
        let there = now.get(name).filter(|there| *there != entry)?;
        let secret = if there.secret() == entry.secret() { "" } else { ", with another secret" };
        Some(format!("~ {}{secret}", introduced(name, entry)))
    });
    goes.map(|(name, entry)| format!("- {}", introduced(name, entry)))
        .chain(comes.map(|(name, entry)| format!("+ {}", introduced(name, entry))))
        .chain(changes)
        .collect()
}
