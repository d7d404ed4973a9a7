//! Encrypted vaults: a small one, and those of `fixtures/sealed`.
//!
//! A private key unlocks most of them, since a passphrase costs half a second each time. The vaults of `fixtures/sealed`
//! have a cheap passphrase.

use serde::Deserialize;

use super::fixtures::fixture;
use super::run::Run;
use super::sandbox::{Sandbox, restrict};
use super::vault_kind::VaultKind;

/// The command that prints a file, in the shell of the system
pub(crate) const CAT: &str = if cfg!(windows) { "type" } else { "cat" };

/// A vault of `fixtures/sealed`, and what is expected of it
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Fixture {
    pub(crate) file: String,
    pub(crate) passphrase: String,
    #[serde(default)]
    pub(crate) findings: Vec<String>,
    /// Why no slot opens
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

    /// With this vault and the file `passphrase`, which is named by a variable
    pub(crate) fn sandbox(&self) -> Sandbox {
        let sandbox = sandbox_of(&self.file);
        let passphrase = sandbox.write("passphrase", &self.passphrase);
        sandbox.with_variable("MFA_PASSPHRASE_FILE", passphrase)
    }
}

/// Those that open, and are not as they were signed
pub(crate) fn tampered() -> Vec<Fixture> {
    fixtures().into_iter().filter(|vector| vector.is_bad() && vector.opens.is_none()).collect()
}

/// With one of the fixtures as the vault, and nothing to unlock it
pub(crate) fn sandbox_of(file: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::copy(fixture("sealed").join(file), sandbox.vault()).expect("the fixture is there");
    restrict(&sandbox.vault());
    sandbox
}

/// A sealed vault with the account `alice` of the vector `plain`
pub(crate) fn alice() -> Sandbox {
    VaultKind::Sealed.sandbox_with_accounts(&[("alice", "plain")])
}

/// Opens with the SSH key alone
#[track_caller]
pub(crate) fn opens_with_ssh(sandbox: &Sandbox, opens: bool) {
    let code = sandbox.mfa(["code", "alice"]).env("MFA_IDENTITY", fixture("sealed/ssh-key")).run();
    if opens {
        code.exits(0).prints("713653\n").in_silence();
    } else {
        code.exits(6).prints("");
    }
}

impl Run {
    /// Without what the sandbox unlocks with
    pub(crate) fn locked(self) -> Self {
        self.unset("MFA_IDENTITY")
    }
}
