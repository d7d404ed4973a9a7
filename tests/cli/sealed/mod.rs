//! Encrypted vaults: what opens them, what they tell without, and what happens to one that was tampered with.
//!
//! A private key unlocks most of them here, since a passphrase costs half a second each time; where a passphrase
//! matters, the vaults of `fixtures/sealed` have a cheap one.

#[cfg(target_os = "linux")]
mod caching;
mod decrypting;
mod encrypting;
#[cfg(target_os = "linux")]
mod key_store;
mod left_over;
#[cfg(target_os = "linux")]
mod network;
mod opaque;
mod slots;
mod surroundings;
mod tampering;
mod unlocking;

use serde::Deserialize;

use crate::kind::Kind;
use crate::sandbox::{Run, Sandbox, restrict};
use crate::vectors::fixture;

/// The command that prints a file, in the shell of the system
const CAT: &str = if cfg!(windows) { "type" } else { "cat" };

/// A vault of `fixtures/sealed`, and what is expected of it
#[derive(Debug, Clone, Deserialize)]
struct Fixture {
    file: String,
    passphrase: String,
    #[serde(default)]
    findings: Vec<String>,
    /// Why no slot opens
    opens: Option<String>,
    #[serde(default)]
    does_not_open: Vec<String>,
}

fn fixtures() -> Vec<Fixture> {
    let text = std::fs::read_to_string(fixture("sealed/vectors.json")).expect("the fixture is there");
    serde_json::from_str(&text).expect("the fixture is JSON")
}

impl Fixture {
    fn is_bad(&self) -> bool {
        self.file.starts_with("bad-")
    }

    /// With this vault and the file `passphrase`, which is named by a variable
    fn sandbox(&self) -> Sandbox {
        let sandbox = sandbox_of(&self.file);
        let passphrase = sandbox.write("passphrase", &self.passphrase);
        sandbox.with_variable("MFA_PASSPHRASE_FILE", passphrase)
    }
}

/// With one of the fixtures as the vault, and nothing to unlock it
fn sandbox_of(file: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    std::fs::copy(fixture("sealed").join(file), sandbox.vault()).expect("the fixture is there");
    restrict(&sandbox.vault());
    sandbox
}

/// A sealed vault with the account `alice` of the vector `plain`
fn alice() -> Sandbox {
    Kind::Sealed.sandbox_with_accounts(&[("alice", "plain")])
}

impl Run {
    /// Without what the sandbox unlocks with
    fn locked(self) -> Self {
        self.unset("MFA_IDENTITY")
    }
}
