//! Parts of the program for `tests/bench/parts.rs`, which times them; the program itself has no use for this.

use std::path::Path;

use crate::otp::{Enrolment, Key, OtpauthUri};
use crate::vault::{MatchKind, VaultFile};

/// A key, as codes are made of it
pub struct MeasuredKey(Key);

impl MeasuredKey {
    /// Reads a URI.
    ///
    /// # Panics
    /// Where it is none.
    #[must_use]
    pub fn of_uri(uri: &str) -> Self {
        let (uri, _) = OtpauthUri::parse(uri).expect("it is a URI");
        Self(Enrolment::try_from(uri).expect("it describes an account").key)
    }

    /// The code at a time, in Unix seconds
    #[must_use]
    pub fn code_at(&self, time: u64) -> String {
        self.0.code_at(time).digits.clone()
    }
}

/// How many accounts a vault has, all of which are read.
///
/// # Panics
/// Where it cannot be read.
#[must_use]
pub fn accounts_in(vault: &Path) -> usize {
    file(vault).load(None).expect("it is a vault").vault.entries().count()
}

/// Whether a vault has an account, of which alone the secret is wanted.
///
/// # Panics
/// Where it cannot be read.
#[must_use]
pub fn has(vault: &Path, name: &str) -> bool {
    let loaded = file(vault).load_account(name, None).expect("it is a vault");
    loaded.vault.find(name, MatchKind::Exact).is_ok()
}

fn file(vault: &Path) -> VaultFile {
    VaultFile::locate(Some(vault.to_owned())).expect("it is named")
}
