//! `mfa code`

use clap::Args;
use serde::Serialize;

use crate::clock::Clock;
use crate::commands::args::{AccountArgs, Lookup, TimeArg};
use crate::desktop::clipboard;
use crate::error::{CommandError, ExitCode, Result};
use crate::json::to_ascii_json;
use crate::otp::{self, Key, Name};
use crate::platform::env;
use crate::session::Session;
use crate::session::fresh_codes::{self, FreshCodeRequest};
use crate::session::hotp::{self, is_counted};

/// From how many seconds left on a person is shown the next code as well
pub(super) const NEARLY_OVER: u64 = 5;

/// Print the current code of an account
#[derive(Debug, Default, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that a user types")]
pub(crate) struct Code {
    #[command(flatten)]
    account: AccountArgs,
    /// Take the account from an image, an otpauth URI, a file with a secret key, or - for stdin, without a vault
    #[arg(long, value_name = "SOURCE", group = "account")]
    from: Option<std::ffi::OsString>,
    /// If fewer seconds are left, wait for the next code [variable: MFA_MIN_REMAINING]
    #[arg(short, long, value_name = "SECONDS")]
    min_remaining: Option<u64>,
    /// Wait for a code that was not handed out before: AWS takes each only once
    #[arg(long, conflicts_with = "from")]
    fresh: bool,
    /// The code after the current one
    #[arg(long)]
    next: bool,
    #[command(flatten)]
    at: TimeArg,
    /// Copy the code as well, and clear it from the clipboard when it ends
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
struct Counted<'a> {
    name: &'a str,
    code: &'a str,
    digits: usize,
    counter: u64,
}

impl Code {
    /// `mfa code NAME`
    pub(super) fn of(name: &str) -> Self {
        Self { account: AccountArgs::for_name(name), ..Self::default() }
    }

    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let mut clock = Session::clock(self.at.at.as_deref())?;
        if self.copy {
            clipboard::check()?;
        }
        let (name, key) = self.key(session)?;
        if let Some(name) = name.as_ref().filter(|_| is_counted(&key)) {
            return self.count(name, session);
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
        self.hand_out(&code.digits, code.valid_until.saturating_sub(now), &answer, session)?;
        if !self.json && !self.copy {
            note(session, &code, &next, now);
        }
        Ok(())
    }

    /// The next code of an HOTP account
    fn count(&self, name: &Name, session: &mut Session<'_>) -> Result<()> {
        for (given, what) in [
            (self.next, "--next"),
            (self.at.at.is_some(), "--at"),
            (self.fresh, "--fresh, each is handed out once anyway"),
            (self.min_remaining.is_some(), "--min-remaining"),
        ] {
            if given {
                return Err(hotp::refuse(what, name.as_str()));
            }
        }
        let code = hotp::next_code(name, session)?;
        let answer = Counted {
            name: name.as_str(),
            digits: code.digits.len(),
            code: &code.digits,
            counter: code.step,
        };
        self.hand_out(&code.digits, hotp::LASTS_COPIED, &answer, session)?;
        if !self.json {
            session.ui.note(format_args!("code number {}; the next call gives the next one", code.step));
        }
        Ok(())
    }

    /// Prints the code, and copies it where that was asked for, for so many seconds
    fn hand_out(
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
        // after the answer, so that a code which cannot be copied is not lost; and even where nobody reads the answer
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
            let found = crate::commands::add::only_account(session, from)?;
            return Ok((found.label.derived_name(), found.key));
        }
        let account = session.find_selected(self.account.selector(), self.lookup.kind())?;
        Ok((Some(account.name), account.key))
    }

    /// The step whose code is to be handed out, once it is time for it
    fn step(
        &self,
        name: Option<&Name>,
        key: &Key,
        clock: &mut Clock,
        session: &mut Session<'_>,
    ) -> Result<u64> {
        let steps = u64::from(self.next);
        let wanted = self.wanted_seconds(key)?;
        let name = name.filter(|_| self.from.is_none());
        if let Some(name) = name.filter(|_| self.fresh) {
            let wish = FreshCodeRequest { seconds: wanted.unwrap_or(0), steps };
            return fresh_codes::claim(name, key, wish, clock, session);
        }
        if let Some(wanted) = wanted {
            wait(wanted, clock, key, session)?;
        }
        let step = key.step_at(clock.now()?) + steps;
        if let Some(name) = name {
            fresh_codes::note(name, key, step, session);
        }
        Ok(step)
    }

    fn wanted_seconds(&self, key: &Key) -> Result<Option<u64>, CommandError> {
        let variable = env::MIN_REMAINING;
        let (wanted, origin) = if let Some(seconds) = self.min_remaining {
            (seconds, "--min-remaining")
        } else {
            let Some(text) = env::var(variable)? else { return Ok(None) };
            let not_seconds =
                |_| CommandError::usage(format!("the variable {variable} is not a number of seconds"));
            (text.parse().map_err(not_seconds)?, variable)
        };
        let Some(period) = key.parameters().period() else { return Ok(None) };
        if wanted > u64::from(period) {
            let message = format!("{origin}: no code lasts {wanted} s, the period is {period} s");
            return Err(CommandError::new(ExitCode::Usage, message));
        }
        Ok(Some(wanted))
    }
}

/// Waits for the next code where too few seconds are left of the current one
fn wait(wanted: u64, clock: &mut Clock, key: &Key, session: &mut Session<'_>) -> Result<()> {
    let now = clock.now()?;
    let code = key.code_at(now);
    if code.seconds_left(now) >= wanted {
        return Ok(());
    }
    session.ui.wait_until(clock, code.valid_until, |left| format!("the next code comes in {left} s"))
}

fn note(session: &mut Session<'_>, code: &otp::Code, next: &otp::Code, now: u64) {
    let left = code.seconds_left(now);
    if now < code.valid_from {
        session.ui.note(format_args!("good in {} s", code.valid_from - now));
    } else if left <= NEARLY_OVER {
        session.ui.note(format_args!("{left} s left, then {}", next.digits));
    } else {
        session.ui.note(format_args!("{left} s left"));
    }
}
