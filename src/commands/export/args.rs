//! The arguments of `mfa export`, and the order of its steps.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::commands::account_json::format_count;
use crate::error::{CommandError, ExitCode, Result};
use crate::session::Session;

/// Write accounts with their secrets, for other programs
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Only these accounts [default: all]
    pub(super) names: Vec<String>,
    /// Only accounts whose name, issuer or account name contains this
    #[arg(long, value_name = "TEXT")]
    pub(super) filter: Option<String>,
    /// Only accounts with this tag (repeatable)
    #[arg(long, value_name = "TAG")]
    pub(super) tag: Vec<String>,
    /// Output format
    #[arg(short = 'F', long, value_name = "FORMAT", default_value = "json")]
    pub(super) format: Format,
    /// Write to this file, or - for stdout; several QR codes get a number each
    #[arg(short, long, value_name = "FILE")]
    pub(super) output: Option<OsString>,
    /// Read the password of an encrypted format from this file [default: a prompt]
    #[arg(long, value_name = "FILE")]
    pub(super) password_file: Option<PathBuf>,
    /// Write the secrets to a terminal or a pipe
    #[arg(long)]
    pub(super) reveal: bool,
    /// Overwrite an existing file
    #[arg(short, long)]
    pub(super) force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Everything; 'mfa import' reads it back without loss
    Json,
    /// otpauth URIs, one a line
    Uri,
    /// Aegis, as plain text
    Aegis,
    /// Aegis, with a password
    AegisEncrypted,
    /// 2FAS
    #[value(name = "2fas")]
    TwoFas,
    /// Bitwarden's JSON
    Bitwarden,
    /// Google Authenticator: QR codes of ten accounts each
    Google,
    #[value(help = "KeePassXC's CSV")]
    Keepassxc,
}

impl Format {
    /// Returns whether the format has a field for the name of an account, besides its label.
    pub(super) fn has_names(self) -> bool {
        matches!(self, Self::Json | Self::Bitwarden | Self::Keepassxc)
    }
}

impl Export {
    pub(in crate::commands) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        self.require_output(session)?;
        let (accounts, unusable) = self.select(session)?;
        if accounts.is_empty() {
            return Err(CommandError::new(ExitCode::NoAccount, "no account to export"));
        }
        let skipped = unusable
            + if self.format == Format::Google {
                self.export_qr_codes(&accounts, session)?
            } else {
                self.export_text(&accounts, session)?
            };
        if skipped == 0 {
            return Ok(());
        }
        let total = format_count(accounts.len() + unusable);
        Err(CommandError::incomplete(format!("could not export {skipped} of {total}")))
    }

    /// Rejects an export to a terminal or a pipe without `--reveal`.
    fn require_output(&self, session: &Session<'_>) -> Result<()> {
        if self.file().is_some() || self.reveal {
            return Ok(());
        }
        let shows_codes = self.format == Format::Google && session.ui.stdout_is_terminal();
        let reveal = if shows_codes { "show the QR codes" } else { "print the secrets" };
        Err(CommandError::usage("no output given; the export contains secrets")
            .hint(format!("write a file that only you can read with -o FILE, or {reveal} with --reveal")))
    }
}
