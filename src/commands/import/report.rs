//! Prints the outcome of an import for each account: imported, already in the vault, or rejected.

use serde::Serialize;

use super::args::Import;
use crate::commands::account_json::{OutcomeJson, Row, Rows, format_count, unusual_type};
use crate::error::Result;
use crate::formats::{ParsedFile, RejectedAccount};
use crate::json::to_ascii_json;
use crate::session::Session;
use crate::text::sanitize;
use crate::ui::{Column, Table};
use crate::vault::merge::{MergeOutcome, Merged, MergedNote};

/// Names that the last line lists; an import may have ten thousand
const LISTED: usize = 20;

#[derive(Serialize)]
struct ImportJson<'a> {
    #[serde(flatten)]
    rows: Rows<'a, OutcomeJson>,
    refused: Vec<RejectedJson<'a>>,
}

/// An account that could not be imported
#[derive(Serialize)]
struct RejectedJson<'a> {
    name: &'a str,
    reason: &'a str,
}

impl<'a> From<&'a RejectedAccount> for RejectedJson<'a> {
    fn from(rejected: &'a RejectedAccount) -> Self {
        Self { name: &rejected.what, reason: &rejected.reason }
    }
}

impl Import {
    pub(super) fn report(
        &self,
        merged: &[Merged],
        files: &[ParsedFile],
        session: &mut Session<'_>,
    ) -> Result<()> {
        if self.json {
            let rows = merged
                .iter()
                .map(|merged| (Row::from(&merged.account), OutcomeJson { outcome: outcome(merged) }));
            let refused = files.iter().flat_map(|file| &file.rejected).map(RejectedJson::from).collect();
            session.ui.stdout_line(&to_ascii_json(&ImportJson { rows: rows.collect(), refused }))?;
        } else if self.dry_run {
            print_table(merged, session)?;
        }
        print_changes(merged, session);
        print_warnings(merged, files, session);
        print_rejected(files, session);
        self.warn_about_tags(merged, session);
        self.print_count(merged, files, session);
        Ok(())
    }

    /// Warns about accounts that do not get the tags because they were in the vault before.
    fn warn_about_tags(&self, merged: &[Merged], session: &mut Session<'_>) {
        for tag in &self.tag {
            let lacks_tag = |merged: &&Merged| merged.is_duplicate() && !merged.account.tags.contains(tag);
            let names: Vec<&str> =
                merged.iter().filter(lacks_tag).map(|merged| merged.account.name.as_str()).collect();
            if !names.is_empty() {
                let tag = shlex::try_quote(tag).map_or_else(|_| sanitize(tag), Into::into);
                let names = names.join(", ");
                session.ui.warn(
                    format_args!("the tag {tag} was not added to accounts already in the vault: {names}"),
                    Some(&format!("add it with 'mfa edit NAME --tag {tag}'")),
                );
            }
        }
    }

    fn print_count(&self, merged: &[Merged], files: &[ParsedFile], session: &mut Session<'_>) {
        let new: Vec<&str> =
            merged.iter().filter(|merged| !merged.is_duplicate()).map(|m| m.account.name.as_str()).collect();
        let mut apps: Vec<&str> = files.iter().map(|file| file.app).collect();
        apps.dedup();
        let verb = if self.dry_run { "would import" } else { "imported" };
        let (count, apps) = (format_count(new.len()), apps.join(", "));
        let names = list_names(&new);
        let already = match merged.len() - new.len() {
            0 => String::new(),
            known => format!("; {known} already in the vault"),
        };
        session.ui.status(format_args!("{verb} {count} from {apps}{names}{already}"));
    }
}

fn list_names(names: &[&str]) -> String {
    let listed = names[..names.len().min(LISTED)].join(", ");
    match names.len().saturating_sub(LISTED) {
        0 if names.is_empty() => String::new(),
        0 => format!(": {listed}"),
        more => format!(": {listed} and {more} more"),
    }
}

fn print_changes(merged: &[Merged], session: &mut Session<'_>) {
    for Merged { account, outcome: how, note } in merged {
        let name = &account.name;
        match note {
            MergedNote::Same => {}
            MergedNote::Added => session.ui.status(format_args!("'{name}': added its note")),
            MergedNote::Kept => session.ui.warn(
                format_args!("'{name}' keeps its note, which differs from the imported one"),
                Some(&format!("mfa show {name} --note")),
            ),
        }
        match how {
            MergeOutcome::Numbered { wanted } => {
                session.ui.status(format_args!("'{wanted}' is taken: stored as '{name}'"));
            }
            MergeOutcome::CounterAdvanced => {
                let counter = account.key.counter().unwrap_or_default();
                session.ui.status(format_args!("'{name}': raised its counter to {counter}"));
            }
            MergeOutcome::New | MergeOutcome::AlreadyPresent => {}
        }
    }
}

fn print_warnings(merged: &[Merged], files: &[ParsedFile], session: &mut Session<'_>) {
    let found = files.iter().flat_map(|file| &file.found);
    for (Merged { account, .. }, found) in merged.iter().zip(found) {
        for warning in &found.warnings {
            let text = format_args!("'{}': {warning}", account.name);
            if warning.is_serious() { session.ui.warn(text, None) } else { session.ui.verbose(text) }
        }
    }
}

fn print_rejected(files: &[ParsedFile], session: &mut Session<'_>) {
    for file in files {
        for note in &file.notes {
            session.ui.status(note);
        }
        for rejected in &file.rejected {
            session.ui.warn_skipped(format_args!("not imported: {rejected}"));
        }
    }
}

fn print_table(merged: &[Merged], session: &mut Session<'_>) -> Result<()> {
    let columns = ["NAME", "ISSUER", "ACCOUNT", "TYPE", "OUTCOME"].map(Column::Left);
    let mut table = Table::new(columns.to_vec());
    for merged in merged {
        let account = &merged.account;
        table.push(&[
            account.name.as_str(),
            &account.label.issuer,
            &account.label.account_name,
            &unusual_type(account.key.parameters()),
            outcome(merged),
        ]);
    }
    let text = if session.ui.stdout_is_terminal() {
        table.to_aligned(session.ui.stdout_has_colour())
    } else {
        table.to_tsv()
    };
    Ok(session.ui.stdout(text.as_bytes())?)
}

fn outcome(merged: &Merged) -> &'static str {
    if merged.is_duplicate() { "known" } else { "stored" }
}
