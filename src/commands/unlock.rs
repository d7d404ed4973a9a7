//! `mfa unlock`

use clap::Args;
use jiff::SignedDuration;

use crate::error::{CommandError, Result};
use crate::keyring::cache;
use crate::session::Session;

/// A working day
const DEFAULT_DURATION: &str = "8h";

/// Keep the vault unlocked for a while
#[derive(Debug, Args)]
pub(crate) struct Unlock {
    /// How long, for example 8h, 30m or 1h30m
    #[arg(long = "for", value_name = "DURATION", default_value = DEFAULT_DURATION, value_parser = parse_seconds)]
    seconds: u64,
}

impl Unlock {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let mut vault = session.load_locked()?;
        let Some(header) = vault.header().cloned() else {
            return Err(CommandError::failed("the vault is not encrypted").hint("run 'mfa vault encrypt'"));
        };
        // The cached key suffices: the user may prolong the time without the passphrase.
        let key = session.data_key(&header)?;
        session.unlock_all(&mut vault)?;
        cache::put(&header.id.to_base64(), &key, Some(self.seconds))?;
        let seconds = i64::try_from(self.seconds).unwrap_or(i64::MAX);
        session.ui.status(format_args!("unlocked for {:#}", SignedDuration::from_secs(seconds)));
        Ok(())
    }
}

fn parse_seconds(text: &str) -> Result<u64, &'static str> {
    let duration: SignedDuration = text.parse().map_err(|_| "not a duration such as 8h, 30m or 1h30m")?;
    let seconds = u64::try_from(duration.as_secs()).ok().filter(|&seconds| seconds > 0);
    seconds.ok_or("must be at least a second")
}
