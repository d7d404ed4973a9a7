//! What `import` says: each account that came in, each that was there, each that could not be taken.

use anyhow::Result;
use serde::Serialize;

use super::{Context, Import};
use crate::commands::intake::{How, TakenIn};
use crate::commands::row::{Row, Rows, unusual_type};
use crate::formats::{Contents, Refused};
use crate::text::clean;
use crate::ui::{Column, Table, to_ascii_json};

/// What `import` tells beside an account
#[derive(Serialize)]
struct Told {
    /// `stored` or `known`: with `--dry-run` what would be
    outcome: &'static str,
}

#[derive(Serialize)]
struct Answer<'a> {
    #[serde(flatten)]
    rows: Rows<'a, Told>,
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
        taken: &[TakenIn],
        contents: &[Contents],
        cx: &mut Context<'_>,
    ) -> Result<()> {
        if self.json {
            let rows =
                taken.iter().map(|taken| (Row::from(&taken.account), Told { outcome: outcome(taken) }));
            let refused = contents.iter().flat_map(|contents| &contents.refused).map(Left::of).collect();
            cx.ui.line(&to_ascii_json(&Answer { rows: rows.collect(), refused }))?;
        } else if self.dry_run {
            show(taken, cx)?;
        }
        for TakenIn { account, how } in taken {
            let name = &account.name;
            match how {
                How::Numbered { wanted } => {
                    cx.ui.say(format_args!("'{name}': the name '{wanted}' is another account's"));
                }
                How::Further => {
                    let counter = account.key.counter().unwrap_or_default();
                    cx.ui.say(format_args!("'{name}': its counter was further on there, at {counter}"));
                }
                How::New | How::Known => {}
            }
        }
        let found = contents.iter().flat_map(|contents| &contents.found);
        for (TakenIn { account, .. }, found) in taken.iter().zip(found) {
            for warning in &found.warnings {
                let told = format_args!("'{}': {warning}", account.name);
                if warning.is_about_codes() { cx.ui.warn(told, None) } else { cx.ui.detail(told) }
            }
        }
        for contents in contents {
            for note in &contents.notes {
                cx.ui.say(note);
            }
            for refused in &contents.refused {
                cx.ui.leave_out(format_args!("not taken: {refused}"));
            }
        }
        self.warn_of_tags(taken, cx);
        self.count(taken, contents, cx);
        Ok(())
    }

    /// An account that was there already stays as it is
    fn warn_of_tags(&self, taken: &[TakenIn], cx: &mut Context<'_>) {
        for tag in &self.tag {
            let lacks_it = |taken: &&TakenIn| taken.was_there() && !taken.account.tags.contains(tag);
            let names: Vec<&str> =
                taken.iter().filter(lacks_it).map(|taken| taken.account.name.as_str()).collect();
            if !names.is_empty() {
                let tag = shlex::try_quote(tag).map_or_else(|_| clean(tag), Into::into);
                cx.ui.warn(
                    format_args!(
                        "the tag {tag} was not added to what was there already: {}",
                        names.join(", ")
                    ),
                    Some(&format!("mfa edit NAME --tag {tag}")),
                );
            }
        }
    }

    fn count(&self, taken: &[TakenIn], contents: &[Contents], cx: &mut Context<'_>) {
        let known = taken.iter().filter(|taken| taken.was_there()).count();
        let mut apps: Vec<&str> = contents.iter().map(|contents| contents.app).collect();
        apps.dedup();
        let (new, done) = (taken.len() - known, if self.dry_run { "would be stored" } else { "stored" });
        let already = if known == 0 { String::new() } else { format!(", {known} already there") };
        cx.ui.say(format_args!("{}: {new} {done}{already}", apps.join(", ")));
    }
}

impl<'a> Left<'a> {
    fn of(refused: &'a Refused) -> Self {
        Self { name: &refused.what, reason: &refused.reason }
    }
}

fn show(taken: &[TakenIn], cx: &mut Context<'_>) -> Result<()> {
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
    let text =
        if cx.ui.answers_a_terminal() { table.to_aligned(cx.ui.colours_answers()) } else { table.to_tsv() };
    Ok(cx.ui.answer(text.as_bytes())?)
}

fn outcome(taken: &TakenIn) -> &'static str {
    if taken.was_there() { "known" } else { "stored" }
}
