//! A vault that hides its names too: the whole file is one age file.

use std::fmt;

use toml::{Table, Value};
use zeroize::Zeroizing;

use crate::vault::crypto::{
    AgeError, DecryptWith, EncryptFor, Identities, NoCallbacks, Recipients, WORK_FACTOR, decrypt_age_file,
    encrypt_age_file,
};

/// What opens such a file, and closes it again
pub(crate) struct WholeFileCipher {
    seal: Seal,
    opened: Option<Opened>,
}

enum Seal {
    Passphrase(Zeroizing<String>),
    /// It is closed for the recipients that stand in it, under `vault.recipients`
    Keys(Identities),
}

/// A file that was opened already: a second time would cost as much again, and may ask the user again
struct Opened {
    file: Zeroizing<Vec<u8>>,
    plain: Zeroizing<Vec<u8>>,
}

/// Nothing of what is in it
impl fmt::Debug for WholeFileCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WholeFileCipher(…)")
    }
}

impl WholeFileCipher {
    pub(crate) fn passphrase(passphrase: Zeroizing<String>) -> Self {
        Self { seal: Seal::Passphrase(passphrase), opened: None }
    }

    pub(crate) fn keys(identities: Identities) -> Self {
        Self { seal: Seal::Keys(identities), opened: None }
    }

    pub(crate) fn with_opened(self, file: Zeroizing<Vec<u8>>, plain: Zeroizing<Vec<u8>>) -> Self {
        Self { opened: Some(Opened { file, plain }), ..self }
    }

    pub(crate) fn is_for_keys(&self) -> bool {
        matches!(self.seal, Seal::Keys(_))
    }

    /// The plain file.
    ///
    /// # Errors
    /// A passphrase or key that does not fit, or damage.
    pub(crate) fn open(&self, file: &[u8]) -> Result<Zeroizing<Vec<u8>>, AgeError> {
        if let Some(opened) = self.opened.as_ref().filter(|opened| **opened.file == *file) {
            return Ok(opened.plain.clone());
        }
        match &self.seal {
            Seal::Passphrase(passphrase) => decrypt_age_file(file, &DecryptWith::Passphrase(passphrase)),
            Seal::Keys(identities) => decrypt_age_file(file, &DecryptWith::Identities(identities)),
        }
    }

    /// An age file of the plain one.
    ///
    /// # Errors
    /// Recipients that are none.
    pub(super) fn close(&self, plain: &str) -> Result<Zeroizing<String>, AgeError> {
        let recipients = recipients(plain)?;
        let lock = match &self.seal {
            Seal::Passphrase(passphrase) => EncryptFor::Passphrase { passphrase, work_factor: WORK_FACTOR },
            Seal::Keys(_) => EncryptFor::Recipients(&recipients),
        };
        encrypt_age_file(plain.as_bytes(), &lock).map(Zeroizing::new)
    }
}

fn recipients(plain: &str) -> Result<Recipients, AgeError> {
    let root: Table = plain.parse().map_err(|_| AgeError::NoRecipients)?;
    let texts = root.get("vault").and_then(|vault| vault.get("recipients")).and_then(Value::as_array);
    let mut recipients = Recipients::default();
    for text in texts.into_iter().flatten().filter_map(Value::as_str) {
        if names_a_plugin(text) {
            return Err(AgeError::PluginInFile);
        }
        recipients.add(text, &NoCallbacks).map_err(|_| AgeError::IncompatibleRecipients)?;
    }
    Ok(recipients)
}

/// Whether a public key is that of a plugin (`age1NAME1…`): a program that a vault names is never run, since whoever can
/// write the file could choose it
fn names_a_plugin(recipient: &str) -> bool {
    let kind = recipient.trim().rsplit_once('1').map(|(kind, _)| kind.to_lowercase());
    kind.is_some_and(|kind| kind.starts_with("age1") && !matches!(kind.as_str(), "age1tag" | "age1tagpq"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_of_a_plugin_names_one() {
        for (recipient, names) in [
            ("age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t", true),
            (" AGE1EVIL1QQQQ", true),
            ("age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p", false),
            ("age1tag1qwe0kafsjrar4txm6heqnhpfuggzr0gvznz7fvygxrlq90u5mq2pysxtw6h", false),
            ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5 a1@b1", false),
        ] {
            assert_eq!(names_a_plugin(recipient), names, "{recipient}");
        }
    }

    #[test]
    fn a_plugin_that_the_file_names_is_not_run() {
        let text = "version = 1\n[vault]\nrecipients = [\"age1evil1qqqq\"]\n";
        assert_eq!(recipients(text).map(drop), Err(AgeError::PluginInFile));
    }
}
