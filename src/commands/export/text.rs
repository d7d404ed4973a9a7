//! Exports accounts as a text: JSON, CSV or URIs.

use zeroize::Zeroizing;

use super::args::{Export, Format};
use super::output::warn_about_losses;
use crate::error::{CommandError, Result};
use crate::formats::export::{self, Export as ExportedText};
use crate::otp::Account;
use crate::session::Session;
use crate::session::unlock::{prompt_twice, read_password};

impl Export {
    /// Writes the accounts, and returns the number of those that the format cannot hold.
    pub(super) fn export_text(&self, accounts: &[Account], session: &mut Session<'_>) -> Result<usize> {
        let ExportedText { text, left_out, reduced } = match self.format {
            Format::Json | Format::Google => export::to_json(accounts),
            Format::Uri => export::to_uri_list(accounts),
            Format::Aegis => ExportedText::aegis(accounts),
            Format::AegisEncrypted => ExportedText::aegis_encrypted(accounts, &self.password(session)?),
            Format::TwoFas => ExportedText::two_fas(accounts, Session::clock(None)?.now()?),
            Format::Bitwarden => ExportedText::bitwarden(accounts),
            Format::Keepassxc => export::to_keepassxc_csv(accounts),
        };
        warn_about_losses(&reduced, &left_out, session);
        if left_out.len() < accounts.len() {
            self.write(text.as_bytes(), None, session)?;
        }
        Ok(left_out.len())
    }

    fn password(&self, session: &mut Session<'_>) -> Result<Zeroizing<String>> {
        let password = match &self.password_file {
            Some(file) => read_password(file)?,
            None => prompt_twice("password of the export", "use --password-file FILE", session)?,
        };
        if password.is_empty() {
            return Err(CommandError::usage("the password is empty"));
        }
        Ok(password)
    }
}
