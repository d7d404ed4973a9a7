//! `mfa code`

use std::ffi::{OsStr, OsString};

use clap::Args;
use serde::Serialize;

use crate::clock::Clock;
use crate::commands::args::{AccountArgs, Lookup, TimeArg};
use crate::desktop::clipboard;
use crate::error::{CommandError, ExitCode, Result};
use crate::json::to_ascii_json;
use crate::otp::{self, Enrolment, Key, Name};
use crate::platform::env;
use crate::session::Session;
use crate::session::fresh_codes::{self, FreshCodeRequest};
use crate::session::hotp::{self, is_hotp, needs_time};
use crate::session::source::parse_source;

/// Seconds before the end of a code in which the user sees the next code as well
pub(super) const NEARLY_OVER: u64 = 5;

/// Print the current code of an account
#[derive(Debug, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that a user types")]
pub(crate) struct Code {
    #[command(flatten)]
    account: AccountArgs,
    /// Take the account from an image, an otpauth URI, a file with a secret key, or - for stdin, without a vault
    #[arg(long, value_name = "SOURCE", group = "account")]
    from: Option<OsString>,
    /// If fewer seconds are left, wait for the next code [variable: MFA_MIN_REMAINING]
    #[arg(short, long, value_name = "SECONDS")]
    min_remaining: Option<u64>,
    /// Wait for a code that was not used before: AWS accepts each only once
    #[arg(long, conflicts_with = "from")]
    fresh: bool,
    /// The code after the current one
    #[arg(long)]
    next: bool,
    #[command(flatten)]
    at: TimeArg,
    /// Also copy the code, and clear the clipboard when it expires
    #[arg(short, long)]
    copy: bool,
    /// Print JSON
    #[arg(short, long)]
    json: bool,
    #[command(flatten)]
    lookup: Lookup,
}

#[derive(Serialize)]
struct Answer<'a> {
    name: Option<&'a str>,
    code: &'a str,
    digits: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    valid_from: u64,
    valid_until: u64,
    remaining: u64,
    next: &'a str,
}

#[derive(Serialize)]
struct HotpAnswer<'a> {
    name: &'a str,
    code: &'a str,
    digits: usize,
    counter: u64,
}

