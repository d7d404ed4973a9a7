//! `mfa add`

mod args;
mod report;
mod selection;
mod store;

use std::ffi::OsString;

use clap::Args;
use clap::builder::RangedU64ValueParser;

use crate::commands::args::tag;
use crate::commands::verify::ungrouped;
use crate::error::{CommandError, ExitCode, Result};
use crate::otp::{Algorithm, Enrolment, Key, Kind, Label, MfaArn, Parameters, clean_tags};
use crate::session::Session;
use crate::text::plain_label;

pub(super) use selection::only_account;

/// Steps on either side of the current one in which a code read off another device still counts
const VERIFY_WINDOW: u64 = 1;

/// Store an account: from a QR image, an otpauth URI, a typed or piped secret key
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that a user types")]
pub(crate) struct Add {
    /// What the account shall be called [default: made from its label]
    name: Option<OsString>,
    /// An image, an otpauth URI, a file with a secret key, or - for stdin [default: a prompt, or stdin]
    #[arg(conflicts_with_all = ["qr", "uri", "clipboard", "screen"])]
    source: Option<OsString>,
    /// Read this image or file
    #[arg(long, value_name = "FILE", conflicts_with = "uri")]
    qr: Option<OsString>,
    /// Take this otpauth URI (it will stand in the shell's history)
    #[arg(long, value_name = "URI")]
    uri: Option<OsString>,
    /// Take the picture or the text in the clipboard
    #[arg(long, conflicts_with_all = ["qr", "uri", "screen"])]
    clipboard: bool,
    /// Take the QR code that can be seen on the screen
    #[arg(long, conflicts_with_all = ["qr", "uri"])]
    screen: bool,
    /// The service
    #[arg(short, long, value_name = "TEXT", value_parser = plain_label)]
    issuer: Option<String>,
    /// The user at the service
    #[arg(short, long, value_name = "TEXT", value_parser = plain_label)]
    account: Option<String>,
    /// The ARN of an AWS MFA device
    #[arg(long, value_name = "ARN")]
    serial: Option<MfaArn>,
    /// A tag; may be said several times
    #[arg(long, value_name = "TAG", value_parser = tag)]
    tag: Vec<String>,
    /// Digits of a code, 6 to 8 [default: 6]
    #[arg(long, value_parser = RangedU64ValueParser::<u8>::new().range(6..=8))]
    digits: Option<u8>,
    /// Seconds for which a code is good [default: 30]
    #[arg(long, value_name = "SECONDS", value_parser = RangedU64ValueParser::<u32>::new().range(1..=86_400))]
    period: Option<u32>,
    /// SHA1, SHA256 or SHA512 [default: SHA1]
    #[arg(long)]
    algorithm: Option<Algorithm>,
    /// Of several accounts in the source, take this one
    #[arg(long, value_name = "N", conflicts_with = "all")]
    pick: Option<usize>,
    /// Of several accounts in the source, take all
    #[arg(long, conflicts_with = "verify")]
    all: bool,
    /// Store only if this code, read off another device, matches
    #[arg(long, value_name = "CODE")]
    verify: Option<String>,
    /// Replace an account that has the name
    #[arg(short, long)]
    force: bool,
    /// Show what would be stored, and store nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Print JSON
    #[arg(short, long)]
    json: bool,
}

impl Add {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let origin = self.origin(session)?;
        let found = args::read(&origin.source, session)?;
        let chosen = self.choose(found, &origin.source.name(), session)?;
        let enrolments = chosen.into_iter().map(|e| self.adjusted(e)).collect::<Result<Vec<_>>>()?;
        for enrolment in &enrolments {
            self.verify(&enrolment.key)?;
        }
        let plans = self.plans(origin.name.as_ref(), enrolments, session)?;
        let stored = self.store(plans, session)?;
        self.report(&stored, &origin.source, session)
    }

    /// The account as the options want it
    fn adjusted(&self, enrolment: Enrolment) -> Result<Enrolment> {
        let Enrolment { label, tags, key } = enrolment;
        let tags = clean_tags(tags.iter().chain(&self.tag));
        let parameters = self.parameters(key.parameters())?;
        let label = Label {
            issuer: self.issuer.clone().unwrap_or(label.issuer),
            account_name: self.account.clone().unwrap_or(label.account_name),
            serial: self.serial.clone().or(label.serial),
        };
        Ok(Enrolment { label, tags, key: Key::new(key.secret().clone(), parameters) })
    }

    /// HOTP has no period, and of Steam nothing can be chosen
    fn parameters(&self, given: Parameters) -> Result<Parameters> {
        let algorithm = self.algorithm.unwrap_or(given.algorithm());
        let digits = self.digits.unwrap_or(given.digits());
        let says_nothing = self.algorithm.is_none() && self.digits.is_none();
        match given.kind() {
            Kind::Totp { period } => Ok(Parameters::new(algorithm, digits, self.period.unwrap_or(period))?),
            Kind::Hotp { counter } if self.period.is_none() => {
                Ok(Parameters::hotp(algorithm, digits, counter)?)
            }
            Kind::Steam if self.period.is_none() && says_nothing => Ok(given),
            kind => {
                let message = format!("an account of type '{}' does not take these options", kind.as_str());
                Err(CommandError::usage(message))
            }
        }
    }

    fn verify(&self, key: &Key) -> Result<()> {
        let Some(code) = &self.verify else { return Ok(()) };
        let typed = ungrouped(code);
        let step = key.step_at(Session::clock(None)?.now()?);
        let mut window = step.saturating_sub(VERIFY_WINDOW)..=step.saturating_add(VERIFY_WINDOW);
        if window.any(|step| key.code_of_step(step).digits == *typed) {
            return Ok(());
        }
        Err(CommandError::new(ExitCode::Mismatch, "the code does not match; nothing was stored")
            .hint("check that it is the account's current code, and the clock of this machine"))
    }
}
