//! Checks the accounts: damaged records, weak secrets, duplicates. Findings contain names and no secrets.

use super::finding::Finding;
use crate::otp::{MfaArn, Secret};
use crate::text::redact;
use crate::vault::{Entry, Vault};

pub(super) fn check(vault: &Vault) -> Vec<Finding> {
    let damaged = vault.damaged().map(|(name, problem)| {
        Finding::problem("accounts", format!("'{}' cannot be used: {problem}", redact(name)))
    });
    let mut findings: Vec<Finding> = damaged.collect();
    findings.extend(shared_devices(vault));
    if vault.is_encrypted() {
        findings.push(Finding::ok("secrets", "not checked: they are encrypted"));
        return findings;
    }
    let secrets: Vec<Finding> = weak_secrets(vault).into_iter().chain(shared_secrets(vault)).collect();
    if secrets.is_empty() && !vault.is_empty() {
        findings.push(Finding::ok("secrets", "no weak or duplicate secrets"));
    }
    findings.extend(secrets);
    findings
}

fn weak_secrets(vault: &Vault) -> Option<Finding> {
    let is_weak = |entry: &&Entry| entry.secret().is_some_and(Secret::is_short);
    let names: Vec<&str> = vault.entries().filter(is_weak).map(|entry| entry.name.as_str()).collect();
    if names.is_empty() {
        return None;
    }
    let text = format!("shorter than 80 bits: {}; the service should issue longer ones", names.join(", "));
    Some(Finding::warning("secrets", text))
}

/// Returns a finding for each MFA device that several accounts have: its ARN selects none of them.
fn shared_devices(vault: &Vault) -> Vec<Finding> {
    let mut devices: Vec<(&MfaArn, &str)> = vault
        .entries()
        .filter_map(|entry| Some((entry.label.serial.as_ref()?, entry.name.as_str())))
        .collect();
    devices.sort_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
    let names = names_of_equal(&devices);
    names.map(|names| Finding::warning("accounts", format!("the same MFA device: {names}"))).collect()
}

/// Returns a finding for each secret that several accounts have.
fn shared_secrets(vault: &Vault) -> Vec<Finding> {
    let mut secrets: Vec<(&Secret, &str)> =
        vault.entries().filter_map(|entry| Some((entry.secret()?, entry.name.as_str()))).collect();
    secrets.sort_by(|(a, _), (b, _)| a.expose().cmp(b.expose()));
    let names = names_of_equal(&secrets);
    names.map(|names| Finding::warning("secrets", format!("the same secret: {names}"))).collect()
}

/// Returns the names that have the same value, for each value that occurs several times in a sorted list.
fn names_of_equal<T: PartialEq>(sorted: &[(T, &str)]) -> impl Iterator<Item = String> {
    let groups = sorted.chunk_by(|(a, _), (b, _)| a == b).filter(|group| group.len() > 1);
    groups.map(|group| group.iter().map(|(_, name)| *name).collect::<Vec<_>>().join(", "))
}
