//! `mfa vault merge --driver`: git calls it to merge a vault, and takes the exit code 0 for a result without conflicts.
//!
//! See `merge.*.driver` in the manual of gitattributes. The file of this side gets the result. It is a vault in any case:
//! a conflict keeps the value of this side, and never has markers.

use std::fs;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::report::{format_conflicts, print_differences, print_renumbered, print_slots};
use crate::error::{CommandError, Context as _, Result};
use crate::otp::Account;
use crate::session::Session;
use crate::text::{argument, redact, shown_path};
use crate::ui::Ui;
use crate::vault::merge::merge_accounts;
use crate::vault::{Vault, VaultFile, replace};

/// One of the three files, unlocked
struct Version {
    bytes: Zeroizing<Vec<u8>>,
    vault: Vault,
}

/// Merges the files that git calls `%O %A %B %P`.
///
/// # Errors
/// There are conflicts; a file cannot be read, or is locked and no key is at hand; the encryption of the two sides differs.
/// The file of this side has all that could be merged in the first case, and is unchanged in the others.
pub(super) fn run(files: &[PathBuf], session: &mut Session<'_>) -> Result<()> {
    let [base, ours, theirs, path] = files else { unreachable!("clap takes four values") };
    let shown = shown_path(path);
    let is_empty = || CommandError::failed(format!("one side of '{shown}' is empty"));
    let mut driver = Driver { path, session };
    let mut here = driver.unlock(Version::read(ours)?.ok_or_else(is_empty)?)?;
    let there = Version::read(theirs)?.ok_or_else(is_empty)?;
    require_same_encryption(&here.vault, &there.vault, &shown)?;
    let there = driver.unlock(there)?;
    // two sides that both added the vault have no ancestor
    let base = Version::read(base)?.filter(|base| is_same_vault(&base.vault, &here.vault));
    let base = base.map(|base| driver.unlock(base)).transpose()?;
    if let Some((name, problem)) = there.vault.damaged().next() {
        let message = format!("the account '{}' of the other side cannot be read: {problem}", redact(name));
        return Err(CommandError::failed(message));
    }
    let accounts = |version: &Version| version.vault.accounts().collect::<Vec<Account>>();
    let base_accounts = base.as_ref().map(accounts);
    let merges = merge_accounts(base_accounts.as_deref(), &accounts(&here), &accounts(&there));
    let renumbered = here.vault.apply_merge(&merges);
    let slots = here.vault.merge_slots(base.as_ref().map(|base| &base.vault), &there.vault);
    here.vault.follow(&there.vault);
    let text = here.vault.render_next(&here.bytes).map(Zeroizing::new);
    let text = text.map_err(|error| CommandError::failed(format!("'{shown}' {error}")))?;
    replace(ours, text.as_bytes()).with_context(|| format!("could not write '{}'", shown_path(ours)))?;
    print_differences(&merges, driver.session);
    print_renumbered(&renumbered, driver.session);
    print_slots(&slots, driver.session);
    let count: usize = merges.iter().map(|merge| merge.conflicts().count()).sum();
    if count == 0 {
        return Ok(());
    }
    let hint = format!(
        "change what should differ with 'mfa edit' or 'mfa remove', then: git add {}",
        argument(&shown)
    );
    Err(CommandError::failed(format!("{} in '{shown}': this side was kept", format_conflicts(count)))
        .hint(hint))
}

/// Unlocks the versions with a key at hand
struct Driver<'a, 's> {
    /// The vault in the work tree, whose key store may hold the key
    path: &'a Path,
    session: &'a mut Session<'s>,
}

impl Driver<'_, '_> {
    /// Unlocks a version without a prompt: git may run anywhere.
    ///
    /// # Errors
    /// No key is at hand, or the version was changed without the key.
    fn unlock(&mut self, mut version: Version) -> Result<Version> {
        let Some(header) = version.vault.header().cloned() else { return Ok(version) };
        let file = VaultFile::locate(Some(self.path.to_owned()))?;
        let mut silent = Ui::buffered();
        let mut session = Session::new(&file, &mut silent, self.session.identity);
        session.key.clone_from(&self.session.key);
        let key = session.data_key(&header)?;
        let findings = version.vault.unlock(&key);
        self.session.key = Some((header.id, key));
        if findings.is_empty() { Ok(version) } else { Err(file.tampered(findings).into()) }
    }
}

impl Version {
    /// Reads a version; `None` if the file is empty, as git passes a version that does not exist.
    fn read(path: &Path) -> Result<Option<Self>> {
        let bytes = fs::read(path).map(Zeroizing::new);
        let bytes = bytes.with_context(|| format!("could not read '{}'", shown_path(path)))?;
        if bytes.trim_ascii().is_empty() {
            return Ok(None);
        }
        let vault = Vault::parse(&bytes);
        let vault = vault.map_err(|error| CommandError::failed(format!("'{}' {error}", shown_path(path))))?;
        Ok(Some(Self { bytes, vault }))
    }
}

fn is_same_vault(one: &Vault, other: &Vault) -> bool {
    one.header().map(|header| header.id) == other.header().map(|header| header.id)
}

/// Rejects two sides with different keys, or of which only one is encrypted: the result would undo a `rekey`, an
/// `encrypt` or a `decrypt` of one side.
fn require_same_encryption(here: &Vault, there: &Vault, shown: &str) -> Result<()> {
    if is_same_vault(here, there) {
        return Ok(());
    }
    let what = match (here.is_encrypted(), there.is_encrypted()) {
        (true, true) => "the two sides have different keys",
        (true, false) => "this side is encrypted, and the other is plain text",
        _ => "this side is plain text, and the other is encrypted",
    };
    let path = argument(shown);
    Err(CommandError::failed(format!("could not merge '{shown}': {what}")).hint(format!(
        "git checkout --ours {path} (or --theirs), save the other side with 'git show :3:{path}' (or :2:), and run \
         'mfa vault merge' on that"
    )))
}
