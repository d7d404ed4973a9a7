//! Public keys in the formats that people paste: age, SSH and age plugins.

use std::fmt;

use age::plugin::{self, RecipientPluginV1};
use age::{Callbacks, Recipient, ssh, tag, tagpq, x25519};

use super::error::KeyParseError;
use super::key_lines::parse_key_lines;

/// The recipients to encrypt for. Only these texts name a plugin, never a file that is decrypted.
#[derive(Default)]
pub(crate) struct Recipients(Vec<Box<dyn Recipient + Send>>);

impl Recipients {
    /// Adds the recipients of a text, one a line; skips empty lines and lines that begin with `#`.
    ///
    /// A plugin may ask `callbacks`.
    ///
    /// # Errors
    /// The first line that is not a recipient; adds nothing then.
    pub(crate) fn add(&mut self, text: &str, callbacks: &impl Callbacks) -> Result<(), KeyParseError> {
        let mut added = parse_key_lines(text, |line, number| parse_line(line, number, callbacks))?;
        self.0.append(&mut added);
        Ok(())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &dyn Recipient> {
        self.0.iter().map(|recipient| &**recipient as &dyn Recipient)
    }
}

impl fmt::Debug for Recipients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Recipients({})", self.0.len())
    }
}

fn parse_line(
    line: &str,
    number: usize,
    callbacks: &impl Callbacks,
) -> Result<Box<dyn Recipient + Send>, KeyParseError> {
    if is_secret_key(line) {
        Err(KeyParseError::SecretKey(number))
    } else if line.contains(' ') {
        parse_ssh(line, number)
    } else if let Ok(recipient) = line.parse::<x25519::Recipient>() {
        Ok(Box::new(recipient))
    } else if let Ok(recipient) = line.parse::<tag::Recipient>() {
        Ok(Box::new(recipient))
    } else if let Ok(recipient) = line.parse::<tagpq::Recipient>() {
        Ok(Box::new(recipient))
    } else {
        let recipient: plugin::Recipient = line.parse().map_err(|_| KeyParseError::NotARecipient(number))?;
        let name = recipient.plugin().to_owned();
        Ok(Box::new(RecipientPluginV1::new(&name, &[recipient], &[], callbacks.clone())?))
    }
}

fn is_secret_key(line: &str) -> bool {
    let upper = line.to_ascii_uppercase();
    ["AGE-SECRET-KEY-", "AGE-PLUGIN-", "-----BEGIN "].iter().any(|start| upper.starts_with(start))
}

fn parse_ssh(line: &str, number: usize) -> Result<Box<dyn Recipient + Send>, KeyParseError> {
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

    fn count_keys(text: &str) -> Result<usize, KeyParseError> {
        let mut recipients = Recipients::default();
        recipients.add(text, &NoCallbacks).map(|()| recipients.iter().count())
    }

    #[test]
    fn a_text_may_hold_several_keys_and_comments() {
        let age = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
        let ssh = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN a@b";
        assert_eq!(count_keys(&format!("# laptop\r\n{age}\r\n\r\n{ssh}\n")), Ok(2));
        assert_eq!(count_keys("# nothing\n\n"), Err(KeyParseError::Empty));
    }

    #[test]
    fn an_invalid_recipient_is_named_by_its_line() {
        let secret = "AGE-SECRET-KEY-1GQ9778VQXMMJVE8SK7J6VT8UJ4HDQAJUVSFCWCM02D8GEWQ72PVQ2Y5J33";
        assert_eq!(count_keys("\nage1nonsense"), Err(KeyParseError::NotARecipient(2)));
        assert_eq!(count_keys(secret), Err(KeyParseError::SecretKey(1)));
        assert_eq!(count_keys("-----BEGIN OPENSSH PRIVATE KEY-----\nx"), Err(KeyParseError::SecretKey(1)));
        assert_eq!(count_keys("ssh-ed25519 AAAA"), Err(KeyParseError::NotARecipient(1)));
        let nist = "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBHFliOyIZs1gxGF3fmDxFykQhE88wy6AKDGFBfn0R6ZuvRmENABZQa9+pj9hMki+LX0qDJbmHTiWDbYv/cmFt/Q=";
        assert_eq!(count_keys(nist), Err(KeyParseError::UnsupportedSshKey));
    }
}
