//! A reader of encrypted vaults without the checks of MACs and of the pinned state: shows that the attack suite can fail.

use crate::vault::Vault;
use crate::vault::crypto::{DecryptWith, Identities, NoCallbacks};

/// Returns the name and the code of each account that the identity opens; the time is in Unix seconds.
#[must_use]
pub fn read_unchecked(vault: &[u8], identity: &str, time: u64) -> Vec<(String, String)> {
    let Ok(mut vault) = Vault::parse(vault) else { return Vec::new() };
    if let Some(header) = vault.header().cloned() {
        let mut identities = Identities::default();
        if identities.add(identity, &NoCallbacks).is_err() {
            return Vec::new();
        }
        let opened = header.open(&DecryptWith::Identities(&identities));
        let Ok((_, key)) = opened else { return Vec::new() };
        let _ = vault.unlock_edited(&key);
    }
    let codes = vault.accounts().map(|account| (account.name.to_string(), account.key.code_at(time).digits));
    codes.collect()
}
