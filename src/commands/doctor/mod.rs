//! `mfa doctor`

mod accounts;
mod clock;
mod completion;
mod environment;
mod finding;
mod location;
mod vault;

use clap::Args;
use serde::Serialize;

use crate::error::{CommandError, ExitCode, Result};
use crate::json::to_ascii_json;
use crate::session::Session;
use finding::{Finding, Status};

/// Check the vault, its permissions, the clock, the clipboard and the completion
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Ask this time server how far off the clock is: the only check that leaves this machine
    #[arg(long, value_name = "HOST[:PORT]")]
    ntp: Option<String>,
    /// Print JSON
    #[arg(short, long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer<'a> {
    version: u8,
    checks: &'a [Finding],
}

impl Doctor {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let vault = session.vault.load(None);
        let mut findings = vault::check(&vault, session.vault);
        if let Ok(loaded) = &vault {
            findings.extend(accounts::check(&loaded.vault));
        }
        if vault.is_ok_and(|loaded| !loaded.vault.is_encrypted()) && session.vault.path().exists() {
            findings.extend(location::check(session.vault));
        }
        findings.extend(clock::check(self.ntp.as_deref())?);
        findings.extend([environment::state(), environment::clipboard(), completion::check()]);
        if self.json {
            session.ui.stdout_line(&to_ascii_json(&Answer { version: 1, checks: &findings }))?;
        } else {
            let lines: Vec<String> = findings.iter().map(|finding| format!("{finding}\n")).collect();
            session.ui.stdout(lines.concat().as_bytes())?;
        }
        match findings.iter().filter(|finding| finding.status == Status::Problem).count() {
            0 => Ok(()),
            1 => Err(CommandError::new(ExitCode::Problem, "a problem was found")),
            count => Err(CommandError::new(ExitCode::Problem, format!("{count} problems were found"))),
        }
    }
}
