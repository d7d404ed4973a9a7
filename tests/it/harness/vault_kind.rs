//! The kinds of vault that the same promises hold for.

use std::path::Path;

use super::fixtures::{fixture, public_key};
use super::run::Run;
use super::sandbox::{Sandbox, vault_of};

/// How a vault keeps its secrets
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VaultKind {
    Plain,
    /// Sealed, and unlocked by a private key
    Sealed,
}

/// Makes a test of each function over each kind: `full_disk::sealed::a_full_disk_is_a_clear_error`
macro_rules! over_both {
    ($($test:ident),+ $(,)?) => {
        mod plain {
            $(#[test] fn $test() { super::$test($crate::harness::VaultKind::Plain); })+
        }
        mod sealed {
            $(#[test] fn $test() { super::$test($crate::harness::VaultKind::Sealed); })+
        }
    };
}
pub(crate) use over_both;

impl VaultKind {
    /// With an empty vault, or, where it is a plain one, with none
    pub(crate) fn sandbox(self) -> Sandbox {
        let sandbox = self.bare();
        sandbox.begin(&sandbox.vault());
        sandbox
    }

    /// With a vault that had this text before it was sealed
    pub(crate) fn sandbox_with(self, text: &str) -> Sandbox {
        let sandbox = self.bare();
        sandbox.write_vault(text.as_bytes());
        sandbox.begin(&sandbox.vault());
        sandbox
    }

    /// With a vault of these vectors under these names
    pub(crate) fn sandbox_with_accounts(self, accounts: &[(&str, &str)]) -> Sandbox {
        self.sandbox_with(&vault_of(accounts))
    }

    /// The field that has the secret
    pub(crate) fn field(self) -> &'static str {
        match self {
            Self::Plain => "secret",
            Self::Sealed => "sealed",
        }
    }

    /// With no vault
    pub(crate) fn bare(self) -> Sandbox {
        let sandbox = Sandbox::new();
        match self {
            Self::Plain => sandbox,
            Self::Sealed => sandbox.with_identity(),
        }
    }
}

impl Sandbox {
    /// With what unlocks a sealed vault: a file that every user may read
    pub(crate) fn with_identity(self) -> Self {
        let key = std::fs::read(fixture("sealed/age-key.txt")).expect("the fixture is there");
        let identity = self.write("identity", key);
        #[cfg(unix)]
        std::fs::set_permissions(&identity, std::os::unix::fs::PermissionsExt::from_mode(0o644))
            .expect("it is ours");
        self.with_variable("MFA_IDENTITY", identity)
    }

    /// Seals the vault at this path, if the sandbox is for sealed ones, and takes away what that leaves beside it
    pub(crate) fn begin(&self, vault: &Path) {
        if self.seals() {
            self.encrypt().env("MFA_VAULT", vault).run().exits(0);
            for suffix in [".bak", ".lock"] {
                let _ = std::fs::remove_file(vault.with_extension(format!("toml{suffix}")));
            }
        }
    }

    /// `mfa encrypt` for the key of the sandbox
    pub(crate) fn encrypt(&self) -> Run {
        self.mfa(["encrypt", "-r", &public_key()])
    }

    /// As `encrypt`, the names too
    pub(crate) fn encrypt_as_a_whole(&self) -> Run {
        self.mfa(["encrypt", "--opaque", "-r", &public_key()])
    }
}
