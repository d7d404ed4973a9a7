//! A vault that is encrypted as a whole: one age file, which also hides the accounts' names.

use std::fmt;

use toml::{Table, Value};
use zeroize::Zeroizing;

use crate::vault::crypto::{
    AgeError, DecryptWith, EncryptFor, Identities, NoCallbacks, Recipients, WORK_FACTOR, decrypt_age_file,
    encrypt_age_file,
};

/// The key for decrypting such a file and encrypting it again
pub(crate) struct WholeFileCipher {
    credential: Credential,
    decrypted: Option<DecryptedFile>,
}

enum Credential {
    Passphrase(Zeroizing<String>),
    /// Decrypts with these identities, and encrypts for the recipients listed in `vault.recipients`
    Identities(Identities),
}

/// A file that is decrypted already: to decrypt it again takes as long, and may prompt the user again
struct DecryptedFile {
    file: Zeroizing<Vec<u8>>,
    plain: Zeroizing<Vec<u8>>,
}

/// Prints no secret.
impl fmt::Debug for WholeFileCipher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WholeFileCipher(…)")
    }
}

impl WholeFileCipher {
    pub(crate) fn from_passphrase(passphrase: Zeroizing<String>) -> Self {
        Self { credential: Credential::Passphrase(passphrase), decrypted: None }
    }

    pub(crate) fn from_identities(identities: Identities) -> Self {
        Self { credential: Credential::Identities(identities), decrypted: None }
    }

    /// Adds the plain text of `file`, so that `decrypt` need not decrypt that file again.
    pub(crate) fn with_plaintext(self, file: Zeroizing<Vec<u8>>, plain: Zeroizing<Vec<u8>>) -> Self {
        Self { decrypted: Some(DecryptedFile { file, plain }), ..self }
    }

    pub(crate) fn is_for_keys(&self) -> bool {
        matches!(self.credential, Credential::Identities(_))
    }

    /// Decrypts the age file.
    ///
    /// # Errors
    /// A wrong passphrase or identity, and a damaged file.
    pub(crate) fn decrypt(&self, file: &[u8]) -> Result<Zeroizing<Vec<u8>>, AgeError> {
        if let Some(decrypted) = self.decrypted.as_ref().filter(|decrypted| **decrypted.file == *file) {
            return Ok(decrypted.plain.clone());
        }
        match &self.credential {
            Credential::Passphrase(passphrase) => {
                decrypt_age_file(file, &DecryptWith::Passphrase(passphrase))
            }
            Credential::Identities(identities) => {
                decrypt_age_file(file, &DecryptWith::Identities(identities))
            }
        }
    }

    /// Encrypts the text of a vault.
    ///
    /// # Errors
    /// Invalid recipients in the text, or no recipients if the vault has no passphrase.
    pub(super) fn encrypt(&self, plain: &str) -> Result<Zeroizing<String>, AgeError> {
        let recipients = parse_recipients(plain)?;
        let encrypt_for = match &self.credential {
            Credential::Passphrase(passphrase) => {
                EncryptFor::Passphrase { passphrase, work_factor: WORK_FACTOR }
            }
            Credential::Identities(_) => EncryptFor::Recipients(&recipients),
        };
        encrypt_age_file(plain.as_bytes(), &encrypt_for).map(Zeroizing::new)
    }
}

fn parse_recipients(plain: &str) -> Result<Recipients, AgeError> {
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

/// Returns whether a public key needs a plugin (`age1NAME1…`).
///
/// Programs that a vault names are never run, because an attacker who can write the file could choose them.
fn names_a_plugin(recipient: &str) -> bool {
    let kind = recipient.trim().rsplit_once('1').map(|(kind, _)| kind.to_lowercase());
    kind.is_some_and(|kind| kind.starts_with("age1") && !matches!(kind.as_str(), "age1tag" | "age1tagpq"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plugin_is_recognised_by_its_key() {
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
    fn plugin_that_the_file_names_is_not_run() {
        let text = "version = 1\n[vault]\nrecipients = [\"age1evil1qqqq\"]\n";
        assert_eq!(parse_recipients(text).map(drop), Err(AgeError::PluginInFile));
    }
}
