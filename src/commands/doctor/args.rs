//! The arguments of `mfa doctor`, and the order of its checks.

use clap::Args;
use serde::Serialize;

use super::finding::{Finding, Status};
use super::{accounts, clock, completion, conflicts, environment, integrity, location, vault};
use crate::error::{CommandError, ExitCode, Result};
use crate::json::to_ascii_json;
use crate::session::Session;

/// Check the vault, the clock, the clipboard and the shell
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    /// Compare the clock with this time server: the only check that uses the network
    #[arg(long, value_name = "HOST[:PORT]")]
    ntp: Option<String>,
    /// Print JSON
    #[arg(short, long)]
    json: bool,
}

#[derive(Serialize)]
struct FindingsJson<'a> {
    version: u8,
    checks: &'a [Finding],
}

impl Doctor {
    pub(in crate::commands) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let findings = self.check(session)?;
        if self.json {
            session.ui.stdout_line(&to_ascii_json(&FindingsJson { version: 1, checks: &findings }))?;
        } else {
            let lines: Vec<String> = findings.iter().map(|finding| format!("{finding}\n")).collect();
            session.ui.stdout(lines.concat().as_bytes())?;
        }
        match findings.iter().filter(|finding| finding.status == Status::Problem).count() {
            0 => Ok(()),
            1 => Err(CommandError::new(ExitCode::Problem, "found 1 problem")),
            count => Err(CommandError::new(ExitCode::Problem, format!("found {count} problems"))),
        }
    }

    fn check(&self, session: &mut Session<'_>) -> Result<Vec<Finding>> {
        let loaded = session.vault.load();
        let mut findings = vault::check(&loaded, session.vault);
        let vault = loaded.ok().map(|loaded| loaded.vault);
        let is_plain = vault.as_ref().is_some_and(|vault| !vault.is_encrypted());
        let accounts = vault.as_ref().map(accounts::check);
        findings.extend(vault.into_iter().flat_map(|vault| integrity::check(vault, session)));
        findings.extend(conflicts::check(session.vault));
        findings.extend(accounts.into_iter().flatten());
        if is_plain && session.vault.path().exists() {
            findings.extend(location::check(session.vault));
        }
        findings.extend(clock::check(self.ntp.as_deref())?);
        findings.extend([environment::check_state(), environment::check_clipboard(), completion::check()]);
        Ok(findings)
    }
}
