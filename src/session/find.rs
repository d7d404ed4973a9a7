//! Finds the one account that the user means.

use crate::aws::config;
use crate::error::{CommandError, Context as _, ExitCode, Result};
use crate::otp::Account;
use crate::session::Session;
use crate::text::{redact, shown_path};
use crate::vault::{Entry, FindError, MatchKind, Vault};

/// How the user selects an account
#[derive(Debug, Clone, Copy)]
pub(crate) enum AccountSelector<'a> {
    /// A name, a part of one, or the ARN of an MFA device
    Name(&'a str),
    /// A profile of the AWS configuration, whose `mfa_serial` names the account
    Profile(&'a str),
}

impl Session<'_> {
    /// Finds an account and returns it with its secret.
    pub(crate) fn find(&mut self, query: &str, kind: MatchKind) -> Result<Account> {
        let mut vault = self.load_account(query)?;
        let entry = self.entry(&vault, query, kind)?;
        if let Some(account) = entry.account() {
            return Ok(account);
        }
        let name = entry.name.clone();
        self.unlock_account(&mut vault, &name, query)
    }

    /// Finds an account by a name, or by a profile of the AWS configuration.
    pub(crate) fn find_selected(
        &mut self,
        selector: AccountSelector<'_>,
        kind: MatchKind,
    ) -> Result<Account> {
        let profile = match selector {
            AccountSelector::Name(name) => return self.find(name, kind),
            AccountSelector::Profile(profile) => profile,
        };
        let serial = config::mfa_serial(profile)?;
        self.find(serial.as_str(), kind).with_context(|| format!("the profile '{}'", redact(profile)))
    }

    /// Finds an account of a vault. Asks the user on a terminal if the query matches several.
    pub(crate) fn entry<'v>(&mut self, vault: &'v Vault, query: &str, kind: MatchKind) -> Result<&'v Entry> {
        let found = match vault.find(query, kind) {
            Err(FindError::Ambiguous { query, candidates }) if self.ui.can_prompt() => {
                match self.ui.choose(&candidates)? {
                    Some(index) => vault.find(&candidates[index], MatchKind::Exact),
                    None => Err(FindError::Ambiguous { query, candidates }),
                }
            }
            found => found,
        };
        match found {
            Err(FindError::NotFound { .. }) if vault.is_empty() => Err(self.no_account(query)),
            found => Ok(found?),
        }
    }

    fn no_account(&self, query: &str) -> CommandError {
        CommandError::new(ExitCode::NoAccount, format!("no account '{}'", redact(query)))
            .hint(self.empty_vault_message())
    }

    /// Returns the message about a vault without accounts.
    pub(crate) fn empty_vault_message(&self) -> String {
        let path = shown_path(self.vault.path());
        format!("the vault '{path}' is empty; 'mfa add' stores the first account")
    }
}
