//! `mfa unlock`

use clap::Args;
use jiff::SignedDuration;

use crate::error::{CommandError, Result};
use crate::keyring::cache;
use crate::session::Session;

/// Hours for which the vault stays open where nothing else is said: a working day
const DEFAULT: &str = "8h";

/// Keep the vault open for a while: commands then need no passphrase
#[derive(Debug, Args)]
pub(crate) struct Unlock {
    /// How long, as 8h, 30m or 1h30m
    #[arg(long = "for", value_name = "DURATION", default_value = DEFAULT, value_parser = seconds)]
    seconds: u64,
}

impl Unlock {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let mut vault = session.load()?;
        let Some(head) = vault.header().cloned() else {
            return Err(nothing_to_unlock(session));
        };
        let key = session.unlock_slot(&head)?.key;
        session.unlock_all(&mut vault)?;
        cache::put(&head.id.to_base64(), &key, Some(self.seconds))?;
        session.ui.status(format_args!("the vault is open for {:#}", redact(self.seconds)));
        Ok(())
    }
}

fn nothing_to_unlock(session: &Session<'_>) -> CommandError {
    if session.cipher.is_some() {
        let message = "an opaque vault cannot be kept open: it has no key of its own";
        return CommandError::failed(message)
            .hint("MFA_PASSPHRASE_FILE, MFA_PASSPHRASE_COMMAND or MFA_IDENTITY open it each time");
    }
    CommandError::failed("the vault is not encrypted").hint("mfa encrypt")
}

fn redact(seconds: u64) -> SignedDuration {
    SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX))
}

fn seconds(text: &str) -> Result<u64, &'static str> {
    let duration: SignedDuration = text.parse().map_err(|_| "not a duration as 8h, 30m or 1h30m")?;
    u64::try_from(duration.as_secs())
        .ok()
        .filter(|&seconds| seconds > 0)
        .ok_or("it must be at least a second")
}
