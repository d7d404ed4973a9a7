//! Public keys, as people paste them: age's, SSH's, those of age plugins.

use std::fmt;

use age::plugin::{self, RecipientPluginV1, ResolveError};
use age::{Callbacks, Recipient, ssh, tag, tagpq, x25519};

use crate::vault::crypto::age_file::credentials::KeyParseError;

/// Whom an age file is for. A plugin is named by these texts alone, never by a file that is opened.
#[derive(Default)]
pub(crate) struct Recipients(Vec<Box<dyn Recipient + Send>>);

impl Recipients {
    /// Adds the recipients of a text: one a line; empty lines and those that begin with `#` do not count. A plugin may
    /// ask `callbacks`.
    ///
    /// # Errors
    /// The first line that is none; nothing is added then.
    pub(crate) fn add(&mut self, text: &str, callbacks: &impl Callbacks) -> Result<(), KeyParseError> {
        let lines = text.lines().map(str::trim).zip(1..);
        let lines = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
        let mut added = Vec::new();
        for (line, number) in lines {
            added.push(recipient(line, number, callbacks)?);
        }
        if added.is_empty() {
            return Err(KeyParseError::Empty);
        }
        self.0.append(&mut added);
        Ok(())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &dyn Recipient> {
        self.0.iter().map(|recipient| &**recipient as &dyn Recipient)
    }
}

impl fmt::Debug for Recipients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipients({})", self.0.len())
    }
}

fn recipient(
    line: &str,
    number: usize,
    callbacks: &impl Callbacks,
) -> Result<Box<dyn Recipient + Send>, KeyParseError> {
    if is_secret(line) {
        Err(KeyParseError::SecretKey(number))
    } else if line.contains(' ') {
        ssh_recipient(line, number)
    } else if let Ok(recipient) = line.parse::<x25519::Recipient>() {
        Ok(Box::new(recipient))
    } else if let Ok(recipient) = line.parse::<tag::Recipient>() {
        Ok(Box::new(recipient))
    } else if let Ok(recipient) = line.parse::<tagpq::Recipient>() {
        Ok(Box::new(recipient))
    } else {
        let recipient: plugin::Recipient = line.parse().map_err(|_| KeyParseError::NotARecipient(number))?;
        let name = recipient.plugin().to_owned();
        RecipientPluginV1::new(&name, &[recipient], &[], callbacks.clone())
            .map(|plugin| Box::new(plugin) as _)
            .map_err(of_plugin)
    }
}

pub(crate) fn of_plugin(error: ResolveError) -> KeyParseError {
    match error {
        ResolveError::MissingPlugin { binary_name: name } | ResolveError::InvalidPluginName { name } => {
            KeyParseError::PluginMissing(crate::text::redact(&name))
        }
        _ => KeyParseError::PluginMissing(String::new()),
    }
}

fn is_secret(line: &str) -> bool {
    let upper = line.to_ascii_uppercase();
    ["AGE-SECRET-KEY-", "AGE-PLUGIN-", "-----BEGIN "].iter().any(|start| upper.starts_with(start))
}

fn ssh_recipient(line: &str, number: usize) -> Result<Box<dyn Recipient + Send>, KeyParseError> {
    match line.parse::<ssh::Recipient>() {
        Ok(recipient) => Ok(Box::new(recipient)),
        Err(ssh::ParseRecipientKeyError::Invalid(_)) => Err(KeyParseError::NotARecipient(number)),
        Err(_) => Err(KeyParseError::UnsupportedSshKey),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use age::NoCallbacks;

    fn added(text: &str) -> Result<usize, KeyParseError> {
        let mut recipients = Recipients::default();
        recipients.add(text, &NoCallbacks).map(|()| recipients.iter().count())
    }

    #[test]
    fn a_text_may_hold_several_keys_and_remarks() {
        let age = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
        let ssh = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN a@b";
        assert_eq!(added(&format!("# laptop\r\n{age}\r\n\r\n{ssh}\n")), Ok(2));
        assert_eq!(added("# nothing\n\n"), Err(KeyParseError::Empty));
    }

    #[test]
    fn what_is_no_recipient_is_told_by_its_line() {
        let secret = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";
        assert_eq!(added("\nage1nonsense"), Err(KeyParseError::NotARecipient(2)));
        assert_eq!(added(secret), Err(KeyParseError::SecretKey(1)));
        assert_eq!(added("-----BEGIN OPENSSH PRIVATE KEY-----\nx"), Err(KeyParseError::SecretKey(1)));
        assert_eq!(added("ssh-ed25519 AAAA"), Err(KeyParseError::NotARecipient(1)));
        let nist = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHFliOyIZs1gxGF3fmDxFykQhE88wy6AKDGFBfn0R6ZuvRmENABZQa9+pj9hMki+LX0qDJbmHTiWDbYv/cmFt/Q=";
        assert_eq!(added(nist), Err(KeyParseError::UnsupportedSshKey));
    }
}
