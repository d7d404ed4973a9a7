//! `mfa list`

use clap::Args;
use serde::Serialize;

use crate::commands::account_json::{Rows, unusual_type};
use crate::error::Result;
use crate::json::to_ascii_json;
use crate::otp::{Code, Parameters};
use crate::session::Session;
use crate::session::hotp::is_hotp;
use crate::text::redact;
use crate::ui::{Column, Table};
use crate::vault::{Entry, Pattern, Vault};

/// List accounts, with --codes their codes
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only accounts whose name, issuer or account name contains this
    filter: Option<String>,
    /// Only accounts with this tag
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// One name a line, nothing else
    #[arg(long, conflicts_with_all = ["codes", "json"])]
    names: bool,
    /// Also print the current codes and the seconds they have left
    #[arg(long)]
    codes: bool,
    /// Print JSON
    #[arg(short, long)]
    json: bool,
}

#[derive(Serialize)]
struct Current {
    code: String,
    valid_from: u64,
    valid_until: u64,
    remaining: u64,
}

impl List {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let mut vault = session.load()?;
        if self.codes {
            session.unlock_all(&mut vault)?;
        }
        let filter = self.filter.as_deref().map(Pattern::new);
        let entries: Vec<&Entry> =
            vault.entries().filter(|entry| self.matches(entry, filter.as_ref())).collect();
        self.warn(&vault, entries.is_empty(), session);
        if self.json {
            return self.print_json(&entries, session);
        }
        if self.names {
            let names: Vec<&str> = entries.iter().flat_map(|entry| [entry.name.as_str(), "\n"]).collect();
            return Ok(session.ui.stdout(names.concat().as_bytes())?);
        }
        if entries.is_empty() {
            return Ok(());
        }
        let table = self.table(&entries)?;
        let text = if session.ui.stdout_is_terminal() {
            table.to_aligned(session.ui.stdout_has_colour())
        } else {
            table.to_tsv()
        };
        Ok(session.ui.stdout(text.as_bytes())?)
    }

    fn matches(&self, entry: &Entry, filter: Option<&Pattern>) -> bool {
        let texts = [entry.name.as_str(), &entry.label.issuer, &entry.label.account_name];
        self.tag.iter().all(|tag| entry.tags.contains(tag))
            && filter.is_none_or(|filter| filter.is_in_any(texts))
    }

    fn warn(&self, vault: &Vault, lists_nothing: bool, session: &mut Session<'_>) {
        session.warn_about_damaged(vault);
        if vault.is_empty() {
            let message = session.empty_vault_message();
            session.ui.status(message);
        } else if let Some(filter) = &self.filter
            && lists_nothing
        {
            session.ui.status(format_args!("no account contains '{}'", redact(filter)));
        }
    }

    fn print_json(&self, entries: &[&Entry], session: &mut Session<'_>) -> Result<()> {
        let now = self.now()?;
        let current = |entry: &Entry| code(entry, now).map(|(code, now)| Current::new(code, now));
        let rows: Rows<'_, _> = entries.iter().map(|entry| (*entry, current(entry))).collect();
        Ok(session.ui.stdout_line(&to_ascii_json(&rows))?)
    }

    /// Returns the table NAME ISSUER ACCOUNT, with CODE LEFT for `--codes`, and TYPE if an account has an unusual type.
    fn table(&self, entries: &[&Entry]) -> Result<Table> {
        let mut columns = vec![Column::Left("NAME"), Column::Left("ISSUER"), Column::Left("ACCOUNT")];
        if self.codes {
            columns.extend([Column::Right("CODE"), Column::Right("LEFT")]);
        }
        let has_unusual_type = entries.iter().any(|entry| entry.parameters != Parameters::DEFAULT);
        if has_unusual_type {
            columns.push(Column::Left("TYPE"));
        }
        let mut table = Table::new(columns);
        let now = self.now()?;
        for entry in entries {
            let row = self.row(entry, now, has_unusual_type);
            table.push(&row.iter().map(String::as_str).collect::<Vec<_>>());
        }
        Ok(table)
    }

    fn row(&self, entry: &Entry, now: Option<u64>, has_unusual_type: bool) -> Vec<String> {
        let label = &entry.label;
        let mut row = vec![entry.name.to_string(), label.issuer.clone(), label.account_name.clone()];
        if self.codes {
            let cells = |(code, now): (Code, u64)| {
                let left = code.seconds_left(now).to_string();
                [code.digits, left]
            };
            row.extend(code(entry, now).map(cells).unwrap_or_default());
        }
        if has_unusual_type {
            row.push(unusual_type(entry.parameters));
        }
        row
    }

    /// Returns the time if the user wants codes.
    fn now(&self) -> Result<Option<u64>> {
        Ok(if self.codes { Some(Session::clock(None)?.now()?) } else { None })
    }
}

impl Current {
    fn new(code: Code, now: u64) -> Self {
        Self {
            remaining: code.seconds_left(now),
            valid_from: code.valid_from,
            valid_until: code.valid_until,
            code: code.digits,
        }
    }
}

/// Returns the code and its time. Returns `None` without a time, and if the entry is locked or an HOTP account.
fn code(entry: &Entry, now: Option<u64>) -> Option<(Code, u64)> {
    let key = entry.account()?.key;
    // An HOTP code is printed once: only 'code' does that.
    (!is_hotp(&key)).then_some((key.code_at(now?), now?))
}
