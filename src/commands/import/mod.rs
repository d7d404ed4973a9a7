//! `mfa import`

mod reading;
mod report;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use crate::commands::args::tag;
use crate::commands::leftover::warn_about_file;
use crate::error::{CommandError, Result};
use crate::formats::{Found, ParsedFile};
use crate::otp::{Account, Name, clean_tags};
use crate::session::Session;
use crate::source::Source;
use crate::vault::Vault;
use crate::vault::merge::{AccountMerger, Merged};

/// What an account is called that has neither issuer nor account name
const NAMELESS: &str = "account";

/// Take over the accounts of another authenticator, from the file or the QR codes that it exports
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Files or pictures, or - for stdin; what they are is told by their content
    #[arg(required = true, value_name = "FILE")]
    files: Vec<OsString>,
    /// Where a file is encrypted: its password, in this file [default: a prompt]
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Tag every account that comes in; may be said several times
    #[arg(long, value_name = "TAG", value_parser = tag)]
    tag: Vec<String>,
    /// Show what would come in, and store nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Print JSON
    #[arg(short, long)]
    json: bool,
}

impl Import {
    /// All files are read before anything is written, and the vault is written once.
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let sources: Vec<Source> = self.files.iter().map(source).collect();
        let contents = self.read(&sources, session)?;
        let accounts: Vec<Account> =
            contents.iter().flat_map(|contents| &contents.found).map(|found| self.account(found)).collect();
        let taken = self.take(accounts, session)?;
        self.report(&taken, &contents, session)?;
        if !self.dry_run {
            for file in sources.iter().filter_map(Source::path) {
                warn_about_file(file, session);
            }
        }
        refusal(&contents)
    }

    fn account(&self, found: &Found) -> Account {
        let enrolment = found.enrolment.clone();
        let nameless = || NAMELESS.parse::<Name>().expect("it is a name");
        let suggested = found.suggested_name.clone().or_else(|| enrolment.label.derived_name());
        let name = suggested.unwrap_or_else(nameless);
        let mut account = enrolment.named(name);
        account.tags = clean_tags(account.tags.iter().chain(&self.tag));
        account
    }

    fn take(&self, accounts: Vec<Account>, session: &mut Session<'_>) -> Result<Vec<Merged>> {
        let take_all = |vault: &mut Vault| -> Result<Vec<Merged>> {
            let mut intake = AccountMerger::new(vault);
            Ok(accounts.into_iter().map(|account| intake.merge(account)).collect())
        };
        if self.dry_run {
            let mut vault = session.load()?;
            session.unlock_all(&mut vault)?;
            return take_all(&mut vault);
        }
        session.update(take_all)
    }
}

fn source(file: &OsString) -> Source {
    if file == "-" { Source::Stdin } else { Source::File(file.into()) }
}

/// The exit code says that something stayed behind
fn refusal(contents: &[ParsedFile]) -> Result<()> {
    let refused: usize = contents.iter().map(|contents| contents.rejected.len()).sum();
    let found: usize = contents.iter().map(|contents| contents.found.len()).sum();
    if refused == 0 {
        return Ok(());
    }
    let message = format!("{refused} of {} accounts could not be taken", refused + found);
    Err(CommandError::incomplete(message))
}
