//! Exports accounts as the QR codes of Google Authenticator.

use std::path::Path;

use zeroize::Zeroizing;

use super::args::Export;
use super::output::{numbered, warn_about_losses};
use crate::commands::secret_file::{Output, check_overwrite};
use crate::error::Result;
use crate::formats::Migration;
use crate::otp::Account;
use crate::qr::Symbol;
use crate::session::Session;
use crate::ui;
use crate::vault::crypto::random_bytes;

/// Pixels of a QR module: a code of ten accounts is large
const SCALE: u32 = 4;

impl Export {
    /// Writes, shows or prints the codes, and returns the number of accounts that they cannot hold.
    pub(super) fn export_qr_codes(&self, accounts: &[Account], session: &mut Session<'_>) -> Result<usize> {
        let Migration { uris, left_out, reduced } =
            Migration::from_accounts(accounts, i32::from_ne_bytes(random_bytes()));
        warn_about_losses(&reduced, &left_out, session);
        match self.file() {
            Some(output) => self.write_images(output, &uris, session)?,
            None if self.output.is_none() && session.ui.stdout_is_terminal() => show(&uris)?,
            None => uris.iter().try_for_each(|uri| session.ui.stdout_line(uri))?,
        }
        Ok(left_out.len())
    }

    /// Writes each code to its own file. Writes none if one of the files must not be overwritten.
    fn write_images(
        &self,
        output: &Path,
        uris: &[Zeroizing<String>],
        session: &mut Session<'_>,
    ) -> Result<()> {
        let symbols = uris.iter().map(|uri| Symbol::encode(uri)).collect::<Result<Vec<_>, _>>()?;
        let suffix = |number| (symbols.len() > 1).then_some(number);
        for number in 1..=symbols.len() {
            let path = numbered(output, suffix(number));
            check_overwrite(&Output { path: &path, force: self.force }, session.vault)?;
        }
        for (number, symbol) in (1..).zip(&symbols) {
            self.write(&symbol.png(SCALE), suffix(number), session)?;
        }
        Ok(())
    }
}

/// Shows the codes on the terminal, one after the other.
fn show(uris: &[Zeroizing<String>]) -> Result<()> {
    for (number, uri) in (1..).zip(uris) {
        let symbol = Symbol::encode(uri)?;
        let caption = format!("code {number} of {}; press any key to continue", uris.len());
        ui::show_qr_code(&symbol.half_blocks(), &caption)?;
    }
    Ok(())
}
