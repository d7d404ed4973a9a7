//! What shall open a vault: the options by which a user says it, and the slots that come of them.

use std::path::PathBuf;

use clap::Args;

use crate::error::{CommandError, Context as _, Result, cause};
use crate::keyring::store;
use crate::session::Session;
use crate::session::unlock::{new_passphrase, read_key_file};
use crate::text::{sanitize, shown_path};
use crate::vault::TrustState;
use crate::vault::crypto::{
    AgeError, DataKey, DecryptWith, EncryptFor, KeySlot, Recipients, SlotKind, VaultHeader, VaultId,
    VaultKeys, WORK_FACTOR,
};

/// Characters of a public key that its slot's label shows at either end
const SHOWN: (usize, usize) = (12, 6);

/// What shall open the vault
#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    /// For a public key: age1…, ssh-ed25519 …, ssh-rsa …, or that of an age plugin
    #[arg(short, long, value_name = "KEY")]
    recipient: Vec<String>,
    /// For the public keys in this file, one a line
    #[arg(short = 'R', long, value_name = "FILE")]
    recipients_file: Vec<PathBuf>,
    /// For a passphrase [default: where no public key is given]
    #[arg(short, long)]
    passphrase: bool,
    /// Take the new passphrase from this file, or - for stdin [default: a prompt]
    #[arg(long, value_name = "FILE")]
    pub(crate) new_passphrase_file: Option<PathBuf>,
    /// Keep the key in the system's key store too
    #[arg(long)]
    pub(crate) key_store: bool,
}

impl KeyArgs {
    /// Whether nothing is said
    pub(crate) fn are_unsaid(&self) -> bool {
        self.recipient.is_empty() && self.recipients_file.is_empty() && !self.takes_passphrase_alone()
    }

    fn takes_passphrase_alone(&self) -> bool {
        self.passphrase || self.new_passphrase_file.is_some()
    }

    /// Whether a passphrase shall open it
    pub(crate) fn take_passphrase(&self) -> bool {
        self.takes_passphrase_alone() || (self.recipient.is_empty() && self.recipients_file.is_empty())
    }

    /// The public keys, one a text
    pub(crate) fn recipients(&self) -> Result<Vec<String>> {
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

    /// A slot for each public key and for the passphrase, each of which has been opened once where that is possible
    pub(crate) fn slots(
        &self,
        id: VaultId,
        key: &DataKey,
        takes_what_unlocks: bool,
        session: &mut Session<'_>,
    ) -> Result<Vec<KeySlot>> {
        let mut slots = Vec::new();
        for text in self.recipients()? {
            slots.push(slot_for(&text, id, key, session)?);
        }
        if self.take_passphrase() {
            let file = self.new_passphrase_file.as_deref();
            slots.push(passphrase_slot(&new_passphrase(file, takes_what_unlocks, session)?, id, key)?);
        }
        Ok(slots)
    }
}

/// A slot for a passphrase, tried before it is believed
pub(crate) fn passphrase_slot(passphrase: &str, id: VaultId, key: &DataKey) -> Result<KeySlot> {
    let slot = KeySlot::wrap(id, key, &EncryptFor::Passphrase { passphrase, work_factor: WORK_FACTOR })?;
    let opened = slot.open(id, &DecryptWith::Passphrase(passphrase))?;
    if opened.expose() != key.expose() {
        return Err(AgeError::Damaged.into());
    }
    Ok(slot)
}

fn slot_for(text: &str, id: VaultId, key: &DataKey, session: &Session<'_>) -> Result<KeySlot> {
    let recipients = parsed(&[text.to_owned()], session)?;
    let label = label(text);
    let slot = KeySlot::wrap(id, key, &EncryptFor::Recipients(&recipients))
        .with_context(|| format!("could not encrypt for '{label}'"))?;
    Ok(KeySlot { label: Some(label), ..slot })
}

/// Public keys out of their texts. What is none is not repeated: it may be a secret key, or a passphrase.
pub(crate) fn parsed(texts: &[String], session: &Session<'_>) -> Result<Recipients, CommandError> {
    let mut recipients = Recipients::default();
    for text in texts {
        recipients.add(text, &session.age_prompts()).map_err(|error| {
            CommandError::usage(format!("no public key: {error}"))
                .hint("a public key: age1…, ssh-ed25519 …, ssh-rsa …, or that of an age plugin")
        })?;
    }
    Ok(recipients)
}

/// The comment of an SSH key, else the ends of the key
fn label(recipient: &str) -> String {
    let mut words = recipient.splitn(3, char::is_whitespace);
    let (first, key, comment) = (words.next().unwrap_or_default(), words.next(), words.next());
    if let Some(comment) = comment.map(str::trim).filter(|comment| !comment.is_empty()) {
        return sanitize(comment);
    }
    let characters: Vec<char> = sanitize(key.unwrap_or(first)).chars().collect();
    if characters.len() <= SHOWN.0 + SHOWN.1 {
        return "…".to_owned();
    }
    let (start, end) = (&characters[..SHOWN.0], &characters[characters.len() - SHOWN.1..]);
    format!("{}…{}", String::from_iter(start), String::from_iter(end))
}

/// What a slot is called in messages
pub(crate) fn summary(slot: &KeySlot) -> String {
    let kind = match &slot.kind {
        SlotKind::Passphrase => "passphrase".to_owned(),
        SlotKind::Recipients => "public key".to_owned(),
        SlotKind::Unknown(kind) => format!("of an unknown kind '{}'", sanitize(kind)),
    };
    let label = slot.label.as_ref().map(|label| format!(" {}", sanitize(label))).unwrap_or_default();
    let damage = if slot.is_damaged() { ", damaged" } else { "" };
    format!("{kind}{label}{damage}")
}

/// Puts the key into the system's key store, and remembers that it is there.
///
/// # Errors
/// Those of the key store; the vault is not concerned.
pub(crate) fn put_into_key_store(head: &VaultHeader, key: &DataKey, session: &mut Session<'_>) -> Result<()> {
    let id = head.id.to_base64();
    store::put(&id, key).context("could not put the key into the key store")?;
    let known = TrustState::new(id.clone(), VaultKeys::derive(key, head.id).fingerprint(), head.generation);
    if let Err(error) =
        session.vault.pinned_state().unwrap_or(known).with_stored_key(true).save_pin(session.vault.path())
    {
        // nothing would ever ask for it
        let _ = store::forget(&id);
        let cause = cause(&error);
        return Err(CommandError::failed(format!(
            "the key is not in the key store: could not note that it would be there: {cause}"
        )));
    }
    session.ui.status("the key is in the system's key store");
    Ok(())
}
