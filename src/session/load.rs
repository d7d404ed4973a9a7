//! Reads the vault, without its secrets if they are encrypted.

use crate::error::{CommandError, Result};
use crate::session::Session;
use crate::text::{argument, redact, shown_path};
use crate::vault::crypto::VaultHeader;
use crate::vault::{Loaded, Vault};

impl Session<'_> {
    /// Reads the vault. Warns if other users can read the file.
    pub(crate) fn load(&mut self) -> Result<Vault> {
        Ok(self.loaded(self.vault.load()?))
    }

    /// Returns the vault that was read. Warns if other users can read the file.
    pub(super) fn loaded(&mut self, loaded: Loaded) -> Vault {
        if loaded.readable_by_others {
            let path = shown_path(self.vault.path());
            self.ui.warn(
                format_args!("others can read the vault '{path}'"),
                Some(&format!("chmod 600 {}", argument(&path))),
            );
        }
        loaded.vault
    }

    /// Returns the header of the encrypted vault.
    ///
    /// # Errors
    /// The vault cannot be read, or is not encrypted.
    pub(crate) fn encrypted_header(&mut self) -> Result<VaultHeader> {
        let header = self.load()?.header().cloned();
        header.ok_or_else(|| CommandError::failed("the vault is not encrypted").hint("mfa vault encrypt"))
    }

    /// Warns about each record that cannot be read as an account.
    pub(crate) fn warn_about_damaged(&mut self, vault: &Vault) {
        for (name, problem) in vault.damaged() {
            self.ui.warn(format_args!("the account '{}' cannot be used: {problem}", redact(name)), None);
        }
    }
}
