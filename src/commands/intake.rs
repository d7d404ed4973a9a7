//! Accounts that come in by the dozen: none is doubled, none is in the way of another.

use crate::otp::{Account, Kind, Name, Parameters};
use crate::vault::{Entry, Vault};

/// An account that was offered to the vault, as it is there now
#[derive(Debug, Clone)]
pub(super) struct TakenIn {
    pub(super) account: Account,
    pub(super) how: How,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum How {
    New,
    /// With a number behind its name, since another account has that name
    Numbered {
        wanted: Name,
    },
    /// It was there, maybe under another name: nothing was written
    Known,
}

/// Takes an account in, with the first free number behind its name where that is taken.
pub(super) fn take_in(vault: &mut Vault, mut account: Account) -> TakenIn {
    if let Some(same) = vault.entries().find(|entry| is_same(entry, &account)).and_then(Entry::account) {
        return TakenIn { account: same, how: How::Known };
    }
    let name = vault.free_name(&account.name);
    let how = if name == account.name {
        How::New
    } else {
        How::Numbered { wanted: std::mem::replace(&mut account.name, name) }
    };
    vault.insert(account.clone()).expect("the name is free");
    TakenIn { account, how }
}

/// Equal in everything but the name, the tags, and how often a counter was used
fn is_same(entry: &Entry, account: &Account) -> bool {
    entry.label == account.label
        && entry.secret() == Some(account.key.secret())
        && without_counter(entry.parameters) == without_counter(account.key.parameters())
}

fn without_counter(parameters: Parameters) -> (Parameters, bool) {
    match parameters.kind() {
        Kind::Hotp { .. } => {
            let fresh = Parameters::hotp(parameters.algorithm(), parameters.digits(), 0);
            (fresh.unwrap_or(parameters), true)
        }
        Kind::Totp { .. } | Kind::Steam => (parameters, false),
    }
}
