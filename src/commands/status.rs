//! `mfa status`

use std::time::UNIX_EPOCH;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use crate::error::{CommandError, ExitCode, Result};
use crate::json::to_ascii_json;
use crate::keyring::cache;
use crate::session::Session;
use crate::text::shown_path;
use crate::vault::Vault;

/// Show whether the vault is encrypted and unlocked
#[derive(Debug, Args)]
pub(crate) struct Status {
    /// Print JSON
    #[arg(short, long)]
    json: bool,
}

/// The state of a vault that no command asks a key for
#[derive(Serialize)]
struct VaultState {
    version: u8,
    vault: String,
    accounts: usize,
    encrypted: bool,
    names_hidden: bool,
    unlocked: bool,
    /// Unix seconds; `None` if the vault is locked, or unlocked without a limit
    unlocked_until: Option<u64>,
    /// Unix seconds of the last change of the file; `None` if there is no file
    changed: Option<u64>,
}

impl Status {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let vault = session.load_locked()?;
        let state = VaultState::new(&vault, session);
        if self.json {
            session.ui.stdout_line(&to_ascii_json(&state))?;
        } else {
            session.ui.stdout(state.to_text().as_bytes())?;
        }
        if state.changed.is_none() {
            let message = session.empty_vault_message();
            session.ui.status(message);
        }
        if state.unlocked {
            return Ok(());
        }
        Err(CommandError::new(ExitCode::Locked, "the vault is locked").hint("run 'mfa unlock'"))
    }
}

impl VaultState {
    fn new(vault: &Vault, session: &Session<'_>) -> Self {
        let cached = vault.header().and_then(|header| {
            let id = header.id.to_base64();
            let is_in_key_store =
                || session.vault.known_state().is_some_and(|pinned| pinned.has_stored_key(&id));
            let cached = cache::get_with_expiry(&id).ok().flatten().map(|(_, until)| until);
            cached.or_else(|| is_in_key_store().then_some(None))
        });
        let changed = session.vault.path().metadata().and_then(|metadata| metadata.modified()).ok();
        Self {
            version: 1,
            vault: shown_path(session.vault.path()),
            accounts: vault.count(),
            encrypted: vault.is_encrypted(),
            names_hidden: vault.header().is_some_and(|header| header.hides_names),
            unlocked: !vault.is_encrypted() || cached.is_some(),
            unlocked_until: cached.flatten(),
            changed: changed.and_then(|time| Some(time.duration_since(UNIX_EPOCH).ok()?.as_secs())),
        }
    }

    fn to_text(&self) -> String {
        let encryption = match (self.encrypted, self.names_hidden) {
            (false, _) => "plain text",
            (true, false) => "encrypted secrets",
            (true, true) => "encrypted secrets and names",
        };
        let state = match (self.encrypted, self.unlocked, self.unlocked_until) {
            (false, ..) => "no key needed".to_owned(),
            (true, false, _) => "locked".to_owned(),
            (true, true, None) => "unlocked".to_owned(),
            (true, true, Some(until)) => format!("unlocked until {}", render_time(until)),
        };
        let changed = self.changed.map_or_else(|| "never".to_owned(), render_time);
        format!(
            "vault       {}\naccounts    {}\nencryption  {encryption}\nstate       {state}\nchanged     {changed}\n",
            self.vault, self.accounts
        )
    }
}

/// Renders Unix seconds as RFC 3339 does, in UTC.
fn render_time(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    time.map_or_else(|| seconds.to_string(), |time| time.to_string())
}
