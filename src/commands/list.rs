//! `mfa list`

use clap::Args;
use serde::Serialize;

use crate::commands::account_json::{Rows, unusual_type};
use crate::error::Result;
use crate::json::to_ascii_json;
use crate::otp::{Code, Parameters};
use crate::session::Session;
use crate::session::hotp::is_counted;
use crate::ui::{Column, Table};
use crate::vault::{Entry, Vault, contains_folded};

/// Show the accounts, and, asked for, their codes
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only accounts whose name, issuer or account name holds this
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
        self.warn(&vault, session);
        let entries: Vec<&Entry> = vault.entries().filter(|entry| self.shows(entry)).collect();
        if self.json {
            return self.json(&entries, session);
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

    fn shows(&self, entry: &Entry) -> bool {
        if !self.tag.iter().all(|tag| entry.tags.contains(tag)) {
            return false;
        }
        let Some(filter) = &self.filter else { return true };
        let texts = [entry.name.as_str(), &entry.label.issuer, &entry.label.account_name];
        texts.into_iter().any(|text| contains_folded(text, filter))
    }

    fn warn(&self, vault: &Vault, session: &mut Session<'_>) {
        session.warn_about_damaged(vault);
        if vault.is_empty() {
            let path = crate::text::shown_path(session.vault.path());
            session
                .ui
                .status(format_args!("the vault '{path}' is empty; 'mfa add' stores the first account"));
        } else if let Some(filter) = &self.filter
            && !vault.entries().any(|entry| self.shows(entry))
        {
            session.ui.status(format_args!("no account holds '{}'", crate::text::redact(filter)));
        }
    }

    fn json(&self, entries: &[&Entry], session: &mut Session<'_>) -> Result<()> {
        let now = self.now()?;
        let current = |entry: &Entry| code(entry, now).map(|(code, now)| Current::of(code, now));
        let rows: Rows<'_, _> = entries.iter().map(|entry| (*entry, current(entry))).collect();
        Ok(session.ui.stdout_line(&to_ascii_json(&rows))?)
    }

    /// NAME ISSUER ACCOUNT, then CODE LEFT where asked for, and TYPE last, where some account has an unusual one
    fn table(&self, entries: &[&Entry]) -> Result<Table> {
        let mut columns = vec![Column::Left("NAME"), Column::Left("ISSUER"), Column::Left("ACCOUNT")];
        if self.codes {
            columns.extend([Column::Right("CODE"), Column::Right("LEFT")]);
        }
        let some_unusual = entries.iter().any(|entry| entry.parameters != Parameters::DEFAULT);
        if some_unusual {
            columns.push(Column::Left("TYPE"));
        }
        let mut table = Table::new(columns);
        let now = self.now()?;
        for entry in entries {
            let mut row =
                vec![entry.name.to_string(), entry.label.issuer.clone(), entry.label.account_name.clone()];
            if self.codes {
                let left = |(code, now): (Code, u64)| {
                    let left = code.seconds_left(now).to_string();
                    [code.digits, left]
                };
                row.extend(code(entry, now).map(left).unwrap_or_default());
            }
            if some_unusual {
                row.push(unusual_type(entry.parameters));
            }
            table.push(&row.iter().map(String::as_str).collect::<Vec<_>>());
        }
        Ok(table)
    }

    /// The time, where codes are asked for
    fn now(&self) -> Result<Option<u64>> {
        Ok(if self.codes { Some(Session::clock(None)?.now()?) } else { None })
    }
}

impl Current {
    fn of(code: Code, now: u64) -> Self {
        Self {
            remaining: code.seconds_left(now),
            valid_from: code.valid_from,
            valid_until: code.valid_until,
            code: code.digits,
        }
    }
}

/// The code and the time it is for; none where no code is asked for, or the secret does not open
fn code(entry: &Entry, now: Option<u64>) -> Option<(Code, u64)> {
    let key = entry.account()?.key;
    // a code of HOTP is handed out once: 'code' does that
    (!is_counted(&key)).then_some((key.code_at(now?), now?))
}
