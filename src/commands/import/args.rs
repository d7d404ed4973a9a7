//! The arguments of `mfa import`, and the order of its steps.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;

use crate::commands::account_json::format_count;
use crate::commands::args::tag;
use crate::commands::secret_file::warn_about_file;
use crate::error::{CommandError, Result};
use crate::formats::{Found, ParsedFile};
use crate::otp::{Account, Name, clean_tags};
use crate::session::Session;
use crate::source::Source;
use crate::vault::Vault;
use crate::vault::merge::{AccountMerger, Merged};

/// The name of an account that has neither an issuer nor an account name
const DEFAULT_NAME: &str = "account";

/// Import accounts that another authenticator exports
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Files or images, or - for stdin; mfa recognises them by their content
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<OsString>,
    /// Read the password of an encrypted file from this file [default: a prompt]
    #[arg(long, value_name = "FILE")]
    pub(super) password_file: Option<PathBuf>,
    /// Tag for every imported account (repeatable)
    #[arg(long, value_name = "TAG", value_parser = tag)]
    pub(super) tag: Vec<String>,
    /// Show what would be imported, and store nothing
    #[arg(short = 'n', long)]
    pub(super) dry_run: bool,
    /// Print JSON
    #[arg(short, long)]
    pub(super) json: bool,
}

impl Import {
    /// Reads all files before it changes the vault, and writes the vault once.
    pub(in crate::commands) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let sources: Vec<Source> = self.files.iter().map(source).collect();
        let files = self.read(&sources, session)?;
        let accounts: Vec<Account> =
            files.iter().flat_map(|file| &file.found).map(|found| self.account(found)).collect();
        let merged = self.merge(accounts, session)?;
        self.report(&merged, &files, session)?;
        if !self.dry_run {
            for file in sources.iter().filter_map(Source::path) {
                warn_about_file(file, session);
            }
        }
        reject_incomplete(&files)
    }

    fn account(&self, found: &Found) -> Account {
        let enrolment = found.enrolment.clone();
        let default_name = || DEFAULT_NAME.parse::<Name>().expect("the default is a valid name");
        let suggested = found.suggested_name.clone().or_else(|| enrolment.label.derived_name());
        let mut account = enrolment.named(suggested.unwrap_or_else(default_name));
        account.tags = clean_tags(account.tags.iter().chain(&self.tag));
        account
    }

    fn merge(&self, accounts: Vec<Account>, session: &mut Session<'_>) -> Result<Vec<Merged>> {
        let merge_all = |vault: &mut Vault| -> Result<Vec<Merged>> {
            let mut merger = AccountMerger::new(vault);
            Ok(accounts.into_iter().map(|account| merger.merge(account)).collect())
        };
        if self.dry_run {
            let mut vault = session.load()?;
            session.unlock_all(&mut vault)?;
            return merge_all(&mut vault);
        }
        session.update(merge_all)
    }
}

fn source(file: &OsString) -> Source {
    if file == "-" { Source::Stdin } else { Source::File(file.into()) }
}

/// Returns an error if an account could not be imported, so that the exit code says so.
fn reject_incomplete(files: &[ParsedFile]) -> Result<()> {
    let rejected: usize = files.iter().map(|file| file.rejected.len()).sum();
    let found: usize = files.iter().map(|file| file.found.len()).sum();
    if rejected == 0 {
        return Ok(());
    }
    let total = format_count(rejected + found);
    Err(CommandError::incomplete(format!("could not import {rejected} of {total}")))
}
