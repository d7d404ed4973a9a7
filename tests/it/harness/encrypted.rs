//! Encrypted vaults: a small one, and those of `fixtures/sealed`.
//!
//! A private key unlocks most of them, since a passphrase costs half a second each time. The vaults of `fixtures/sealed`
//! have a cheap passphrase.

use serde::Deserialize;

use super::fixtures::fixture;
use super::run::Run;
use super::sandbox::{Sandbox, restrict};
use super::vault_kind::VaultKind;

/// The command that prints a file, in the system's shell.
pub(crate) const CAT: &str = if cfg!(windows) { "type" } else { "cat" };

/// A vault of `fixtures/sealed`, with its expected findings.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Fixture {
    pub(crate) file: String,
    pub(crate) passphrase: String,
    #[serde(default)]
    pub(crate) findings: Vec<String>,
    /// The reason why no slot unlocks, if none does.
    pub(crate) opens: Option<String>,
    #[serde(default)]
    pub(crate) does_not_open: Vec<String>,
}

pub(crate) fn fixtures() -> Vec<Fixture> {
    let text = std::fs::read_to_string(fixture("sealed/vectors.json")).expect("the fixture is there");
    serde_json::from_str(&text).expect("the fixture is JSON")
}

impl Fixture {
    pub(crate) fn is_bad(&self) -> bool {
        self.file.starts_with("bad-")
    }

    /// Returns a sandbox with this vault and the file `passphrase`, which a variable names.
    pub(crate) fn sandbox(&self) -> Sandbox {
        let sandbox = fixture_sandbox(&self.file);
        let passphrase = sandbox.write("passphrase", &self.passphrase);
        sandbox.with_variable("MFA_PASSPHRASE_FILE", passphrase)
    }
}

/// Returns the fixtures that unlock and were tampered with.
pub(crate) fn tampered() -> Vec<Fixture> {
    fixtures().into_iter().filter(|vector| vector.is_bad() && vector.opens.is_none()).collect()
}

/// Returns a sandbox with one of the fixtures as the vault, and no credential.
pub(crate) fn fixture_sandbox(file: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::copy(fixture("sealed").join(file), sandbox.vault()).expect("the fixture is there");
    restrict(&sandbox.vault());
    sandbox
}

/// Returns a sandbox with an encrypted vault: the account `alice` of the vector `plain`.
pub(crate) fn alice() -> Sandbox {
    VaultKind::Encrypted.sandbox_with_accounts(&[("alice", "plain")])
}

/// Checks whether the SSH key alone unlocks the vault.
#[track_caller]
pub(crate) fn check_ssh_unlocks(sandbox: &Sandbox, opens: bool) {
    let code = sandbox.mfa(["code", "alice"]).env("MFA_IDENTITY", fixture("sealed/ssh-key")).run();
    if opens {
        code.exits(0).prints("713653\n").in_silence();
    } else {
        code.exits(6).prints("");
    }
}

impl Run {
    /// Removes the sandbox's identity from the run.
    pub(crate) fn locked(self) -> Self {
        self.unset("MFA_IDENTITY")
    }
}
