//! The kinds of vault, for tests that run with each of them.

use std::path::Path;

use super::fixtures::{fixture, public_key};
use super::run::Run;
use super::sandbox::{Sandbox, vault_toml};

/// How a vault stores its secrets: plain, or encrypted for a private key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VaultKind {
    Plain,
    /// Encrypted, and unlocked by a private key.
    Encrypted,
    /// Encrypted with the names.
    HiddenNames,
}

/// The variable that makes a sandbox hide names. `mfa` does not read it.
const HIDE_NAMES: &str = "MFA_TEST_HIDE_NAMES";

/// Makes a test of each function for each kind: `full_disk::encrypted::full_disk_is_an_error_and_changes_nothing`
macro_rules! over_both {
    ($($test:ident),+ $(,)?) => {
        mod plain {
            $(#[test] fn $test() { super::$test($crate::harness::VaultKind::Plain); })+
        }
        mod encrypted {
            $(#[test] fn $test() { super::$test($crate::harness::VaultKind::Encrypted); })+
        }
    };
}
pub(crate) use over_both;

/// Like `over_both`, and with hidden names
macro_rules! over_all {
    ($($test:ident),+ $(,)?) => {
        $crate::harness::over_both![$($test),+];
        mod hidden_names {
            $(#[test] fn $test() { super::$test($crate::harness::VaultKind::HiddenNames); })+
        }
    };
}
pub(crate) use over_all;

impl VaultKind {
    /// Returns a sandbox with an empty encrypted vault, or, if the kind is plain, without a vault.
    pub(crate) fn sandbox(self) -> Sandbox {
        let sandbox = self.sandbox_without_vault();
        sandbox.encrypt_if_needed(&sandbox.vault());
        sandbox
    }

    /// Returns a sandbox with a vault of this text, encrypted afterwards if the kind is encrypted.
    pub(crate) fn sandbox_with(self, text: &str) -> Sandbox {
        let sandbox = self.sandbox_without_vault();
        sandbox.write_vault(text.as_bytes());
        sandbox.encrypt_if_needed(&sandbox.vault());
        sandbox
    }

    /// Returns a sandbox with a vault of these vectors under these names.
    pub(crate) fn sandbox_with_accounts(self, accounts: &[(&str, &str)]) -> Sandbox {
        self.sandbox_with(&vault_toml(accounts))
    }

    /// Returns the name of the field that holds the secret.
    pub(crate) fn secret_field(self) -> &'static str {
        match self {
            Self::Plain => "secret",
            Self::Encrypted | Self::HiddenNames => "sealed",
        }
    }

    /// Returns a sandbox without a vault.
    pub(crate) fn sandbox_without_vault(self) -> Sandbox {
        let sandbox = Sandbox::new();
        match self {
            Self::Plain => sandbox,
            Self::Encrypted => sandbox.with_identity(),
            Self::HiddenNames => sandbox.with_identity().with_variable(HIDE_NAMES, "1"),
        }
    }
}

impl Sandbox {
    /// Adds the identity that unlocks encrypted vaults, in a file that every user may read.
    pub(crate) fn with_identity(self) -> Self {
        let key = std::fs::read(fixture("sealed/age-key.txt")).expect("the fixture is there");
        let identity = self.write("identity", key);
        #[cfg(unix)]
        std::fs::set_permissions(&identity, std::os::unix::fs::PermissionsExt::from_mode(0o644))
            .expect("it is ours");
        self.with_variable("MFA_IDENTITY", identity)
    }

    /// Encrypts the vault at this path if the kind is encrypted, and removes its backup and lock file.
    pub(crate) fn encrypt_if_needed(&self, vault: &Path) {
        if self.is_for_encrypted() {
            self.encrypt().env("MFA_VAULT", vault).run().exits(0);
            for suffix in [".bak", ".lock"] {
                let _ = std::fs::remove_file(vault.with_extension(format!("toml{suffix}")));
            }
        }
    }

    /// Runs `mfa vault encrypt` for the sandbox's key.
    pub(crate) fn encrypt(&self) -> Run {
        let more: &[&str] = if self.has_variable(HIDE_NAMES) { &["--hide-names"] } else { &[] };
        self.mfa([&["vault", "encrypt", "-r", &public_key()], more].concat())
    }
}