impl Code {
    /// Returns `mfa code NAME` without options.
    pub(super) fn for_name(name: &str) -> Self {
        Self { account: AccountArgs::for_name(name), ..Self::default() }
    }

    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let mut clock = Session::clock(self.at.at.as_deref())?;
        if self.copy {
            clipboard::check()?;
        }
        let (name, key) = self.key(session)?;
        if let Some(name) = name.as_ref().filter(|_| is_hotp(&key)) {
            return self.run_hotp(name, session);
        }
        session.warn_about_clock(clock);
        let step = self.step(name.as_ref(), &key, &mut clock, session)?;
        let now = clock.now()?;
        let (code, next) = (key.code_of_step(step), key.code_of_step(step + 1));
        let answer = Answer {
            name: name.as_ref().map(Name::as_str),
            code: &code.digits,
            digits: key.parameters().digits(),
            period: key.parameters().period(),
            valid_from: code.valid_from,
            valid_until: code.valid_until,
            remaining: code.seconds_left(now),
            next: &next.digits,
        };
        self.print(&code.digits, code.valid_until.saturating_sub(now), &answer, session)?;
        if !self.json && !self.copy {
            note(session, &code, &next, now);
        }
        Ok(())
    }

    fn run_hotp(&self, name: &Name, session: &mut Session<'_>) -> Result<()> {
        for (is_given, option) in [
            (self.next, "--next"),
            (self.at.at.is_some(), "--at"),
            (self.fresh, "--fresh"),
            (self.min_remaining.is_some(), "--min-remaining"),
        ] {
            if is_given {
                return Err(needs_time(option, name.as_str()));
            }
        }
        let code = hotp::next_code(name, session)?;
        let answer = HotpAnswer {
            name: name.as_str(),
            digits: code.digits.len(),
            code: &code.digits,
            counter: code.step,
        };
        self.print(&code.digits, hotp::COPIED_SECONDS, &answer, session)?;
        if !self.json {
            session.ui.note(format_args!("code number {}; the next call prints the next one", code.step));
        }
        Ok(())
    }

    /// Prints the code, and with `--copy` copies it for the given seconds.
    fn print(
        &self,
        code: &str,
        seconds: u64,
        json: &impl Serialize,
        session: &mut Session<'_>,
    ) -> Result<()> {
        let printed = if self.json {
            session.ui.stdout_line(&to_ascii_json(json))
        } else {
            session.ui.stdout_line(code)
        };
        // Copy after printing, so that a failing clipboard loses no code, and even if the reader closed the pipe.
        let copied = self.copy.then(|| clipboard::copy(code, seconds)).transpose();
        if let Ok(Some(copied)) = &copied {
            session.ui.status(copied);
        }
        printed?;
        copied?;
        Ok(())
    }

    fn key(&self, session: &mut Session<'_>) -> Result<(Option<Name>, Key)> {
        if let Some(from) = &self.from {
            let enrolment = read_only_account(from, session)?;
            return Ok((enrolment.label.derived_name(), enrolment.key));
        }
        let account = session.find_selected(self.account.selector(), self.lookup.kind())?;
        Ok((Some(account.name), account.key))
    }

    /// Returns the step of the code to print, after waiting for it.
    fn step(
        &self,
        name: Option<&Name>,
        key: &Key,
        clock: &mut Clock,
        session: &mut Session<'_>,
    ) -> Result<u64> {
        let steps = u64::from(self.next);
        let min_seconds = self.min_seconds(key)?;
        let name = name.filter(|_| self.from.is_none());
        if let Some(name) = name.filter(|_| self.fresh) {
            let request = FreshCodeRequest { seconds: min_seconds.unwrap_or(0), steps };
            return fresh_codes::claim(name, key, request, clock, session);
        }
        if let Some(min_seconds) = min_seconds {
            wait(min_seconds, clock, key, session)?;
        }
        let step = key.step_at(clock.now()?) + steps;
        if let Some(name) = name {
            fresh_codes::record_if_tracked(name, key, step, session);
        }
        Ok(step)
    }

    /// Returns the seconds of `--min-remaining` or its variable. A code without a period lasts until it is used.
    fn min_seconds(&self, key: &Key) -> Result<Option<u64>, CommandError> {
        let variable = env::MIN_REMAINING;
        let (seconds, origin) = if let Some(seconds) = self.min_remaining {
            (seconds, "--min-remaining")
        } else {
            let Some(text) = env::var(variable)? else { return Ok(None) };
            let not_seconds =
                |_| CommandError::usage(format!("the variable {variable} is not a number of seconds"));
            (text.parse().map_err(not_seconds)?, variable)
        };
        let Some(period) = key.parameters().period() else { return Ok(None) };
        if seconds > u64::from(period) {
            let message = format!("{origin}: no code lasts {seconds} s, the period is {period} s");
            return Err(CommandError::new(ExitCode::Usage, message));
        }
        Ok(Some(seconds))
    }
}

/// Reads the account of a source that holds only one, or the one that the user picks.
///
/// # Errors
/// The source cannot be read, or its account is an HOTP account.
fn read_only_account(from: &OsStr, session: &mut Session<'_>) -> Result<Enrolment> {
    let source = session.prompt_if_terminal(parse_source(from)?, "secret key or otpauth URI")?;
    let mut found = session.read_source(&source)?;
    let hint = "'mfa add NAME SOURCE --pick N' stores one of them, and 'mfa code NAME' prints its code";
    let index = session.pick_one(&found, &source, hint)?;
    let picked = session.report_warnings(found.swap_remove(index));
    if is_hotp(&picked.key) {
        return Err(CommandError::failed("unsupported type 'hotp': the counter needs a vault"));
    }
    Ok(picked)
}

/// Waits for the next code if the current one is valid for fewer seconds.
fn wait(min_seconds: u64, clock: &mut Clock, key: &Key, session: &mut Session<'_>) -> Result<()> {
    let now = clock.now()?;
    let code = key.code_at(now);
    if code.seconds_left(now) >= min_seconds {
        return Ok(());
    }
    session.ui.wait_until(clock, code.valid_until, |left| format!("the next code comes in {left} s"))
}

fn note(session: &mut Session<'_>, code: &otp::Code, next: &otp::Code, now: u64) {
    let left = code.seconds_left(now);
    if now < code.valid_from {
        session.ui.note(format_args!("valid in {} s", code.valid_from - now));
    } else if left <= NEARLY_OVER {
        session.ui.note(format_args!("{left} s left, then {}", next.digits));
    } else {
        session.ui.note(format_args!("{left} s left"));
    }
}
