//! `mfa undo`

use std::collections::BTreeMap;

use anyhow::Result;
use clap::Args;

use super::Context;
use super::row::introduced;
use crate::failure::{Exit, Failure};
use crate::state::Steps;
use crate::text::shown_path;
use crate::vault::{Entry, FileError, Vault, Writing};

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
        let mut now = loaded(cx)?;
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
            let findings = before.unlock(&key);
            if !findings.is_empty() {
                return Err(backup.tampered(findings).into());
            }
        }
        let (key, envelope) = (other.key.take().filter(|_| before.is_sealed()), other.envelope.take());
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
        let there = Writing {
            key: cx.key().filter(|_| now.is_sealed()),
            opens: cx.envelope.as_ref(),
            accepts: true,
            ..Writing::default()
        };
        let back =
            Writing { key: key.as_ref().map(|(_, key)| key), opens: envelope.as_ref(), ..Writing::default() };
        let shown = (!self.yes).then_some([&now, &before]);
        // before the old name is on the disk, so that nobody is given a code twice by it, and what was handed out meanwhile
        let renamed = renamed(&now, &before);
        let go_on = || renamed.iter().for_each(|(from, to)| Steps::copy(cx.vault.path(), from, to));
        go_on();
        let further = cx.vault.restore(&there, &back, shown)?;
        go_on();
        for name in further {
            cx.ui.say(format_args!("'{name}' goes on from the counter that it had: no code is given twice"));
        }
        cx.ui.say("the vault is as before; 'mfa undo' once more takes this back");
        Ok(())
    }
}

/// The vault as it is; where it is damaged as a whole, what the backup has is told as new
fn loaded(cx: &mut Context<'_>) -> Result<Vault> {
    match cx.load() {
        Err(error) if matches!(error.downcast_ref(), Some(FileError::Document { .. })) => {
            cx.ui.warn(error, None);
            Ok(Vault::default())
        }
        loaded => loaded,
    }
}

/// The accounts that would get an earlier name back: both names
fn renamed<'a>(now: &'a Vault, before: &'a Vault) -> Vec<(&'a str, &'a str)> {
    let only_in = |one: &'a Vault, other: &Vault| -> Vec<&'a Entry> {
        one.entries().filter(|entry| !other.has(&entry.name)).collect()
    };
    let (goes, comes) = (only_in(now, before), only_in(before, now));
    let earlier = |entry: &&'a Entry| {
        goes.iter().find(|there| entry.secret().is_some() && there.secret() == entry.secret())
    };
    comes.iter().filter_map(|entry| Some((earlier(entry)?.name.as_str(), entry.name.as_str()))).collect()
}

/// That the secrets would not be kept as they are now
fn sealing(now: &Vault, before: &Vault) -> Option<&'static str> {
    match (now.is_sealed(), before.is_sealed()) {
        (true, false) => Some("in the backup the secrets are plain text"),
        (false, true) => Some("in the backup the secrets are sealed"),
        _ if now.head().map(|head| &head.slots) != before.head().map(|head| &head.slots) => {
            Some("the backup is opened by other passphrases or keys: 'mfa slots' tells those of now")
        }
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
