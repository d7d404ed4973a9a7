//! `mfa edit`

use clap::Args;

use crate::commands::account_json::named_summary;
use crate::commands::args::{NoteArg, tag};
use crate::error::{CommandError, Result};
use crate::otp::{Account, MfaArn, Note};
use crate::session::Session;
use crate::text::plain_label;
use crate::vault::{Entry, MatchKind, Vault};

/// Change the fields of an account
#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// Exact name of the account
    name: String,
    /// The service; empty removes it
    #[arg(short, long, value_name = "TEXT", value_parser = plain_label)]
    issuer: Option<String>,
    /// The user at the service; empty removes it
    #[arg(short, long, value_name = "TEXT", value_parser = plain_label)]
    account: Option<String>,
    /// The ARN of an AWS MFA device; empty removes it
    #[arg(long, value_name = "ARN", value_parser = parse_serial)]
    serial: Option<SerialEdit>,
    /// Add a tag (repeatable)
    #[arg(long, value_name = "TAG", value_parser = tag)]
    tag: Vec<String>,
    /// Remove a tag (repeatable)
    #[arg(long, value_name = "TAG")]
    untag: Vec<String>,
    /// The note; empty removes it, and - reads it from stdin
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    note: Option<NoteArg>,
}

/// A new serial number, or `None` to remove the old one
#[derive(Debug, Clone)]
struct SerialEdit(Option<MfaArn>);

impl Edit {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        if !self.has_changes() {
            return Err(CommandError::usage("nothing to change").hint(
                "give --issuer, --account, --serial, --tag, --untag or --note; to change the name run 'mfa rename'",
            ));
        }
        let note = self.note.as_ref().map(|note| note.read(session)).transpose()?;
        let entry = session.update(|vault| self.edit(vault, note))?;
        session.ui.status(named_summary(format_args!("'{}'", entry.name), &entry));
        Ok(())
    }

    /// Replaces the account in the vault unless nothing differs, and returns its entry.
    fn edit(&self, vault: &mut Vault, note: Option<Note>) -> Result<Entry> {
        let entry = vault.find(&self.name, MatchKind::Exact)?;
        let Some(account) = entry.account() else {
            let message = format!("cannot change '{}': its secret cannot be decrypted", entry.name);
            return Err(CommandError::failed(message));
        };
        let name = account.name.clone();
        let mut edited = self.apply(account.clone());
        if let Some(note) = note {
            edited.note = note;
        }
        if edited != account {
            vault.replace(edited);
        }
        // `self.name` may be the old ARN, which finds nothing any more.
        Ok(vault.find(name.as_str(), MatchKind::Exact)?.clone())
    }

    fn has_changes(&self) -> bool {
        self.issuer.is_some()
            || self.account.is_some()
            || self.serial.is_some()
            || !self.tag.is_empty()
            || !self.untag.is_empty()
            || self.note.is_some()
    }

    fn apply(&self, mut account: Account) -> Account {
        if let Some(issuer) = &self.issuer {
            account.label.issuer.clone_from(issuer);
        }
        if let Some(name) = &self.account {
            account.label.account_name.clone_from(name);
        }
        if let Some(SerialEdit(serial)) = &self.serial {
            account.label.serial.clone_from(serial);
        }
        account.tags.retain(|tag| !self.untag.contains(tag));
        for tag in &self.tag {
            if !account.tags.contains(tag) {
                account.tags.push(tag.clone());
            }
        }
        account
    }
}

fn parse_serial(text: &str) -> Result<SerialEdit, &'static str> {
    if text.is_empty() {
        return Ok(SerialEdit(None));
    }
    text.parse().map(|arn| SerialEdit(Some(arn))).map_err(|_| "not the ARN of an MFA device")
}
