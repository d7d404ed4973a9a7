//! What `import` says: each account that came in, each that was there, each that could not be taken.

use serde::Serialize;

use crate::commands::account_json::{Row, Rows, unusual_type};
use crate::commands::import::Import;
use crate::error::Result;
use crate::formats::{ParsedFile, RejectedAccount};
use crate::json::to_ascii_json;
use crate::session::Session;
use crate::text::sanitize;
use crate::ui::{Column, Table};
use crate::vault::merge::{MergeOutcome, Merged};

/// What `import` tells beside an account
#[derive(Serialize)]
struct OutcomeJson {
    /// `stored` or `known`: with `--dry-run` what would be
    outcome: &'static str,
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    rows: Rows<'a, OutcomeJson>,
    refused: Vec<Left<'a>>,
}

/// An account that could not be taken
#[derive(Serialize)]
struct Left<'a> {
    name: &'a str,
    reason: &'a str,
}

impl Import {
    pub(super) fn report(
        &self,
        taken: &[Merged],
        contents: &[ParsedFile],
        session: &mut Session<'_>,
    ) -> Result<()> {
        if self.json {
            let rows = taken
                .iter()
                .map(|taken| (Row::from(&taken.account), OutcomeJson { outcome: outcome(taken) }));
            let refused = contents.iter().flat_map(|contents| &contents.rejected).map(Left::of).collect();
            session.ui.stdout_line(&to_ascii_json(&Answer { rows: rows.collect(), refused }))?;
        } else if self.dry_run {
            show(taken, session)?;
        }
        for Merged { account, outcome: how } in taken {
            let name = &account.name;
            match how {
                MergeOutcome::Numbered { wanted } => {
                    session.ui.status(format_args!("'{name}': the name '{wanted}' is another account's"));
                }
                MergeOutcome::CounterAdvanced => {
                    let counter = account.key.counter().unwrap_or_default();
                    session
                        .ui
                        .status(format_args!("'{name}': its counter was further on there, at {counter}"));
                }
                MergeOutcome::New | MergeOutcome::AlreadyPresent => {}
            }
        }
        let found = contents.iter().flat_map(|contents| &contents.found);
        for (Merged { account, .. }, found) in taken.iter().zip(found) {
            for warning in &found.warnings {
                let told = format_args!("'{}': {warning}", account.name);
                if warning.is_about_codes() { session.ui.warn(told, None) } else { session.ui.verbose(told) }
            }
        }
        for contents in contents {
            for note in &contents.notes {
                session.ui.status(note);
            }
            for refused in &contents.rejected {
                session.ui.warn_skipped(format_args!("not taken: {refused}"));
            }
        }
        self.warn_of_tags(taken, session);
        self.count(taken, contents, session);
        Ok(())
    }

    /// An account that was there already stays as it is
    fn warn_of_tags(&self, taken: &[Merged], session: &mut Session<'_>) {
        for tag in &self.tag {
            let lacks_it = |taken: &&Merged| taken.is_duplicate() && !taken.account.tags.contains(tag);
            let names: Vec<&str> =
                taken.iter().filter(lacks_it).map(|taken| taken.account.name.as_str()).collect();
            if !names.is_empty() {
                let tag = shlex::try_quote(tag).map_or_else(|_| sanitize(tag), Into::into);
                session.ui.warn(
                    format_args!(
                        "the tag {tag} was not added to what was there already: {}",
                        names.join(", ")
                    ),
                    Some(&format!("mfa edit NAME --tag {tag}")),
                );
            }
        }
    }

    fn count(&self, taken: &[Merged], contents: &[ParsedFile], session: &mut Session<'_>) {
        let known = taken.iter().filter(|taken| taken.is_duplicate()).count();
        let mut apps: Vec<&str> = contents.iter().map(|contents| contents.app).collect();
        apps.dedup();
        let (new, done) = (taken.len() - known, if self.dry_run { "would be stored" } else { "stored" });
        let already = if known == 0 { String::new() } else { format!(", {known} already there") };
        session.ui.status(format_args!("{}: {new} {done}{already}", apps.join(", ")));
    }
}

impl<'a> Left<'a> {
    fn of(refused: &'a RejectedAccount) -> Self {
        Self { name: &refused.what, reason: &refused.reason }
    }
}

fn show(taken: &[Merged], session: &mut Session<'_>) -> Result<()> {
    let columns = ["NAME", "ISSUER", "ACCOUNT", "TYPE", "OUTCOME"].map(Column::Left);
    let mut table = Table::new(columns.to_vec());
    for taken in taken {
        let account = &taken.account;
        table.push(&[
            account.name.as_str(),
            &account.label.issuer,
            &account.label.account_name,
            &unusual_type(account.key.parameters()),
            outcome(taken),
        ]);
    }
    let text = if session.ui.stdout_is_terminal() {
        table.to_aligned(session.ui.stdout_has_colour())
    } else {
        table.to_tsv()
    };
    Ok(session.ui.stdout(text.as_bytes())?)
}

fn outcome(taken: &Merged) -> &'static str {
    if taken.is_duplicate() { "known" } else { "stored" }
}
