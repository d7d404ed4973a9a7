//! Writes an export to its file or to stdout, and warns about it.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use super::args::{Export, Format};
use crate::commands::secret_file::{self, Output};
use crate::error::Result;
use crate::formats::export::ExportLimitation;
use crate::otp::Name;
use crate::session::Session;
use crate::text::shown_path;

impl Export {
    /// Returns the output file, or `None` for stdout.
    pub(super) fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|output| *output != "-").map(Path::new)
    }

    /// Writes to stdout, or to the output file with this number in its name.
    pub(super) fn write(&self, bytes: &[u8], number: Option<usize>, session: &mut Session<'_>) -> Result<()> {
        let Some(output) = self.file() else { return Ok(session.ui.stdout(bytes)?) };
        let path = numbered(output, number);
        secret_file::write(&Output { path: &path, force: self.force }, bytes, session.vault)?;
        let path = shown_path(&path);
        let reader = if self.format == Format::AegisEncrypted { "knows the password" } else { "reads it" };
        session
            .ui
            .warn(format_args!("'{path}' holds secrets: anyone who {reader} can generate your codes"), None);
        Ok(())
    }
}

/// Warns about each account that the other program gets in part or not at all.
pub(super) fn warn_about_losses(
    reduced: &[(Name, ExportLimitation)],
    skipped: &[(Name, impl Display)],
    session: &mut Session<'_>,
) {
    for (name, loss) in reduced {
        session.ui.warn(format_args!("'{name}': {loss}"), None);
    }
    for (name, reason) in skipped {
        session.ui.warn_skipped(format_args!("not exported: '{name}': {reason}"));
    }
}

/// Returns `codes-2.png` for `codes.png` and 2, and the path itself without a number.
pub(super) fn numbered(path: &Path, number: Option<usize>) -> PathBuf {
    let Some(number) = number else { return path.to_owned() };
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}
