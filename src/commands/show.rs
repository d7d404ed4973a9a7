//! `mfa show`

use clap::Args;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::commands::account_json::Row;
use crate::commands::args::Lookup;
use crate::error::Result;
use crate::json::to_ascii_json;
use crate::otp::Kind;
use crate::session::Session;
use crate::text::{sanitize, sanitize_lines};
use crate::vault::Entry;

/// Show the fields of an account, never its secret
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The account's name, a part of it that fits one account only, or the ARN of an MFA device
    name: String,
    /// Print JSON
    #[arg(short, long, conflicts_with = "note")]
    json: bool,
    /// Print the note alone; it may hold recovery codes
    #[arg(long)]
    note: bool,
    #[command(flatten)]
    lookup: Lookup,
}

#[derive(Serialize)]
struct Answer<'a> {
    version: u8,
    #[serde(flatten)]
    row: Row<'a>,
}

impl Show {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        if self.note {
            return self.print_note(session);
        }
        let vault = session.load()?;
        let entry = session.entry(&vault, &self.name, self.lookup.kind())?;
        if self.json {
            return Ok(session.ui.stdout_line(&to_ascii_json(&Answer { version: 1, row: entry.into() }))?);
        }
        let lines: Vec<String> = fields(entry)
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(field, value)| format!("{field:<10}{}\n", sanitize(&value)))
            .collect();
        Ok(session.ui.stdout(lines.concat().as_bytes())?)
    }

    fn print_note(&self, session: &mut Session<'_>) -> Result<()> {
        let account = session.find(&self.name, self.lookup.kind())?;
        let note = account.note.expose();
        if note.is_empty() {
            session.ui.status(format_args!("'{}' has no note", account.name));
            return Ok(());
        }
        let is_terminal = session.ui.stdout_is_terminal();
        let text = Zeroizing::new(if is_terminal { sanitize_lines(note) } else { note.to_owned() });
        Ok(session.ui.stdout_line(&text)?)
    }
}

fn fields(entry: &Entry) -> [(&'static str, String); 10] {
    let parameters = entry.parameters;
    let counter = match parameters.kind() {
        Kind::Hotp { counter } => counter.to_string(),
        Kind::Totp { .. } | Kind::Steam => String::new(),
    };
    let serial = entry.label.serial.as_ref().map(|serial| serial.as_str().to_owned());
    [
        ("name", entry.name.to_string()),
        ("issuer", entry.label.issuer.clone()),
        ("account", entry.label.account_name.clone()),
        ("type", parameters.kind().as_str().to_owned()),
        ("algorithm", parameters.algorithm().to_string()),
        ("digits", parameters.digits().to_string()),
        ("period", parameters.period().map(|period| format!("{period} s")).unwrap_or_default()),
        ("counter", counter),
        ("serial", serial.unwrap_or_default()),
        ("tags", entry.tags.join(", ")),
    ]
}
