//! A vault that hides its names too: the whole file is one age file.

use toml::{Table, Value};
use zeroize::Zeroizing;

use super::seal::{
    Identities, Lock, LockError, NoCallbacks, Recipients, Unlock, WORK_FACTOR, make_opaque, open_opaque,
};

/// What opens such a file, and closes it again
#[derive(Debug)]
pub(crate) enum Envelope {
    Passphrase(Zeroizing<String>),
    /// It is closed for the recipients that stand in it, under `vault.recipients`
    Keys(Identities),
}

impl Envelope {
    /// The plain file.
    ///
    /// # Errors
    /// A passphrase or key that does not fit, or damage.
    pub(crate) fn open(&self, file: &[u8]) -> Result<Zeroizing<Vec<u8>>, LockError> {
        match self {
            Self::Passphrase(passphrase) => open_opaque(file, &Unlock::Passphrase(passphrase)),
            Self::Keys(identities) => open_opaque(file, &Unlock::Identities(identities)),
        }
    }

    /// An age file of the plain one.
    ///
    /// # Errors
    /// Recipients that are none.
    pub(super) fn close(&self, plain: &str) -> Result<Zeroizing<String>, LockError> {
        let recipients = recipients(plain)?;
        let lock = match self {
            Self::Passphrase(passphrase) => Lock::Passphrase { passphrase, work_factor: WORK_FACTOR },
            Self::Keys(_) => Lock::Recipients(&recipients),
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
