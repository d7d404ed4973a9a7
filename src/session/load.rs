//! Reads the vault, without its secrets if they are encrypted.

use crate::error::{CommandError, Result};
use crate::session::Session;
use crate::text::{argument, redact, shown_path};
use crate::vault::crypto::VaultHeader;
use crate::vault::{FileError, Loaded, Vault};

impl Session<'_> {
    /// Reads the vault, with the names of its accounts. Warns if other users can read the file.
    ///
    /// # Errors
    /// A vault that cannot be read, or that is not the one that this machine expects.
    pub(crate) fn load(&mut self) -> Result<Vault> {
        let file = self.vault;
        let loaded = self.load_expected(|| file.load())?;
        self.reveal(loaded)
    }

    /// Reads the vault like `load`, but leaves hidden names hidden: needs no key.
    ///
    /// # Errors
    /// The errors of `load`, but for those of a locked vault.
    pub(crate) fn load_locked(&mut self) -> Result<Vault> {
        let file = self.vault;
        let loaded = self.load_expected(|| file.load())?;
        Ok(self.accept(loaded))
    }

    /// Reads the vault like `load`, or only the account with this name.
    pub(super) fn load_account(&mut self, name: &str) -> Result<Vault> {
        let file = self.vault;
        let loaded = self.load_expected(|| file.load_account(name))?;
        self.reveal(loaded)
    }

    /// Reads the vault like `load`, also one that this machine does not expect.
    pub(crate) fn load_untrusted(&mut self) -> Result<Vault> {
        let loaded = self.vault.load()?;
        self.reveal(loaded)
    }

    /// Reads again if the vault is not the expected one: another process may have changed it since it was read.
    fn load_expected(&mut self, load: impl Fn() -> Result<Loaded, FileError>) -> Result<Loaded> {
        let mut loaded = load()?;
        if self.check_locked(&loaded.vault).is_some() {
            loaded = load()?;
            if let Some(error) = self.check_locked(&loaded.vault) {
                return Err(error.into());
            }
        }
        Ok(loaded)
    }

    /// Returns why the vault is not the expected one, as far as that shows without its key.
    fn check_locked(&mut self, vault: &Vault) -> Option<FileError> {
        match self.vault.check_locked(vault) {
            Ok(reason) => reason.map(|reason| self.vault.untrusted(reason)),
            Err(error) => {
                // an encrypted vault is checked again once it is unlocked
                if !vault.is_encrypted() {
                    self.warn_about_file(&error);
                }
                None
            }
        }
    }

    /// Returns the vault that was read. Warns if other users can read the file.
    fn accept(&mut self, loaded: Loaded) -> Vault {
        if loaded.readable_by_others {
            let path = shown_path(self.vault.path());
            self.ui.warn(
                format_args!("others can read the vault '{path}'"),
                Some(&format!("chmod 600 {}", argument(&path))),
            );
        }
        loaded.vault
    }

    fn reveal(&mut self, loaded: Loaded) -> Result<Vault> {
        let mut vault = self.accept(loaded);
        if let Some(header) = vault.header().filter(|header| header.hides_names).cloned() {
            vault.reveal_names(&self.data_key(&header)?);
        }
        Ok(vault)
    }

    pub(super) fn warn_about_file(&mut self, error: &FileError) {
        let hint = error.hint();
        self.ui.warn(error, hint.as_deref());
    }

    /// Returns the header of the encrypted vault.
    ///
    /// # Errors
    /// The vault cannot be read, or is not encrypted.
    pub(crate) fn encrypted_header(&mut self) -> Result<VaultHeader> {
        let header = self.load_locked()?.header().cloned();
        header.ok_or_else(|| CommandError::failed("the vault is not encrypted").hint("mfa vault encrypt"))
    }

    /// Warns about each record that cannot be read as an account. `unlock_all` has warned about the others.
    pub(crate) fn warn_about_damaged(&mut self, vault: &Vault) {
        for (name, problem) in vault.damaged().filter(|(_, problem)| !problem.is_about_encryption()) {
            self.ui.warn(format_args!("the account '{}' cannot be used: {problem}", redact(name)), None);
        }
    }
}
