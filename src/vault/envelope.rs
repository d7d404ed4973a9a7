//! A vault that hides its names too: the whole file is one age file.

use std::fmt;

use toml::{Table, Value};
use zeroize::Zeroizing;

use super::seal::{
    Identities, Lock, LockError, NoCallbacks, Recipients, Unlock, WORK_FACTOR, make_opaque, open_opaque,
};

/// What opens such a file, and closes it again
pub(crate) struct Envelope {
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
impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Envelope(…)")
    }
}

impl Envelope {
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
    pub(crate) fn open(&self, file: &[u8]) -> Result<Zeroizing<Vec<u8>>, LockError> {
        if let Some(opened) = self.opened.as_ref().filter(|opened| **opened.file == *file) {
            return Ok(opened.plain.clone());
        }
        match &self.seal {
            Seal::Passphrase(passphrase) => open_opaque(file, &Unlock::Passphrase(passphrase)),
            Seal::Keys(identities) => open_opaque(file, &Unlock::Identities(identities)),
        }
    }

    /// An age file of the plain one.
    ///
    /// # Errors
    /// Recipients that are none.
    pub(super) fn close(&self, plain: &str) -> Result<Zeroizing<String>, LockError> {
        let recipients = recipients(plain)?;
        let lock = match &self.seal {
            Seal::Passphrase(passphrase) => Lock::Passphrase { passphrase, work_factor: WORK_FACTOR },
            Seal::Keys(_) => Lock::Recipients(&recipients),
        };
        make_opaque(plain.as_bytes(), &lock).map(Zeroizing::new)
    }
}

fn recipients(plain: &str) -> Result<Recipients, LockError> {
    let root: Table = plain.parse().map_err(|_| LockError::NoRecipients)?;
    let texts = root.get("vault").and_then(|vault| vault.get("recipients")).and_then(Value::as_array);
    let mut recipients = Recipients::default();
    for text in texts.into_iter().flatten().filter_map(Value::as_str) {
        recipients.add(text, &NoCallbacks).map_err(|_| LockError::IncompatibleRecipients)?;
    }
    Ok(recipients)
}
