//! Which of the accounts in a source are meant.

use std::ffi::OsStr;

use crate::commands::add::{Add, args};
use crate::error::{CommandError, Result};
use crate::formats::Found;
use crate::otp::{Enrolment, Kind};
use crate::session::Session;

impl Add {
    pub(super) fn choose(
        &self,
        mut found: Vec<Found>,
        source: &str,
        session: &mut Session<'_>,
    ) -> Result<Vec<Enrolment>> {
        if !self.all {
            let index = match self.pick {
                Some(number) => checked(number, &found, source)?,
                None => pick_one(&found, source, "--pick N takes one of them, --all takes all", session)?,
            };
            found = vec![found.swap_remove(index)];
        }
        Ok(found.into_iter().map(|found| told(found, session)).collect())
    }
}

/// The account of a source that holds just one, or the one the user chooses
pub(in crate::commands) fn only_account(session: &mut Session<'_>, from: &OsStr) -> Result<Enrolment> {
    let source = args::source_of(from)?;
    let source = args::asked_where_interactive(source, "secret key or otpauth URI", session)?;
    let mut found = args::read(&source, session)?;
    let index = pick_one(
        &found,
        &source.name(),
        "'mfa add NAME SOURCE --pick N' stores one of them, and 'mfa code NAME' gives its code",
        session,
    )?;
    let chosen = told(found.swap_remove(index), session);
    if let Kind::Hotp { .. } = chosen.key.parameters().kind() {
        let message = "unsupported type 'hotp': without a vault nothing keeps the counter";
        return Err(CommandError::failed(message));
    }
    Ok(chosen)
}

fn checked(number: usize, found: &[Found], source: &str) -> Result<usize, CommandError> {
    if (1..=found.len()).contains(&number) {
        return Ok(number - 1);
    }
    Err(CommandError::usage(format!("there is no account {number} in {source}: it holds {}", found.len())))
}

fn pick_one(found: &[Found], source: &str, hint: &str, session: &mut Session<'_>) -> Result<usize> {
    if found.len() == 1 {
        return Ok(0);
    }
    let labels: Vec<String> = found.iter().map(|found| label(&found.enrolment)).collect();
    let message = format!("{} accounts in {source}", found.len());
    if session.ui.can_prompt() {
        session.ui.status(&message);
        if let Some(index) = session.ui.choose(&labels)? {
            return Ok(index);
        }
    }
    let numbered: Vec<String> =
        (1..).zip(&labels).map(|(number, label)| format!("{number} {label}")).collect();
    Err(CommandError::usage(format!("{message}: {}", numbered.join(", "))).hint(hint))
}

fn label(enrolment: &Enrolment) -> String {
    let parts = [enrolment.label.issuer.as_str(), &enrolment.label.account_name];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(":")
}

fn told(found: Found, session: &mut Session<'_>) -> Enrolment {
    if let Some(attempt) = found.attempt {
        session.ui.verbose(format_args!("the QR code was read in the try '{attempt}'"));
    }
    for warning in &found.warnings {
        session.ui.warn(warning, None);
    }
    found.enrolment
}
