//! Removes the plain-text copies that editors, or the user, have left in the folder of an encrypted vault.

use std::fs;

use crate::error::{Context as _, Result};
use crate::otp::Account;
use crate::session::Session;
use crate::text::shown_path;
use crate::vault::PlainCopy;

/// Warns about the plain-text copies of the vault, and removes the redundant ones by option or after confirmation.
///
/// Keeps a copy that has accounts that the vault does not have.
pub(super) fn remove_plain_copies(
    accounts: &[Account],
    by_option: bool,
    session: &mut Session<'_>,
) -> Result<()> {
    let (redundant, others): (Vec<_>, Vec<_>) =
        session.vault.plain_copies(accounts).into_iter().partition(|copy| copy.is_redundant);
    for PlainCopy { path, .. } in redundant.iter().filter(|_| !by_option) {
        session.ui.warn(format_args!("'{}' still holds secrets as plain text", shown_path(path)), None);
    }
    for PlainCopy { path, .. } in &others {
        session.ui.warn(
            format_args!(
                "'{}' holds secrets as plain text, and is not only a copy of this vault",
                shown_path(path)
            ),
            Some("mfa keeps it; remove it yourself if you no longer need it"),
        );
    }
    if redundant.is_empty() || !(by_option || confirm(redundant.len(), session)?) {
        return Ok(());
    }
    for PlainCopy { path, .. } in &redundant {
        let shown = shown_path(path);
        fs::remove_file(path).with_context(|| format!("could not remove '{shown}'"))?;
        session.ui.status(format_args!("removed '{shown}'"));
    }
    Ok(())
}

fn confirm(count: usize, session: &mut Session<'_>) -> Result<bool> {
    let copies = if count == 1 { "it" } else { "them" };
    if !session.ui.can_prompt() {
        session.ui.status(format_args!("to remove {copies} run 'mfa vault encrypt --remove-copies'"));
        return Ok(false);
    }
    session.ui.confirm("remove the plain-text copies?", "confirm with --remove-copies")
}
