//! `mfa undo`

use std::collections::BTreeMap;

use clap::Args;

use crate::commands::account_json::named_summary;
use crate::error::{CommandError, ExitCode, ExitStatus, Result};
use crate::session::Session;
use crate::state::UsedCodes;
use crate::text::{argument, redact, shown_path};
use crate::vault::crypto::AgeError;
use crate::vault::{Entry, FileError, Vault, WriteOptions};

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
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let opened = opened(session)?;
        let is_open = opened.is_some();
        let now = opened.unwrap_or_default();
        let backup = session.vault.backup()?;
        if !backup.path().exists() {
            let message = format!("there is no backup '{}'", shown_path(backup.path()));
            return Err(CommandError::failed(message));
        }
        let key = session.key.clone();
        let mut other = Session::new(&backup, &mut *session.ui, session.identity);
        let mut before = other.load()?;
        if let Some(head) = before.header().cloned() {
            other.key = key;
            let key = other.data_key(&head)?;
            let findings = before.unlock(&key);
            if !findings.is_empty() {
                let path = argument(&shown_path(backup.path()));
                return Err(CommandError::failed(backup.tampered(findings).to_string()).hint(format!(
                    "'mfa --vault {path} verify-vault' shows it, and --accept signs it anew"
                )));
            }
        }
        let (key, envelope) = (other.key.take().filter(|_| before.is_encrypted()), other.cipher.take());
        session.vault.check_backup_origin((&now, session.cipher.as_ref()), (&before, envelope.as_ref()))?;
        let differences = differences(&now, &before);
        for line in &differences {
            session.ui.status(line);
        }
        if differences.is_empty() {
            session.ui.status("the accounts in the backup are the same");
        }
        if let Some(sealing) = sealing(&now, &before) {
            session.ui.status(sealing);
        }
        if !is_open && before.accounts().any(|account| account.key.counter().is_some()) {
            session
                .ui
                .warn("counters go on from the backup's: the next codes may have been given already", None);
        }
        if self.dry_run
            || !(self.yes || session.ui.confirm("put the backup back?", "-y does it without asking")?)
        {
            session.ui.status("nothing was changed");
            return Ok(());
        }
        let there = WriteOptions {
            key: session.key().filter(|_| now.is_encrypted()),
            decrypt_with: session.cipher.as_ref(),
            allow_tampered: true,
            ..WriteOptions::default()
        };
        let back = WriteOptions {
            key: key.as_ref().map(|(_, key)| key),
            decrypt_with: envelope.as_ref(),
            ..WriteOptions::default()
        };
        let shown = (!self.yes).then_some([&now, &before]);
        // before the old name is on the disk, so that nobody is given a code twice by it, and what was handed out meanwhile
        let renamed = renamed(&now, &before);
        let go_on = || renamed.iter().for_each(|(from, to)| UsedCodes::copy(session.vault.path(), from, to));
        go_on();
        let further = session.vault.restore(is_open.then_some(&there), &back, shown)?;
        go_on();
        for name in further {
            session.ui.status(format_args!(
                "'{name}' goes on from the counter that it had: no code is given twice"
            ));
        }
        let was_plain = is_open && !now.is_encrypted() && session.cipher.is_none();
        let is_plain = !before.is_encrypted() && envelope.is_none();
        session.ui.status(if was_plain && !is_plain {
            "the vault is as before; what was undone is plain text in its backup, and 'mfa decrypt' goes back to it"
        } else {
            "the vault is as before; 'mfa undo' once more takes this back"
        });
        Ok(())
    }
}

/// The vault as it is, sound or not; none where it cannot be opened, and what the backup has is told as new
fn opened(session: &mut Session<'_>) -> Result<Option<Vault>> {
    let opened = session.load().and_then(|mut now| match session.unlock_all(&mut now) {
        Err(error)
            if matches!(
                error.downcast_ref(),
                Some(FileError::Tampered { .. } | FileError::Untrusted { .. })
            ) =>
        {
            session.ui.warn(error, None);
            Ok(now)
        }
        opened => opened.map(|()| now),
    });
    match opened {
        Err(error) if is_of_vault(&error) => {
            session.ui.warn(error, None);
            Ok(None)
        }
        opened => opened.map(Some),
    }
}

/// Whether it is the vault itself that does not open: damaged, or for a passphrase or key that is not there
fn is_of_vault(error: &CommandError) -> bool {
    match error.downcast_ref() {
        Some(FileError::Document { .. } | FileError::Decrypt { .. }) => true,
        Some(_) => false,
        None => {
            error.status == ExitStatus::Code(ExitCode::Locked) || error.downcast_ref::<AgeError>().is_some()
        }
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
    match (now.is_encrypted(), before.is_encrypted()) {
        (true, false) => Some("in the backup the secrets are plain text"),
        (false, true) => Some("in the backup the secrets are sealed"),
        _ if now.header().map(|head| &head.slots) != before.header().map(|head| &head.slots) => {
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
    let unusable = |one: &Vault, other: &Vault, sign: char| -> Vec<String> {
        let only = |name: &str| !other.damaged().any(|(there, _)| there == name);
        let names = one.damaged().map(|(name, _)| name).filter(|name| only(name));
        names.map(|name| format!("{sign} {}, which cannot be used", redact(name))).collect()
    };
    let unusable = [unusable(now, before, '-'), unusable(before, now, '+')].concat();
    let (now, before) = (by_name(now), by_name(before));
    let goes = now.iter().filter(|(name, _)| !before.contains_key(*name));
    let comes = before.iter().filter(|(name, _)| !now.contains_key(*name));
    let changes = before.iter().filter_map(|(name, entry)| {
        let there = now.get(name).filter(|there| *there != entry)?;
        let secret = if there.secret() == entry.secret() { "" } else { ", with another secret" };
        Some(format!("~ {}{secret}", named_summary(name, entry)))
    });
    goes.map(|(name, entry)| format!("- {}", named_summary(name, entry)))
        .chain(comes.map(|(name, entry)| format!("+ {}", named_summary(name, entry))))
        .chain(changes)
        .chain(unusable)
        .collect()
}
