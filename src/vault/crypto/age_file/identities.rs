//! Private keys in the formats of their files: age, OpenSSH and age plugins.

use std::fmt;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use age::armor::ArmoredReader;
use age::plugin::{self, IdentityPluginV1};
use age::secrecy::SecretString;
use age::{Callbacks, Identity, encrypted, x25519};

use super::cost::MAX_WORK_FACTOR;
use super::error::KeyParseError;
use super::key_lines::parse_key_lines;
use super::ssh_identity::SshIdentity;

/// The identities to decrypt with. Only these texts name a plugin, never a file that is decrypted.
#[derive(Default)]
pub(crate) struct Identities {
    identities: Vec<Box<dyn Identity>>,
    has_unanswered_prompt: Arc<AtomicBool>,
}

impl Identities {
    /// Adds the keys of an identity file: an OpenSSH private key, an age file encrypted with a passphrase, or lines of
    /// age and plugin identities.
    ///
    /// Asks `callbacks` for the passphrase of an SSH key only when an age file is for that key.
    ///
    /// # Errors
    /// The first key that cannot be parsed; adds nothing then.
    pub(crate) fn add(&mut self, text: &str, callbacks: &impl Callbacks) -> Result<(), KeyParseError> {
        let callbacks = PassphraseTracker {
            inner: callbacks.clone(),
            has_unanswered_prompt: Arc::clone(&self.has_unanswered_prompt),
        };
        let text = text.trim();
        let mut added = if text.starts_with("-----BEGIN AGE ENCRYPTED FILE-----") {
            vec![parse_encrypted(text, callbacks)?]
        } else if text.starts_with("-----BEGIN ") {
            vec![Box::new(SshIdentity::parse(text, callbacks)?) as _]
        } else {
            parse_key_lines(text, |line, number| parse_line(line, number, &callbacks))?
        };
        self.identities.append(&mut added);
        Ok(())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &dyn Identity> {
        self.identities.iter().map(|identity| &**identity)
    }

    /// Returns whether the user was last asked for the passphrase of an identity and gave none.
    pub(super) fn has_unanswered_prompt(&self) -> bool {
        self.has_unanswered_prompt.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identities({})", self.identities.len())
    }
}

fn parse_encrypted(text: &str, callbacks: impl Callbacks) -> Result<Box<dyn Identity>, KeyParseError> {
    let file = ArmoredReader::new(Cursor::new(text.as_bytes().to_vec()));
    match encrypted::Identity::from_buffer(file, None, callbacks, Some(MAX_WORK_FACTOR)) {
        Ok(Some(identity)) => Ok(Box::new(identity)),
        Ok(None) | Err(_) => Err(KeyParseError::NotAnEncryptedIdentity),
    }
}

fn parse_line(
    line: &str,
    number: usize,
    callbacks: &impl Callbacks,
) -> Result<Box<dyn Identity>, KeyParseError> {
    if let Ok(identity) = line.parse::<x25519::Identity>() {
        return Ok(Box::new(identity));
    }
    let identity: plugin::Identity = line.parse().map_err(|_| KeyParseError::NotAnIdentity(number))?;
    let name = identity.plugin().to_owned();
    Ok(Box::new(IdentityPluginV1::new(&name, &[identity], callbacks.clone())?))
}

/// Callbacks that record whether the user gave no passphrase.
#[derive(Clone)]
struct PassphraseTracker<C> {
    inner: C,
    has_unanswered_prompt: Arc<AtomicBool>,
}

impl<C: Callbacks> Callbacks for PassphraseTracker<C> {
    fn display_message(&self, message: &str) {
        self.inner.display_message(message);
    }

    fn confirm(&self, message: &str, yes: &str, no: Option<&str>) -> Option<bool> {
        self.inner.confirm(message, yes, no)
    }

    fn request_public_string(&self, description: &str) -> Option<String> {
        self.inner.request_public_string(description)
    }

    fn request_passphrase(&self, description: &str) -> Option<SecretString> {
        let passphrase = self.inner.request_passphrase(description);
        self.has_unanswered_prompt.store(passphrase.is_none(), Ordering::Relaxed);
        passphrase
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use age::NoCallbacks;

    const KEY: &str = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";

    fn count_keys(text: &str) -> Result<usize, KeyParseError> {
        let mut identities = Identities::default();
        identities.add(text, &NoCallbacks).map(|()| identities.iter().count())
    }

    #[test]
    fn an_identity_file_may_hold_keys_and_comments() {
        assert_eq!(count_keys(&format!("# created: 2026\r\n{KEY}\r\n\n{KEY}")), Ok(2));
        assert_eq!(count_keys("# nothing\n"), Err(KeyParseError::Empty));
    }

    #[test]
    fn an_invalid_identity_is_named_by_its_line_only() {
        let damaged = format!("# x\n{}", KEY.replace("GQ9", "GQ8"));
        assert_eq!(count_keys(&damaged), Err(KeyParseError::NotAnIdentity(2)));
        assert_eq!(
            count_keys("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
            Err(KeyParseError::NotAnSshKey)
        );
        assert_eq!(
            count_keys("-----BEGIN AGE ENCRYPTED FILE-----\nAAAA"),
            Err(KeyParseError::NotAnEncryptedIdentity)
        );
        let mut identities = Identities::default();
        identities.add(KEY, &NoCallbacks).unwrap();
        assert_eq!(format!("{identities:?}"), "Identities(1)");
    }

    #[test]
    fn a_missing_plugin_is_named() {
        let text = plugin::Identity::default_for_plugin("no-such-plugin").unwrap().to_string();
        assert_eq!(
            count_keys(&text),
            Err(KeyParseError::PluginMissing("age-plugin-no-such-plugin".to_owned()))
        );
    }
}
