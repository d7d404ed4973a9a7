//! One file, one subcommand: its arguments and what it does.

mod add;
mod code;
mod export_qr;
mod list;
mod next_pair;
mod options;
mod row;

use anyhow::Result;
use clap::Subcommand;

use crate::clock::{Clock, ClockError};
use crate::environment;
use crate::failure::{Exit, Failure};
use crate::otp::Account;
use crate::text::{shown, shown_path};
use crate::ui::Ui;
use crate::vault::{FileError, FindError, MatchKind, Vault, VaultFile};

/// What `mfa` can do
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Add(Box<add::Add>),
    Code(code::Code),
    NextPair(next_pair::NextPair),
    List(list::List),
    ExportQr(export_qr::ExportQr),
}

impl Command {
    pub(crate) fn run(&self, cx: &mut Context<'_>) -> Result<()> {
        match self {
            Self::Add(add) => add.run(cx),
            Self::Code(code) => code.run(cx),
            Self::NextPair(next_pair) => next_pair.run(cx),
            Self::List(list) => list.run(cx),
            Self::ExportQr(export_qr) => export_qr.run(cx),
        }
    }
}

/// What a command works with
#[derive(Debug)]
pub(crate) struct Context<'a> {
    pub(crate) vault: &'a VaultFile,
    pub(crate) ui: &'a mut Ui,
}

impl Context<'_> {
    /// The clock that stands at `--at`, else at `MFA_AT`, else the machine's
    fn clock(at: Option<&str>) -> Result<Clock, Failure> {
        if let Some(at) = at {
            return Clock::at(at).map_err(|error| usage(&error, "--at"));
        }
        match environment::text(environment::AT)? {
            Some(at) => Clock::at(&at).map_err(|error| usage(&error, environment::AT)),
            None => Ok(Clock::System),
        }
    }

    /// The vault, with a warning where others may read it
    fn load(&mut self) -> Result<Vault, FileError> {
        let loaded = self.vault.load()?;
        if loaded.exposed {
            let path = shown_path(self.vault.path());
            let quoted = shlex::try_quote(&path).map_or_else(|_| path.clone(), Into::into);
            self.ui.warn(
                format_args!("others can read the vault '{path}'"),
                Some(&format!("chmod 600 {quoted}")),
            );
        }
        Ok(loaded.vault)
    }

    /// The one account that the user means; where several fit and somebody is there, they are asked
    fn find(&mut self, query: &str, kind: MatchKind) -> Result<Account> {
        let vault = self.load()?;
        let found = match vault.find(query, kind) {
            Err(FindError::Several { query, candidates }) if self.ui.can_prompt() => {
                match self.ui.choose(&candidates)? {
                    Some(index) => vault.find(&candidates[index], MatchKind::Exact),
                    None => Err(FindError::Several { query, candidates }),
                }
            }
            found => found,
        };
        match found {
            Err(FindError::None { .. }) if vault.is_empty() => Err(self.no_account(query).into()),
            found => Ok(found?.clone()),
        }
    }

    fn no_account(&self, query: &str) -> Failure {
        let path = shown_path(self.vault.path());
        Failure::new(Exit::NoAccount, format!("no account '{}'", shown(query)))
            .hint(format!("the vault '{path}' is empty; 'mfa add' stores the first account"))
    }
}

fn usage(error: &ClockError, origin: &str) -> Failure {
    Failure::usage(format!("{origin}: {error}"))
}
