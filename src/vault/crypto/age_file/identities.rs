//! Private keys, as their files hold them: age's, OpenSSH's, those of age plugins.

use std::fmt;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use age::armor::ArmoredReader;
use age::plugin::{self, IdentityPluginV1};
use age::secrecy::SecretString;
use age::{Callbacks, Identity, encrypted, x25519};

use crate::vault::crypto::age_file::credentials::{KeyParseError, MAX_WORK_FACTOR};
use crate::vault::crypto::age_file::recipients::of_plugin;
use crate::vault::crypto::age_file::ssh_identity::SshIdentity;

/// What opens an age file. A plugin is named by these texts alone, never by a file that is opened.
#[derive(Default)]
pub(crate) struct Identities {
    known: Vec<Box<dyn Identity>>,
    refused: Arc<AtomicBool>,
}

impl Identities {
    /// Adds what an identity file holds: an OpenSSH private key, an age file that a passphrase opens, or age and plugin
    /// identities, one a line. `callbacks` is asked for the passphrase of an SSH key only where the age file is for that
    /// key.
    ///
    /// # Errors
    /// The first line that is none; nothing is added then.
    pub(crate) fn add(&mut self, text: &str, callbacks: &impl Callbacks) -> Result<(), KeyParseError> {
        let callbacks = PassphraseTracker { inner: callbacks.clone(), refused: Arc::clone(&self.refused) };
        let text = text.trim();
        let mut added = if text.starts_with("-----BEGIN AGE ENCRYPTED FILE-----") {
            vec![encrypted(text, callbacks)?]
        } else if text.starts_with("-----BEGIN ") {
            vec![Box::new(SshIdentity::parse(text, callbacks)?) as _]
        } else {
            lines(text, &callbacks)?
        };
        self.known.append(&mut added);
        Ok(())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &dyn Identity> {
        self.known.iter().map(|identity| &**identity)
    }

    /// Whether a passphrase was asked for, and not given
    pub(crate) fn refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Identities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identities({})", self.known.len())
    }
}

fn encrypted(text: &str, callbacks: impl Callbacks) -> Result<Box<dyn Identity>, KeyParseError> {
    let file = ArmoredReader::new(Cursor::new(text.as_bytes().to_vec()));
    match encrypted::Identity::from_buffer(file, None, callbacks, Some(MAX_WORK_FACTOR)) {
        Ok(Some(identity)) => Ok(Box::new(identity)),
        Ok(None) | Err(_) => Err(KeyParseError::NotAnEncryptedIdentity),
    }
}

fn lines(text: &str, callbacks: &impl Callbacks) -> Result<Vec<Box<dyn Identity>>, KeyParseError> {
    let lines = text.lines().map(str::trim).zip(1..);
    let lines = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    let known =
        lines.map(|(line, number)| identity(line, number, callbacks)).collect::<Result<Vec<_>, _>>()?;
    if known.is_empty() { Err(KeyParseError::Empty) } else { Ok(known) }
}

fn identity(
    line: &str,
    number: usize,
    callbacks: &impl Callbacks,
) -> Result<Box<dyn Identity>, KeyParseError> {
    if let Ok(identity) = line.parse::<x25519::Identity>() {
        return Ok(Box::new(identity));
    }
    let identity: plugin::Identity = line.parse().map_err(|_| KeyParseError::NotAnIdentity(number))?;
    let name = identity.plugin().to_owned();
    IdentityPluginV1::new(&name, &[identity], callbacks.clone())
        .map(|plugin| Box::new(plugin) as _)
        .map_err(of_plugin)
}

/// Callbacks that remember whether a passphrase was refused
#[derive(Clone)]
struct PassphraseTracker<C> {
    inner: C,
    refused: Arc<AtomicBool>,
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
        self.refused.store(passphrase.is_none(), Ordering::Relaxed);
        passphrase
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use age::NoCallbacks;

    const KEY: &str = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";

    fn added(text: &str) -> Result<usize, KeyParseError> {
        let mut identities = Identities::default();
        identities.add(text, &NoCallbacks).map(|()| identities.iter().count())
    }

    #[test]
    fn an_identity_file_may_hold_several_keys_and_remarks() {
        assert_eq!(added(&format!("# created: 2026\r\n{KEY}\r\n\n{KEY}")), Ok(2));
        assert_eq!(added("# nothing\n"), Err(KeyParseError::Empty));
    }

    #[test]
    fn what_is_no_identity_is_told_by_its_line_and_not_shown() {
        let damaged = format!("# x\n{}", KEY.replace("GQ9", "GQ8"));
        assert_eq!(added(&damaged), Err(KeyParseError::NotAnIdentity(2)));
        assert_eq!(
            added("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"),
            Err(KeyParseError::NotAnSshKey)
        );
        assert_eq!(
            added("-----BEGIN AGE ENCRYPTED FILE-----\nAAAA"),
            Err(KeyParseError::NotAnEncryptedIdentity)
        );
        let mut identities = Identities::default();
        identities.add(KEY, &NoCallbacks).unwrap();
        assert_eq!(format!("{identities:?}"), "Identities(1)");
    }

    #[test]
    fn a_plugin_that_is_not_there_is_named() {
        let text = plugin::Identity::default_for_plugin("no-such-plugin").unwrap().to_string();
        assert_eq!(added(&text), Err(KeyParseError::PluginMissing("age-plugin-no-such-plugin".to_owned())));
    }
}
