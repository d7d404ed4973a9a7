//! What `import` says: each account that came in, each that was there, each that could not be taken.

use serde::Serialize;

use crate::commands::account_json::{Row, Rows, unusual_type};
use crate::commands::import::Import;
use crate::error::Result;
use crate::formats::{Contents, Refused};
use crate::session::Session;
use crate::text::clean;
use crate::ui::{Column, Table, to_ascii_json};
use crate::vault::merge::{How, TakenIn};

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
        session: &mut Session<'_>,
    ) -> Result<()> {
        if self.json {
            let rows =
                taken.iter().map(|taken| (Row::from(&taken.account), Told { outcome: outcome(taken) }));
            let refused = contents.iter().flat_map(|contents| &contents.refused).map(Left::of).collect();
            session.ui.line(&to_ascii_json(&Answer { rows: rows.collect(), refused }))?;
        } else if self.dry_run {
            show(taken, session)?;
        }
        for TakenIn { account, how } in taken {
            let name = &account.name;
            match how {
                How::Numbered { wanted } => {
                    session.ui.say(format_args!("'{name}': the name '{wanted}' is another account's"));
                }
                How::Further => {
                    let counter = account.key.counter().unwrap_or_default();
                    session.ui.say(format_args!("'{name}': its counter was further on there, at {counter}"));
                }
                How::New | How::Known => {}
            }
        }
        let found = contents.iter().flat_map(|contents| &contents.found);
        for (TakenIn { account, .. }, found) in taken.iter().zip(found) {
            for warning in &found.warnings {
                let told = format_args!("'{}': {warning}", account.name);
                if warning.is_about_codes() { session.ui.warn(told, None) } else { session.ui.detail(told) }
            }
        }
        for contents in contents {
            for note in &contents.notes {
                session.ui.say(note);
            }
            for refused in &contents.refused {
                session.ui.leave_out(format_args!("not taken: {refused}"));
            }
        }
        self.warn_of_tags(taken, session);
        self.count(taken, contents, session);
        Ok(())
    }

    /// An account that was there already stays as it is
    fn warn_of_tags(&self, taken: &[TakenIn], session: &mut Session<'_>) {
        for tag in &self.tag {
            let lacks_it = |taken: &&TakenIn| taken.was_there() && !taken.account.tags.contains(tag);
            let names: Vec<&str> =
                taken.iter().filter(lacks_it).map(|taken| taken.account.name.as_str()).collect();
            if !names.is_empty() {
                let tag = shlex::try_quote(tag).map_or_else(|_| clean(tag), Into::into);
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

    fn count(&self, taken: &[TakenIn], contents: &[Contents], session: &mut Session<'_>) {
        let known = taken.iter().filter(|taken| taken.was_there()).count();
        let mut apps: Vec<&str> = contents.iter().map(|contents| contents.app).collect();
        apps.dedup();
        let (new, done) = (taken.len() - known, if self.dry_run { "would be stored" } else { "stored" });
        let already = if known == 0 { String::new() } else { format!(", {known} already there") };
        session.ui.say(format_args!("{}: {new} {done}{already}", apps.join(", ")));
    }
}

impl<'a> Left<'a> {
    fn of(refused: &'a Refused) -> Self {
        Self { name: &refused.what, reason: &refused.reason }
    }
}

fn show(taken: &[TakenIn], session: &mut Session<'_>) -> Result<()> {
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
    let text = if session.ui.answers_a_terminal() {
        table.to_aligned(session.ui.colours_answers())
    } else {
        table.to_tsv()
    };
    Ok(session.ui.answer(text.as_bytes())?)
}

fn outcome(taken: &TakenIn) -> &'static str {
    if taken.was_there() { "known" } else { "stored" }
}
