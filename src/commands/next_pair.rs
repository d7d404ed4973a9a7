//! `mfa next-pair`

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::clock::Clock;
use crate::commands::args::{AccountArgs, Lookup, TimeArg};
use crate::error::{CommandError, Result};
use crate::json::to_ascii_json;
use crate::otp::{Account, Code, Key};
use crate::session::Session;
use crate::session::fresh_codes;
use crate::session::hotp::{is_hotp, needs_time};

/// The number of digits that AWS takes
const AWS_DIGITS: u8 = 6;

/// Print two consecutive codes, as AWS wants them
#[derive(Debug, Args)]
pub(crate) struct NextPair {
    #[command(flatten)]
    account: AccountArgs,
    /// The previous and the current code, for a service that rejects future codes
    #[arg(long, conflicts_with = "wait")]
    past: bool,
    /// The current code, and the next one once it is valid
    #[arg(long)]
    wait: bool,
    /// Output format
    #[arg(short = 'F', long, value_name = "FORMAT", default_value = "plain")]
    format: Format,
    #[command(flatten)]
    at: TimeArg,
    #[command(flatten)]
    lookup: Lookup,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// One code a line
    Plain,
    /// Both codes in one line, separated by a blank
    Line,
    /// The options of aws iam, one word a line: for $(…) and xargs
    Aws,
    /// Assignments to MFA_CODE1 and MFA_CODE2
    Env,
    /// Codes, steps, and the time until which both are valid
    Json,
    /// For --cli-input-json "$(…)"
    AwsJson,
}

/// Two consecutive codes
struct Pair {
    first: Code,
    second: Code,
}

impl Pair {
    /// Returns whether the second code has expired.
    fn is_over(&self, now: u64) -> bool {
        self.second.seconds_left(now) == 0
    }
}

#[derive(Serialize)]
struct Answer<'a> {
    name: &'a str,
    codes: [&'a str; 2],
    steps: [u64; 2],
    submit_before: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AwsInput<'a> {
    authentication_code1: &'a str,
    authentication_code2: &'a str,
}

impl NextPair {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let mut clock = Session::clock(self.at.at.as_deref())?;
        let account = session.find_selected(self.account.selector(), self.lookup.kind())?;
        if is_hotp(&account.key) {
            return Err(needs_time("next-pair", account.name.as_str()));
        }
        self.format.check(&account.key)?;
        session.warn_about_clock(clock);
        let mut pair = self.pair(&account.key, clock.now()?)?;
        if self.wait && self.format == Format::Plain {
            print_one_by_one(&account, &pair, &mut clock, session)?;
        } else {
            if self.wait {
                pair = self.wait_for_pair(pair, &account.key, &mut clock, session)?;
            }
            print(&account, &pair.second, &self.format.render(&account, &pair), session)?;
        }
        note(session, &pair, clock.now()?);
        Ok(())
    }

    /// Waits for the second code. Starts over with another pair if the process was suspended for too long.
    fn wait_for_pair(
        &self,
        mut pair: Pair,
        key: &Key,
        clock: &mut Clock,
        session: &mut Session<'_>,
    ) -> Result<Pair> {
        loop {
            wait(clock, &pair, session)?;
            let now = clock.now()?;
            if !pair.is_over(now) {
                return Ok(pair);
            }
            pair = self.pair(key, now)?;
        }
    }

    fn pair(&self, key: &Key, now: u64) -> Result<Pair, CommandError> {
        let step = key.step_at(now);
        let first = if self.past {
            step.checked_sub(1).ok_or_else(|| CommandError::failed("there is no code before the first"))?
        } else {
            step
        };
        Ok(Pair { first: key.code_of_step(first), second: key.code_of_step(first + 1) })
    }
}

/// Prints the first code, and the second one once its time has come.
fn print_one_by_one(
    account: &Account,
    pair: &Pair,
    clock: &mut Clock,
    session: &mut Session<'_>,
) -> Result<()> {
    print(account, &pair.first, &format!("{}\n", pair.first.digits), session)?;
    wait(clock, pair, session)?;
    if pair.is_over(clock.now()?) {
        return Err(CommandError::failed("the second code expired during the wait")
            .hint("run 'mfa next-pair --wait' again"));
    }
    print(account, &pair.second, &format!("{}\n", pair.second.digits), session)
}

/// Prints an answer whose last code is `last`, and records the codes as used.
fn print(account: &Account, last: &Code, answer: &str, session: &mut Session<'_>) -> Result<()> {
    fresh_codes::print(&account.name, &account.key, last.step, answer, session)
}

impl Format {
    /// Rejects codes that AWS would reject.
    fn check(self, key: &Key) -> Result<()> {
        let digits = key.parameters().digits();
        if matches!(self, Self::Aws | Self::AwsJson) && digits != AWS_DIGITS {
            let message = format!("AWS takes codes of {AWS_DIGITS} digits, and this account has {digits}");
            return Err(CommandError::failed(message));
        }
        Ok(())
    }

    fn render(self, account: &Account, pair: &Pair) -> String {
        let (a, b) = (&pair.first.digits, &pair.second.digits);
        match self {
            Self::Plain => format!("{a}\n{b}\n"),
            Self::Line => format!("{a} {b}\n"),
            Self::Aws => format!("--authentication-code1\n{a}\n--authentication-code2\n{b}\n"),
            Self::Env => format!("MFA_CODE1={a}\nMFA_CODE2={b}\n"),
            Self::Json => to_line(&Answer {
                name: account.name.as_str(),
                codes: [a, b],
                steps: [pair.first.step, pair.second.step],
                submit_before: pair.second.valid_until,
            }),
            Self::AwsJson => to_line(&AwsInput { authentication_code1: a, authentication_code2: b }),
        }
    }
}

fn to_line(answer: &impl Serialize) -> String {
    to_ascii_json(answer) + "\n"
}

fn wait(clock: &mut Clock, pair: &Pair, session: &mut Session<'_>) -> Result<()> {
    session.ui.wait_until(clock, pair.second.valid_from, |left| format!("the second code comes in {left} s"))
}

fn note(session: &mut Session<'_>, pair: &Pair, now: u64) {
    let left = pair.second.seconds_left(now);
    session.ui.note(format_args!("enter both within {left} s"));
}
