//! `mfa verify`

use std::io::{BufRead as _, Read as _, stdin};

use clap::Args;
use serde::Serialize;
use zeroize::Zeroizing;

use crate::commands::args::{Lookup, TimeArg, ungroup_code};
use crate::error::{CommandError, Context as _, ExitCode, Result};
use crate::json::to_ascii_json;
use crate::otp::{Account, Key, Kind, Name, Parameters};
use crate::session::Session;
use crate::session::hotp::{is_hotp, needs_time};

/// The number of steps before and after the current one in which a code is searched
const MAX_STEPS: u64 = 20;

/// The letters and digits of Steam's codes
const STEAM: &str = "23456789BCDFGHJKMNPQRTVWXY";

/// The size limit of a typed code, in bytes: more than any code has, however it is grouped
const MAX_BYTES: u64 = 100;

const HINT: &str = "'mfa doctor --ntp HOST' asks a time server";

/// Check a code, and how far off the clock is
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
    /// Steps from the current code to this one; negative if this one is older
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
        if is_hotp(key) && self.at.at.is_some() {
            return Err(needs_time("--at", name.as_str()));
        }
        let code = parse_code(&self.read_code(name, session)?, &account)?;
        let steps = distance(key, key.step_at(clock.now()?), &code);
        if self.json {
            let period = key.parameters().period();
            session.ui.stdout_line(&to_ascii_json(&Answer {
                name: name.as_str(),
                matches: steps == Some(0),
                steps,
                clock_ahead: period.zip(steps).map(|(period, steps)| -steps * i64::from(period)),
            }))?;
        }
        match steps {
            Some(0) => session.ui.status(format_args!("the code of '{name}' matches")),
            Some(steps) => return Err(other_step(steps, key.parameters())),
            None => return Err(no_match(name)),
        }
        Ok(())
    }

    /// Returns the code from the argument, from stdin, or from a hidden prompt.
    fn read_code(&self, name: &Name, session: &mut Session<'_>) -> Result<Zeroizing<String>> {
        match self.code.as_deref() {
            Some("-") => {
                let mut line = Zeroizing::new(String::new());
                let read = stdin().lock().take(MAX_BYTES).read_line(&mut line);
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

/// Removes the grouping of a typed code.
///
/// # Errors
/// The account has no such codes. The message does not repeat the code.
fn parse_code(typed: &str, account: &Account) -> Result<Zeroizing<String>, CommandError> {
    let (name, parameters) = (&account.name, account.key.parameters());
    let code = ungroup_code(typed);
    let (is_steam, kind) = match parameters.kind() {
        Kind::Steam => (true, "letters and digits of Steam"),
        Kind::Totp { .. } | Kind::Hotp { .. } => (false, "digits"),
    };
    let is_allowed = |c: char| if is_steam { STEAM.contains(c) } else { c.is_ascii_digit() };
    let length = parameters.digits();
    let problem = match code.chars().count() {
        0 => ", and this one is empty".to_owned(),
        _ if !code.chars().all(is_allowed) => String::new(),
        count if count == usize::from(length) => return Ok(code),
        count => format!(", and this one has {count}"),
    };
    Err(CommandError::usage(format!("codes for '{name}' have {length} {kind}{problem}")))
}

/// Returns the number of steps from the current code to this one: the nearest match, or `None` within the limit.
fn distance(key: &Key, current: u64, code: &str) -> Option<i64> {
    let both = |steps: u64| {
        let after = current.checked_add(steps).map(|step| (steps.cast_signed(), step));
        let before = current.checked_sub(steps).map(|step| (-steps.cast_signed(), step));
        before.into_iter().chain(after)
    };
    let mut near = (0..=MAX_STEPS).flat_map(both);
    near.find(|(_, step)| key.code_of_step(*step).digits == code).map(|(steps, _)| steps)
}

/// Returns the error for a code of another step: the clock is off, or the counter.
fn other_step(steps: i64, parameters: Parameters) -> CommandError {
    let (message, hint) = match parameters.period() {
        Some(period) => clock_off(steps, period),
        None => counter_off(steps),
    };
    CommandError::new(ExitCode::Mismatch, message).hint(hint)
}

fn clock_off(steps: i64, period: u32) -> (String, String) {
    let count = steps.unsigned_abs();
    let plural = if count == 1 { "step" } else { "steps" };
    let seconds = count * u64::from(period);
    let (there, here) = if steps < 0 { ("old", "ahead") } else { ("ahead", "behind") };
    let slow = if steps == -1 { "or the code was typed slowly; " } else { "" };
    let message = format!("the code is {count} {plural} {there}: this clock is about {seconds} s {here}");
    (message, format!("{slow}{HINT}"))
}

fn counter_off(steps: i64) -> (String, String) {
    let count = steps.unsigned_abs();
    if steps < 0 {
        let message = format!("the code was used already: it is number {count} before the next one");
        return (message, "a service accepts each code once".to_owned());
    }
    let hint = "another device used the same secret; 'mfa code' prints the codes between";
    (format!("the code is number {count} after the next one"), hint.to_owned())
}

fn no_match(name: &Name) -> CommandError {
    CommandError::new(
        ExitCode::Mismatch,
        format!("the code does not match '{name}' (checked {MAX_STEPS} steps either way)"),
    )
    .hint("it belongs to another account, or the service has another secret")
}
