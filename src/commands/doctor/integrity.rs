//! Checks whether the vault is the expected one and, with a key that needs no prompt, whether it is intact.

use super::finding::Finding;
use crate::error::Result;
use crate::session::Session;
use crate::vault::Vault;
use crate::vault::crypto::VaultHeader;

const NAME: &str = "integrity";

pub(super) fn check(mut vault: Vault, session: &mut Session<'_>) -> Vec<Finding> {
    let Some(header) = vault.header().cloned() else {
        return unexpected(&vault, session).into_iter().collect();
    };
    match verify(&mut vault, &header, session) {
        Ok(findings) => findings,
        Err(error) => vec![Finding::problem(NAME, error.to_string())],
    }
}

/// Unlocks the vault if that needs no prompt, and returns what is wrong with it.
///
/// # Errors
/// A configured passphrase or identity that does not open the vault.
fn verify(vault: &mut Vault, header: &VaultHeader, session: &mut Session<'_>) -> Result<Vec<Finding>> {
    let Some(key) = session.key_without_prompt(header)? else {
        let unexpected = unexpected(vault, session);
        let locked =
            Finding::ok(NAME, "not checked: the vault is locked; 'mfa vault verify' asks for the key");
        return Ok(vec![unexpected.unwrap_or(locked)]);
    };
    let mut findings: Vec<Finding> = vault
        .unlock_edited(&key)
        .into_iter()
        .map(|finding| Finding::problem(NAME, format!("{finding}; see 'mfa vault verify'")))
        .collect();
    findings.extend(unexpected(vault, session));
    if findings.is_empty() {
        findings.push(Finding::ok(NAME, "the vault is intact, and the one that this machine expects"));
    }
    Ok(findings)
}

/// Returns a problem if the vault is not the one that this machine expects, or if its pinned state cannot be read.
fn unexpected(vault: &Vault, session: &Session<'_>) -> Option<Finding> {
    match session.vault.trust_error(vault) {
        Ok(reason) => {
            reason.map(|reason| Finding::problem(NAME, format!("the vault {reason}; see 'mfa vault verify'")))
        }
        // without a vault there is nothing to distrust: the check of the state folder reports it
        Err(_) if !session.vault.path().exists() => None,
        Err(error) => Some(Finding::problem(NAME, error.to_string())),
    }
}
