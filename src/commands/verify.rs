//! `mfa verify`

use std::io::{BufRead as _, Read as _};

use clap::Args;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::commands::args::{Lookup, TimeArg};
use crate::error::{CommandError, Context as _, ExitCode, Result};
use crate::json::to_ascii_json;
use crate::otp::{Account, Key, Kind, Name, Parameters};
use crate::session::Session;
use crate::session::hotp::{self, is_counted};

/// How many steps a code is looked for, before and after the current one
const REACH: u64 = 20;

/// The letters and digits of Steam's codes
const STEAM: &str = "23456789BCDFGHJKMNPQRTVWXY";

/// More than any code has, however it is grouped
const MAX_TYPED: u64 = 100;

const HINT: &str = "'mfa doctor --ntp HOST' asks a time server";

/// Check whether a code belongs to an account, and how far off the clock is
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The account's name, a part of it that fits one account only, or the ARN of an MFA device
    name: String,
    /// The code, or - for stdin [default: a prompt]
    code: Option<String>,
    #[command(flatten)]
    at: TimeArg,
    /// Print JSON
    #[arg(short, long)]
    json: bool,
    #[command(flatten)]
    lookup: Lookup,
}

#[derive(Serialize)]
struct Answer<'a> {
    name: &'a str,
    matches: bool,
    /// From the current code to this one; less than none: this one is older
    steps: Option<i64>,
    /// Seconds
    #[serde(skip_serializing_if = "Option::is_none")]
    clock_ahead: Option<i64>,
}

impl Verify {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let clock = Session::clock(self.at.at.as_deref())?;
        let account = session.find(&self.name, self.lookup.kind())?;
        let (name, key) = (&account.name, &account.key);
        if is_counted(key) && self.at.at.is_some() {
            return Err(hotp::refuse("--at", name.as_str()));
        }
        let code = checked(&self.typed(name, session)?, &account)?;
        let steps = distance(key, key.step_at(clock.now()?), &code);
        if self.json {
            session.ui.stdout_line(&to_ascii_json(&Answer {
                name: name.as_str(),
                matches: steps == Some(0),
                steps,
                clock_ahead: key
                    .parameters()
                    .period()
                    .zip(steps)
                    .map(|(period, steps)| -steps * i64::from(period)),
            }))?;
        }
        match steps {
            Some(0) => session.ui.status(format_args!("the code of '{name}' matches")),
            Some(steps) => return Err(off(steps, key.parameters())),
            None => return Err(no_match(name)),
        }
        Ok(())
    }

    /// The code as an argument, on stdin, or typed unseen
    fn typed(&self, name: &Name, session: &mut Session<'_>) -> Result<Zeroizing<String>> {
        match self.code.as_deref() {
            Some("-") => {
                let mut line = Zeroizing::new(String::new());
                let read = std::io::stdin().lock().take(MAX_TYPED).read_line(&mut line);
                read.context("could not read the code from stdin")?;
                Ok(line)
            }
            Some(code) => Ok(Zeroizing::new(code.to_owned())),
            None => {
                session.ui.ask_hidden(&format!("code of '{name}'"), "mfa verify NAME CODE, or - for stdin")
            }
        }
    }
}

/// A typed code without the blanks and dashes of its groups, Steam's letters as they are shown
pub(super) fn ungrouped(typed: &str) -> Zeroizing<String> {
    let is_joint = |c: &char| c.is_whitespace() || *c == '-';
    Zeroizing::new(typed.chars().filter(|c| !is_joint(c)).map(|c| c.to_ascii_uppercase()).collect())
}

/// The code, ungrouped.
///
/// # Errors
/// A usage error where no code of the account looks like that; what was typed is not repeated.
fn checked(typed: &str, account: &Account) -> Result<Zeroizing<String>, CommandError> {
    let (name, parameters) = (&account.name, account.key.parameters());
    let code = ungrouped(typed);
    let (of_steam, kind) = match parameters.kind() {
        Kind::Steam => (true, "letters and digits of Steam"),
        Kind::Totp { .. } | Kind::Hotp { .. } => (false, "digits"),
    };
    let fits = |c: char| if of_steam { STEAM.contains(c) } else { c.is_ascii_digit() };
    let wanted = parameters.digits();
    let problem = match code.chars().count() {
        0 => "there is none".to_owned(),
        _ if !code.chars().all(fits) => "this has others".to_owned(),
        count if count == usize::from(wanted) => return Ok(code),
        count => format!("this has {count}"),
    };
    Err(CommandError::usage(format!("a code of '{name}' has {wanted} {kind}: {problem}")))
}

/// How many steps the code is from the current one, the nearest where there are several; none where it is nowhere near
fn distance(key: &Key, current: u64, code: &str) -> Option<i64> {
    let both = |steps: u64| {
        let after = current.checked_add(steps).map(|step| (steps.cast_signed(), step));
        let before = current.checked_sub(steps).map(|step| (-steps.cast_signed(), step));
        before.into_iter().chain(after)
    };
    let mut near = (0..=REACH).flat_map(both);
    near.find(|(_, step)| key.code_of_step(*step).digits == code).map(|(steps, _)| steps)
}

/// What a code of another step says about this clock, or about the counter
fn off(steps: i64, parameters: Parameters) -> CommandError {
    let (count, is_old) = (steps.unsigned_abs(), steps < 0);
    let (message, hint) = match parameters.period() {
        Some(period) => {
            let plural = if count == 1 { "step" } else { "steps" };
            let seconds = count * u64::from(period);
            let (there, here) = if is_old { ("old", "ahead") } else { ("ahead", "behind") };
            let slow = if steps == -1 { "or the code was typed slowly; " } else { "" };
            let message =
                format!("the code is {count} {plural} {there}: this clock is about {seconds} s {here}");
            (message, format!("{slow}{HINT}"))
        }
        None if is_old => (
            format!("the code was handed out already: it is number {count} before the next one"),
            "a service takes each code once".to_owned(),
        ),
        None => (
            format!("the code is number {count} after the next one"),
            "codes of the same secret were made elsewhere; 'mfa code' gives the ones between".to_owned(),
        ),
    };
    CommandError::new(ExitCode::Mismatch, message).hint(hint)
}

fn no_match(name: &Name) -> CommandError {
    CommandError::new(ExitCode::Mismatch, format!("the code is none of '{name}', within {REACH} steps"))
        .hint("it is another account's, or the service has another secret")
}
