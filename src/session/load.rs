//! Reads the vault, without its secrets if they are encrypted.

use crate::error::{CommandError, Result};
use crate::session::Session;
use crate::text::{argument, redact, shown_path};
use crate::vault::crypto::VaultHeader;
use crate::vault::{FileError, Loaded, Vault, WholeFileCipher};

impl Session<'_> {
    /// Reads the vault. Warns if other users can read the file.
    pub(crate) fn load(&mut self) -> Result<Vault> {
        let vault = self.vault;
        self.load_with(|cipher| vault.load(cipher))
    }

    pub(super) fn load_with(
        &mut self,
        load: impl Fn(Option<&WholeFileCipher>) -> Result<Loaded, FileError>,
    ) -> Result<Vault> {
        let loaded = match load(self.cipher.as_ref()) {
            Err(FileError::NeedsWholeFileKey { .. }) => {
                self.unlock_whole_file()?;
                load(self.cipher.as_ref())?
            }
            loaded => loaded?,
        };
        if loaded.readable_by_others {
            let path = shown_path(self.vault.path());
            self.ui.warn(
                format_args!("others can read the vault '{path}'"),
                Some(&format!("chmod 600 {}", argument(&path))),
            );
        }
        Ok(loaded.vault)
    }

    /// Returns the header of the encrypted vault, or `None` if the file is encrypted as a whole and unlocked.
    ///
    /// # Errors
    /// The vault cannot be read, or is not encrypted.
    pub(crate) fn encrypted_header(&mut self) -> Result<Option<VaultHeader>> {
        let header = self.load()?.header().cloned();
        if header.is_none() && self.cipher.is_none() {
            return Err(CommandError::failed("the vault is not encrypted").hint("mfa encrypt"));
        }
        Ok(header)
    }

    /// Warns about each record that cannot be read as an account.
    pub(crate) fn warn_about_damaged(&mut self, vault: &Vault) {
        for (name, problem) in vault.damaged() {
            self.ui.warn(format_args!("the account '{}' cannot be used: {problem}", redact(name)), None);
        }
    }
}
