//! The outcome of `add`: the accounts, the next step, and the places that still hold the secret.

use crate::commands::account_json::{OutcomeJson, Rows};
use crate::commands::add::args::Add;
use crate::commands::add::store::{Outcome, Stored};
use crate::commands::secret_file::warn_about_file;
use crate::error::Result;
use crate::json::to_ascii_json;
use crate::otp::{Account, Kind};
use crate::session::Session;
use crate::source::Source;
use crate::text::sanitize;

impl Add {
    /// Prints the outcome for each account, then the next step and the warnings.
    pub(super) fn report(&self, stored: &[Stored], source: &Source, session: &mut Session<'_>) -> Result<()> {
        if self.json {
            let json = |stored: &Stored| OutcomeJson { outcome: stored.outcome.as_str() };
            let rows: Rows<'_, _> = stored.iter().map(|stored| (&stored.account, json(stored))).collect();
            session.ui.stdout_line(&to_ascii_json(&rows))?;
        }
        for stored in stored {
            let done = self.done(stored.outcome);
            let Stored { account, .. } = stored;
            session.ui.status(format_args!("{done} '{}': {}", account.name, description(account)));
            self.warn(stored, session);
        }
        if self.dry_run {
            return Ok(());
        }
        if let [Stored { account, .. }] = stored {
            session.ui.note(format_args!("next: {}", next_step(account)));
        }
        match source {
            Source::File(file) => warn_about_file(file, session),
            Source::Clipboard => {
                session.ui.warn("the clipboard still holds the secret", Some("copy something else"));
            }
            _ => {}
        }
        Ok(())
    }

    /// Warns about side effects that the user may not expect.
    fn warn(&self, stored: &Stored, session: &mut Session<'_>) {
        let Stored { account, outcome, higher_counter, lost_serial, .. } = stored;
        if let Some(serial) = lost_serial {
            session.ui.warn(
                format_args!("removed the serial number {serial}, which belongs to the replaced account"),
                Some(&format!("mfa edit {} --serial {serial}", account.name)),
            );
        }
        if let (Some(before), Some(counter)) = (higher_counter, account.key.counter()) {
            session.ui.warn(
                format_args!("the counter went back from {before} to {counter}: used codes will repeat"),
                None,
            );
        }
        if *outcome == Outcome::Unchanged {
            if !stored.has_note {
                session.ui.warn(
                    format_args!("the note was not added to '{}'", account.name),
                    Some(&format!("mfa edit {} --note TEXT", account.name)),
                );
            }
            for tag in self.tag.iter().filter(|tag| !account.tags.contains(tag)) {
                let tag = shlex::try_quote(tag).map_or_else(|_| sanitize(tag), Into::into);
                session.ui.warn(
                    format_args!("the tag {tag} was not added to '{}'", account.name),
                    Some(&format!("mfa edit {} --tag {tag}", account.name)),
                );
            }
        }
    }

    fn done(&self, outcome: Outcome) -> &'static str {
        match (outcome, self.dry_run) {
            (Outcome::New, false) => "stored",
            (Outcome::New, true) => "would store",
            (Outcome::Replaced, false) => "replaced",
            (Outcome::Replaced, true) => "would replace",
            (Outcome::Unchanged, _) => "already stored",
        }
    }
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::New => "stored",
            Self::Replaced => "replaced",
            Self::Unchanged => "known",
        }
    }
}

fn description(account: &Account) -> String {
    let parameters = account.key.parameters();
    let mut parts: Vec<String> = [account.label.issuer.as_str(), &account.label.account_name]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(sanitize)
        .collect();
    let interval = match parameters.kind() {
        Kind::Totp { period } => format!("{period} s"),
        Kind::Hotp { counter } => format!("counter {counter}"),
        Kind::Steam => "Steam".to_owned(),
    };
    parts.extend([format!("{} digits", parameters.digits()), interval, parameters.algorithm().to_string()]);
    parts.join(", ")
}

fn next_step(account: &Account) -> String {
    let command = if account.label.is_aws() { "next-pair" } else { "code" };
    format!("mfa {command} {}", account.name)
}
