//! The options that name the passphrase and the public keys of a vault, and the key slots made from them.

use std::path::PathBuf;

use clap::Args;
use toml::value::{Date, Datetime};

use super::slot_summary::label;
use crate::clock::{self, Clock};
use crate::error::{CommandError, Context as _, Result};
use crate::session::Session;
use crate::session::unlock::{new_passphrase, read_key_file};
use crate::text::shown_path;
use crate::vault::crypto::{
    AgeError, DataKey, DecryptWith, EncryptFor, KeySlot, Recipients, VaultId, WORK_FACTOR,
};

/// The passphrase and the public keys that a vault is encrypted for
#[derive(Debug, Args)]
pub(super) struct KeyArgs {
    /// Encrypt for this public key: age1…, ssh-ed25519 …, ssh-rsa …, or that of an age plugin (repeatable)
    #[arg(short, long, value_name = "KEY")]
    recipient: Vec<String>,
    /// Encrypt for the public keys in this file, one a line (repeatable)
    #[arg(short = 'R', long, value_name = "FILE")]
    recipients_file: Vec<PathBuf>,
    /// Encrypt for a passphrase [default: if no public key is given]
    #[arg(short, long)]
    passphrase: bool,
    /// Read the new passphrase from this file, or - for stdin [default: a prompt]
    #[arg(long, value_name = "FILE")]
    pub(super) new_passphrase_file: Option<PathBuf>,
    /// Also keep the key in the system's key store
    #[arg(long)]
    pub(super) key_store: bool,
}

impl KeyArgs {
    /// Returns whether the user named neither a public key nor a passphrase.
    pub(super) fn is_empty(&self) -> bool {
        !self.has_recipients() && !self.names_passphrase()
    }

    fn has_recipients(&self) -> bool {
        !self.recipient.is_empty() || !self.recipients_file.is_empty()
    }

    fn names_passphrase(&self) -> bool {
        self.passphrase || self.new_passphrase_file.is_some()
    }

    /// Returns whether to encrypt for a passphrase, by option or by default.
    pub(super) fn needs_passphrase(&self) -> bool {
        self.names_passphrase() || !self.has_recipients()
    }

    /// Returns the texts of the public keys, from the command line and from files.
    pub(super) fn recipients(&self) -> Result<Vec<String>> {
        let mut recipients = self.recipient.clone();
        for file in &self.recipients_file {
            let text = read_key_file(file)
                .with_context(|| format!("could not read the public keys in '{}'", shown_path(file)))?;
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
            let before = recipients.len();
            recipients.extend(lines.map(str::to_owned));
            if recipients.len() == before {
                return Err(CommandError::usage(format!("no public key in '{}'", shown_path(file))));
            }
        }
        Ok(recipients)
    }

    /// Creates a slot for each public key, and one for the passphrase.
    ///
    /// With `may_reuse_passphrase`, the new passphrase may be the configured one that unlocks.
    pub(super) fn create_slots(
        &self,
        id: VaultId,
        key: &DataKey,
        may_reuse_passphrase: bool,
        session: &mut Session<'_>,
    ) -> Result<Vec<KeySlot>> {
        let mut slots = Vec::new();
        for recipient in self.recipients()? {
            slots.push(recipient_slot(&recipient, id, key, session)?);
        }
        if self.needs_passphrase() {
            let file = self.new_passphrase_file.as_deref();
            slots.push(passphrase_slot(&new_passphrase(file, may_reuse_passphrase, session)?, id, key)?);
        }
        Ok(slots)
    }
}

/// Creates a slot for a passphrase, and opens it once as a test.
pub(super) fn passphrase_slot(passphrase: &str, id: VaultId, key: &DataKey) -> Result<KeySlot> {
    let slot = KeySlot::wrap(id, key, &EncryptFor::Passphrase { passphrase, work_factor: WORK_FACTOR })?;
    let opened = slot.open(id, &DecryptWith::Passphrase(passphrase))?;
    if opened.expose() != key.expose() {
        return Err(AgeError::Damaged.into());
    }
    Ok(KeySlot { added: today(), ..slot })
}

/// Returns the day of UTC; `None` if the clock shows no valid time.
fn today() -> Option<Date> {
    let day = clock::day(Clock::System.now().ok()?)?;
    day.parse::<Datetime>().ok()?.date
}

fn recipient_slot(recipient: &str, id: VaultId, key: &DataKey, session: &Session<'_>) -> Result<KeySlot> {
    let recipients = parse_recipients(&[recipient.to_owned()], session)?;
    let label = label(recipient);
    let slot = KeySlot::wrap(id, key, &EncryptFor::Recipients(&recipients))
        .with_context(|| format!("could not encrypt for '{label}'"))?;
    Ok(KeySlot { label: Some(label), added: today(), ..slot })
}

/// Parses public keys.
///
/// # Errors
/// Fails on an invalid key. The message does not repeat it: it may be a secret key, or a passphrase.
pub(super) fn parse_recipients(texts: &[String], session: &Session<'_>) -> Result<Recipients> {
    let mut recipients = Recipients::default();
    for text in texts {
        recipients.add(text, &session.age_prompts()).map_err(|error| {
            CommandError::usage(format!("invalid public key: {error}"))
                .hint("give a public key: age1…, ssh-ed25519 …, ssh-rsa …, or that of an age plugin")
        })?;
    }
    Ok(recipients)
}
