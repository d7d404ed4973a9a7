//! Selects the accounts to export.

use super::args::Export;
use crate::error::{CommandError, Result};
use crate::otp::Account;
use crate::session::Session;
use crate::text::redact;
use crate::vault::{Entry, MatchKind, Pattern, Vault};

impl Export {
    /// Returns the selected accounts, and the number of selected records that cannot be used.
    pub(super) fn select(&self, session: &mut Session<'_>) -> Result<(Vec<Account>, usize)> {
        let mut vault = session.load()?;
        session.unlock_all(&mut vault)?;
        // The tags of a damaged record are unknown: without names it may be one of the wanted ones.
        let damaged = if self.names.is_empty() { warn_about_damaged(&vault, session) } else { 0 };
        let mut entries: Vec<&Entry> =
            if self.names.is_empty() { vault.entries().collect() } else { self.find_named(&vault, session)? };
        let filter = self.filter.as_deref().map(Pattern::new);
        entries.retain(|entry| self.matches(entry, filter.as_ref()));
        let accounts: Vec<Account> = entries.iter().filter_map(|entry| entry.account()).collect();
        let unusable = entries.len() - accounts.len() + damaged;
        let has_names = self.format.has_names();
        let labelled = |account: Account| if has_names { account } else { account.with_full_label() };
        Ok((accounts.into_iter().map(labelled).collect(), unusable))
    }

    /// Returns whether an account has the requested tags and contains the requested text.
    fn matches(&self, entry: &Entry, filter: Option<&Pattern>) -> bool {
        let texts = [entry.name.as_str(), &entry.label.issuer, &entry.label.account_name];
        self.tag.iter().all(|tag| entry.tags.contains(tag))
            && filter.is_none_or(|filter| filter.is_in_any(texts))
    }

    fn find_named<'v>(&self, vault: &'v Vault, session: &mut Session<'_>) -> Result<Vec<&'v Entry>> {
        let mut entries: Vec<&Entry> = Vec::new();
        for name in &self.names {
            let entry = session.entry(vault, name, MatchKind::Unique)?;
            if entry.account().is_none() {
                return Err(CommandError::failed(format!(
                    "the secret of '{}' cannot be decrypted",
                    entry.name
                )));
            }
            if !entries.iter().any(|other| other.name == entry.name) {
                entries.push(entry);
            }
        }
        Ok(entries)
    }
}

/// Warns about each damaged record, and returns their number.
fn warn_about_damaged(vault: &Vault, session: &mut Session<'_>) -> usize {
    let mut damaged = 0;
    for (name, problem) in vault.damaged() {
        let name = redact(name);
        session.ui.warn_skipped(format_args!("not exported: the account '{name}' cannot be used: {problem}"));
        damaged += 1;
    }
    damaged
}
