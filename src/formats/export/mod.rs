//! Accounts as files that other apps import. Each format builds its own, beside its reader; a property test reads back
//! what was written.

mod group;
mod json;
mod keepassxc;
mod loss;
mod random;
mod render;
#[cfg(test)]
pub(super) mod samples;
mod uri_list;

use std::fmt::{self, Write as _};

use serde::{Serialize, Serializer};
use zeroize::Zeroizing;

use crate::otp::{Account, Key, Name};
pub(super) use group::Groups;
pub(crate) use json::to_json;
pub(crate) use keepassxc::to_keepassxc_csv;
pub(crate) use loss::ExportLimitation;
pub(super) use random::{random, uuid};
pub(super) use render::render;
pub(crate) use uri_list::to_uri_list;

/// A file for another app, and what is not in it
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Export {
    /// Holds the secrets
    pub(crate) text: Zeroizing<String>,
    /// The accounts that are not in it: the app would refuse the whole file, or show wrong codes
    pub(crate) left_out: Vec<(Name, ExportLimitation)>,
    /// What of the accounts that are in it is not
    pub(crate) reduced: Vec<(Name, ExportLimitation)>,
}

impl Export {
    /// A file that holds all there is to know
    pub(super) fn complete(text: Zeroizing<String>) -> Self {
        Self { text, left_out: Vec::new(), reduced: Vec::new() }
    }
}

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text: _, left_out, reduced } = self;
        let mut export = f.debug_struct("Export");
        export.field("left_out", left_out).field("reduced", reduced).finish_non_exhaustive()
    }
}

/// The secret of a key, written as upper-case Base32
pub(super) struct Base32<'a>(pub(super) &'a Key);

impl Serialize for Base32<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0.secret().to_base32())
    }
}

/// Room for a text of these accounts, generously, so that it never moves and leaves no copy behind
pub(super) fn capacity(accounts: &[&Account]) -> usize {
    let size = |account: &Account| {
        let tags: usize = account.tags.iter().map(|tag| tag.len() + 20).sum();
        let serial = account.label.serial.as_ref().map_or(0, |serial| serial.as_str().len());
        let label = account.label.issuer.len() + account.label.account_name.len();
        account.key.secret().expose().len() * 2
            + serial
            + (account.name.as_str().len() + label * 2 + tags) * 6
    };
    accounts.iter().map(|account| size(account) + 600).sum::<usize>() + 200
}

/// JSON whose texts are ASCII: what is not is escaped, above U+FFFF as a surrogate pair (RFC 8259, section 7)
pub(super) fn ascii(json: &str) -> Zeroizing<String> {
    let escaped = |character: char| !(' '..='~').contains(&character) && character != '\n';
    let extra = json.chars().filter(|&c| escaped(c)).count() * 12;
    let mut text = Zeroizing::new(String::with_capacity(json.len() + extra));
    for character in json.chars() {
        if escaped(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(text, "\\u{unit:04x}").expect("a String takes all that is written");
            }
        } else {
            text.push(character);
        }
    }
    text
}

#[cfg(test)]
mod tests;
