//! `mfa export-qr`

use std::ffi::OsString;
use std::path::Path;

use clap::{Args, ValueEnum};

use crate::commands::secret_file::{self, Output};
use crate::error::{CommandError, Context as _, Result};
use crate::formats::export::ExportLimitation;
use crate::qr::Symbol;
use crate::session::Session;
use crate::text::shown_path;
use crate::ui;
use crate::vault::MatchKind;

/// Write or show the enrolment QR code of an account
#[derive(Debug, Args)]
pub(crate) struct ExportQr {
    /// Exact name of the account, or the ARN of an MFA device
    name: String,
    /// Write to this file, or - for stdout [default: the terminal]
    #[arg(short, long, value_name = "FILE")]
    output: Option<OsString>,
    /// Output type [default: by the file's extension, else png]
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<Kind>,
    /// Pixels of a QR module
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=32))]
    scale: u32,
    /// Overwrite an existing file
    #[arg(short, long)]
    force: bool,
    /// Show the code without asking for confirmation
    #[arg(short, long)]
    yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    Png,
    Svg,
    Terminal,
}

impl ExportQr {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        let account = session.find(&self.name, MatchKind::Exact)?.with_full_label();
        let symbol = Symbol::encode(&account.to_uri())
            .with_context(|| format!("could not create a QR code for '{}'", self.name))?;
        if account.label.has_ambiguous_colon() {
            session.ui.warn(format_args!("'{}': {}", account.name, ExportLimitation::Colon), None);
        }
        match self.output.as_deref() {
            None => self.show(&symbol, session),
            Some(output) if output == "-" => self.print(&symbol, session),
            Some(output) => self.write(&symbol, Path::new(output), session),
        }
    }

    /// Shows the code on the alternate screen, so that the scrollback does not keep it.
    fn show(&self, symbol: &Symbol, session: &mut Session<'_>) -> Result<()> {
        let is_for_terminal = matches!(self.kind, None | Some(Kind::Terminal));
        if !session.ui.stdout_is_terminal() || !is_for_terminal {
            return Err(CommandError::usage("no output given; the QR code contains the secret")
                .hint("write a file that only you can read with -o FILE, or to stdout with -o -"));
        }
        let question = "the QR code shows the secret to anyone who can see this screen; show it?";
        if self.yes || session.ui.confirm(question, "confirm with -y")? {
            ui::show_qr_code(&symbol.half_blocks(), &format!("{}; press any key to close", self.name))?;
        } else {
            session.ui.status("not shown");
        }
        Ok(())
    }

    fn print(&self, symbol: &Symbol, session: &mut Session<'_>) -> Result<()> {
        let kind = self.kind.unwrap_or(Kind::Png);
        if kind == Kind::Png && session.ui.stdout_is_terminal() {
            return Err(
                CommandError::usage("cannot write a PNG to a terminal").hint("write a file with -o FILE")
            );
        }
        Ok(session.ui.stdout(&self.render(symbol, kind))?)
    }

    fn write(&self, symbol: &Symbol, path: &Path, session: &mut Session<'_>) -> Result<()> {
        let kind = self.kind.unwrap_or_else(|| Kind::from_extension(path));
        secret_file::write(&Output { path, force: self.force }, &self.render(symbol, kind), session.vault)?;
        let path = shown_path(path);
        session.ui.warn(
            format_args!("'{path}' holds the secret: anyone who reads it can generate your codes"),
            None,
        );
        Ok(())
    }

    fn render(&self, symbol: &Symbol, kind: Kind) -> Vec<u8> {
        match kind {
            Kind::Png => symbol.png(self.scale),
            Kind::Svg => symbol.svg(self.scale).into_bytes(),
            Kind::Terminal => symbol.half_blocks().into_bytes(),
        }
    }
}

impl Kind {
    fn from_extension(path: &Path) -> Self {
        match path.extension() {
            Some(extension) if extension.eq_ignore_ascii_case("svg") => Self::Svg,
            Some(extension) if extension.eq_ignore_ascii_case("txt") => Self::Terminal,
            _ => Self::Png,
        }
    }
}
