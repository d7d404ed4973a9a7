//! The accounts: records that cannot be used, secrets that are weak or there twice. Names only.

use crate::commands::doctor::Finding;
use crate::otp::{MfaArn, Secret};
use crate::text::redact;
use crate::vault::{Entry, Vault};

pub(super) fn check(vault: &Vault) -> Vec<Finding> {
    let damaged = vault.damaged().map(|(name, problem)| {
        Finding::problem("accounts", format!("'{}' cannot be used: {problem}", redact(name)))
    });
    let mut findings: Vec<Finding> = damaged.collect();
    findings.extend(one_device(vault));
    if vault.is_encrypted() {
        findings.push(Finding::ok("secrets", "not looked at: they are sealed"));
        return findings;
    }
    let problems = findings.len();
    findings.extend(weak(vault));
    findings.extend(twice(vault));
    if findings.len() == problems && !vault.is_empty() {
        findings.push(Finding::ok("secrets", "none is weak, none is there twice"));
    }
    findings
}

fn weak(vault: &Vault) -> Option<Finding> {
    let is_weak = |entry: &&Entry| entry.secret().is_some_and(Secret::is_short);
    let names: Vec<&str> = vault.entries().filter(is_weak).map(|entry| entry.name.as_str()).collect();
    let text =
        || format!("shorter than 80 bits: {}; a service should hand out longer ones", names.join(", "));
    (!names.is_empty()).then(|| Finding::warning("secrets", text()))
}

/// One finding for each MFA device that several accounts are: its ARN would not name one of them
fn one_device(vault: &Vault) -> Vec<Finding> {
    let mut devices: Vec<(&MfaArn, &str)> = vault
        .entries()
        .filter_map(|entry| Some((entry.label.serial.as_ref()?, entry.name.as_str())))
        .collect();
    devices.sort_by(|(a, _), (b, _)| a.as_str().cmp(b.as_str()));
    let same = devices.chunk_by(|(a, _), (b, _)| a == b).filter(|same| same.len() > 1);
    let told = same.map(|same| {
        let names: Vec<&str> = same.iter().map(|(_, name)| *name).collect();
        Finding::warning("accounts", format!("the same MFA device: {}", names.join(", ")))
    });
    told.collect()
}

/// One finding for each secret that several accounts have
fn twice(vault: &Vault) -> Vec<Finding> {
    let mut secrets: Vec<(&Secret, &str)> =
        vault.entries().filter_map(|entry| Some((entry.secret()?, entry.name.as_str()))).collect();
    secrets.sort_by(|(a, _), (b, _)| a.expose().cmp(b.expose()));
    let same = secrets.chunk_by(|(a, _), (b, _)| a == b).filter(|same| same.len() > 1);
    let told = same.map(|same| {
        let names: Vec<&str> = same.iter().map(|(_, name)| *name).collect();
        Finding::warning("secrets", format!("the same one: {}", names.join(", ")))
    });
    told.collect()
}
