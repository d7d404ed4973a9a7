//! Copies of a vault that editors, or the user, have left beside it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::otp::Account;
use crate::platform::atomic_file;
use crate::vault::file::paths;
use crate::vault::{VaultFile, document};

/// Characters of Base32 from which on a secret is not found in a file by chance
const MIN_SECRET_LEN: usize = 16;

/// A file that holds secrets as plain text
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PlainCopy {
    pub(crate) path: PathBuf,
    /// Whether nothing is lost without it: it is a vault that was never changed as one, whatever it has of an account is in
    /// the one it is a copy of, and it is no link to elsewhere
    pub(crate) is_redundant: bool,
}

impl VaultFile {
    /// The files that are named after the vault and hold secrets as plain text, beside it and beside a link to it.
    pub(crate) fn plain_copies(&self, accounts: &[Account]) -> Vec<PlainCopy> {
        let real = paths::resolved(self.path()).unwrap_or_else(|_| self.path().to_owned());
        let copies = [self.path(), &real].into_iter().flat_map(|vault| self.beside(vault, &real, accounts));
        copies.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn beside(&self, vault: &Path, real: &Path, accounts: &[Account]) -> Vec<PlainCopy> {
        let Some(stem) = vault.file_stem().map(|stem| stem.to_string_lossy().into_owned()) else {
            return Vec::new();
        };
        let entries = std::fs::read_dir(atomic_file::folder_of(vault)).into_iter().flatten().flatten();
        entries
            .filter(|entry| entry.file_name().to_string_lossy().contains(&stem))
            .map(|entry| entry.path())
            .filter(|path| path.is_file() && !is_same(path, real))
            .filter_map(|path| {
                let bytes = self.read(&path).ok().flatten()?.bytes;
                let is_kept = path.is_symlink() || paths::beside(&path, ".lock").exists();
                spare(&bytes, accounts)
                    .map(|is_redundant| PlainCopy { path, is_redundant: is_redundant && !is_kept })
            })
            .collect()
    }
}

fn is_same(a: &Path, b: &Path) -> bool {
    a.canonicalize().ok().is_some_and(|a| b.canonicalize().is_ok_and(|b| a == b))
}

/// None where the bytes hold no secret as plain text; else whether nothing is lost without them
fn spare(bytes: &[u8], accounts: &[Account]) -> Option<bool> {
    let Ok(vault) = document::parse(bytes) else {
        return holds_one(bytes, accounts).then_some(false);
    };
    let is_known = |account: Account| accounts.iter().any(|ours| holds(ours, &account));
    let mut plain = vault.accounts().peekable();
    plain.peek()?;
    Some(plain.all(is_known) && vault.damaged().next().is_none())
}

/// Whether an account has all of another, but for its name
fn holds(ours: &Account, other: &Account) -> bool {
    ours.key.eq_ignoring_counter(&other.key)
        && ours.key.counter() >= other.key.counter()
        && ours.label == other.label
        && other.tags.iter().all(|tag| ours.tags.contains(tag))
}

/// Whether a file that is no vault, as an editor keeps it, holds one of the secrets
fn holds_one(bytes: &[u8], accounts: &[Account]) -> bool {
    let upper = Zeroizing::new(bytes.to_ascii_uppercase());
    accounts.iter().any(|account| {
        let secret = account.key.secret().to_base32();
        secret.len() >= MIN_SECRET_LEN && upper.windows(secret.len()).any(|part| part == secret.as_bytes())
    })
}
