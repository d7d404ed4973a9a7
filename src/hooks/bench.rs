//! Parts of the program that `tests/bench/parts.rs` times.

use std::path::Path;

use crate::otp::{Enrolment, Key, OtpauthUri};
use crate::vault::{MatchKind, VaultFile};

/// A key whose codes are timed
pub struct BenchKey(Key);

impl BenchKey {
    /// Parses an otpauth URI.
    ///
    /// # Panics
    /// If the text is not such a URI.
    #[must_use]
    pub fn from_uri(uri: &str) -> Self {
        let (uri, _) = OtpauthUri::parse(uri).expect("the text is an otpauth URI");
        Self(Enrolment::try_from(uri).expect("the URI describes an account").key)
    }

    /// Returns the code at a time in Unix seconds.
    #[must_use]
    pub fn code_at(&self, time: u64) -> String {
        self.0.code_at(time).digits.clone()
    }
}

/// Reads a whole vault, and returns the number of its accounts.
///
/// # Panics
/// If the vault cannot be read.
#[must_use]
pub fn count_accounts(vault: &Path) -> usize {
    file(vault).load().expect("the file is a vault").vault.entries().count()
}

/// Reads one account of a vault, as `mfa code NAME` does, and returns whether the vault has it.
///
/// # Panics
/// If the vault cannot be read.
#[must_use]
pub fn has_account(vault: &Path, name: &str) -> bool {
    let loaded = file(vault).load_account(name).expect("the file is a vault");
    loaded.vault.find(name, MatchKind::Exact).is_ok()
}

fn file(vault: &Path) -> VaultFile {
    VaultFile::locate(Some(vault.to_owned())).expect("a path locates a vault")
}
