//! Plain-text copies of the vault beside it, such as those that editors leave.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::otp::Account;
use crate::platform::atomic_file;
use crate::vault::document;
use crate::vault::file::paths::{resolve_links, with_suffix};
use crate::vault::file::vault_file::VaultFile;

/// Shortest Base32 secret to search in other files: a shorter one could occur by chance
const MIN_SECRET_LEN: usize = 16;

/// A file that contains secrets as plain text
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PlainCopy {
    pub(crate) path: PathBuf,
    /// Whether the file can be removed without loss: its accounts are in the vault with all their data, mfa never changed
    /// it as a vault, and it is no link
    pub(crate) is_redundant: bool,
}

impl VaultFile {
    /// Returns the plain-text files that are named after the vault, beside it and beside a link to it.
    pub(crate) fn plain_copies(&self, accounts: &[Account]) -> Vec<PlainCopy> {
        let real = resolve_links(self.path()).unwrap_or_else(|_| self.path().to_owned());
        let copies =
            [self.path(), &real].into_iter().flat_map(|path| self.copies_beside(path, &real, accounts));
        copies.collect::<BTreeSet<_>>().into_iter().collect()
    }

    fn copies_beside(&self, path: &Path, real: &Path, accounts: &[Account]) -> Vec<PlainCopy> {
        let Some(stem) = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()) else {
            return Vec::new();
        };
        let entries = std::fs::read_dir(atomic_file::folder_of(path)).into_iter().flatten().flatten();
        entries
            .filter(|entry| entry.file_name().to_string_lossy().contains(&stem))
            .map(|entry| entry.path())
            .filter(|path| path.is_file() && !is_same_file(path, real))
            .filter_map(|path| {
                let bytes = self.read(&path).ok().flatten()?.bytes;
                let is_kept = path.is_symlink() || with_suffix(&path, ".lock").exists();
                are_redundant(&bytes, accounts)
                    .map(|is_redundant| PlainCopy { path, is_redundant: is_redundant && !is_kept })
            })
            .collect()
    }
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    a.canonicalize().ok().is_some_and(|a| b.canonicalize().is_ok_and(|b| a == b))
}

/// Returns whether all accounts in the bytes are among ours; `None` if the bytes contain no plain-text secret.
fn are_redundant(bytes: &[u8], accounts: &[Account]) -> Option<bool> {
    let Ok(vault) = document::parse(bytes) else {
        return contains_secret(bytes, accounts).then_some(false);
    };
    let is_covered = |account: Account| accounts.iter().any(|ours| covers(ours, &account));
    let mut plain = vault.accounts().peekable();
    plain.peek()?;
    Some(plain.all(is_covered) && vault.damaged().next().is_none())
}

/// Returns whether an account has all data of the other, apart from its name.
fn covers(ours: &Account, other: &Account) -> bool {
    ours.key.eq_ignoring_counter(&other.key)
        && ours.key.counter() >= other.key.counter()
        && ours.label == other.label
        && other.tags.iter().all(|tag| ours.tags.contains(tag))
}

/// Returns whether a file that is no vault, such as an editor's swap file, contains one of the secrets.
fn contains_secret(bytes: &[u8], accounts: &[Account]) -> bool {
    let upper = Zeroizing::new(bytes.to_ascii_uppercase());
    accounts.iter().any(|account| {
        let secret = account.key.secret().to_base32();
        secret.len() >= MIN_SECRET_LEN && upper.windows(secret.len()).any(|part| part == secret.as_bytes())
    })
}
