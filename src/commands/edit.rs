//! `mfa edit`

use clap::Args;

use crate::commands::account_json::named_summary;
use crate::commands::args::tag;
use crate::error::{CommandError, Result};
use crate::otp::{Account, MfaArn};
use crate::session::Session;
use crate::text::plain_label;
use crate::vault::MatchKind;

/// Change what is said about an account; its secret stays
#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// The account's name, exactly
    name: String,
    /// The service; empty takes it away
    #[arg(short, long, value_name = "TEXT", value_parser = plain_label)]
    issuer: Option<String>,
    /// The user at the service; empty takes it away
    #[arg(short, long, value_name = "TEXT", value_parser = plain_label)]
    account: Option<String>,
    /// The ARN of an AWS MFA device; empty takes it away
    #[arg(long, value_name = "ARN", value_parser = serial)]
    serial: Option<Serial>,
    /// Add a tag
    #[arg(long, value_name = "TAG", value_parser = tag)]
    tag: Vec<String>,
    /// Take a tag away
    #[arg(long, value_name = "TAG")]
    untag: Vec<String>,
}

/// A serial number, or none
#[derive(Debug, Clone)]
struct Serial(Option<MfaArn>);

impl Edit {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        if !self.changes_something() {
            return Err(CommandError::usage("nothing says what to change")
                .hint("--issuer, --account, --serial, --tag or --untag; 'mfa rename' changes the name"));
        }
        let entry = session.update(|vault| {
            let entry = vault.find(&self.name, MatchKind::Exact)?;
            let Some(account) = entry.account() else {
                let message =
                    format!("the secret of '{}' does not open, so it cannot be changed", entry.name);
                return Err(CommandError::failed(message));
            };
            let name = account.name.clone();
            let edited = self.edited(account.clone());
            if edited != account {
                vault.replace(edited);
            }
            // not by what it was found by: that may have been its ARN
            Ok(vault.find(name.as_str(), MatchKind::Exact)?.clone())
        })?;
        session.ui.status(named_summary(format_args!("'{}'", entry.name), &entry));
        Ok(())
    }

    fn changes_something(&self) -> bool {
        self.issuer.is_some()
            || self.account.is_some()
            || self.serial.is_some()
            || !self.tag.is_empty()
            || !self.untag.is_empty()
    }

    fn edited(&self, mut account: Account) -> Account {
        if let Some(issuer) = &self.issuer {
            account.label.issuer.clone_from(issuer);
        }
        if let Some(name) = &self.account {
            account.label.account_name.clone_from(name);
        }
        if let Some(Serial(serial)) = &self.serial {
            account.label.serial.clone_from(serial);
        }
        account.tags.retain(|tag| !self.untag.contains(tag));
        for tag in &self.tag {
            if !account.tags.contains(tag) {
                account.tags.push(tag.clone());
            }
        }
        account
    }
}

fn serial(text: &str) -> Result<Serial, String> {
    if text.is_empty() {
        return Ok(Serial(None));
    }
    text.parse::<MfaArn>().map(|arn| Serial(Some(arn))).map_err(|_| "not the ARN of an MFA device".to_owned())
}
