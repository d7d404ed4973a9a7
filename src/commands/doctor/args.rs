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
        findings.extend(integrity::check(session));
        findings.extend(conflicts::check(session.vault));
        if let Ok(loaded) = &loaded {
            findings.extend(accounts::check(&loaded.vault));
        }
        if loaded.is_ok_and(|loaded| !loaded.vault.is_encrypted()) && session.vault.path().exists() {
            findings.extend(location::check(session.vault));
        }
        findings.extend(clock::check(self.ntp.as_deref())?);
        findings.extend([environment::check_state(), environment::check_clipboard(), completion::check()]);
        Ok(findings)
    }
}
