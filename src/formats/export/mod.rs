//! Accounts as files that other apps import. Each format builds its own, beside its reader; a property test reads back
//! what was written.

mod group;
mod loss;
mod random;
mod render;

use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use crate::otp::{Key, Name};
pub(super) use group::Groups;
pub(crate) use loss::Loss;
pub(super) use random::{random, uuid};
pub(super) use render::render;

/// A file for another app, and what is not in it
pub(crate) struct Export {
    /// Holds the secrets
    pub(crate) text: Zeroizing<String>,
    /// The accounts that are not in it: the app would refuse the whole file, or show wrong codes
    pub(crate) left_out: Vec<(Name, Loss)>,
    /// What of the accounts that are in it is not
    pub(crate) reduced: Vec<(Name, Loss)>,
}

impl Export {
    /// A file that holds all there is to know
    pub(super) fn complete(text: Zeroizing<String>) -> Self {
        Self { text, left_out: Vec::new(), reduced: Vec::new() }
    }
}

/// The secret of a key, written as upper-case Base32
pub(super) struct Base32<'a>(pub(super) &'a Key);

impl Serialize for Base32<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.secret().to_base32())
    }
}

#[cfg(test)]
mod tests;
