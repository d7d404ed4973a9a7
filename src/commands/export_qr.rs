//! `mfa export-qr`

use std::ffi::OsString;
use std::path::Path;

use clap::{Args, ValueEnum};

use crate::commands::secret_file::{self, Output};
use crate::error::{CommandError, Context as _, Result};
use crate::formats::export::ExportLimitation;
use crate::qr::Symbol;
use crate::session::Session;
use crate::ui;
use crate::vault::MatchKind;

/// Write or show the enrolment QR code of an account
#[derive(Debug, Args)]
pub(crate) struct ExportQr {
    /// The account's name, exactly, or the ARN of an MFA device
    name: String,
    /// The file to write, or - for stdout [default: the terminal]
    #[arg(short, long, value_name = "FILE")]
    output: Option<OsString>,
    /// What to make [default: after the file's ending, else png]
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<Kind>,
    /// Pixels a module
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=32))]
    scale: u32,
    /// Write over a file that exists
    #[arg(short, long)]
    force: bool,
    /// Show the code without asking
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
            .with_context(|| format!("could not make a QR code of '{}'", self.name))?;
        if account.label.has_ambiguous_colon() {
            session.ui.warn(format_args!("'{}': {}", account.name, ExportLimitation::Colon), None);
        }
        match self.output.as_deref() {
            None => self.show(&symbol, session),
            Some(output) if output == "-" => self.print(&symbol, session),
            Some(output) => self.write(&symbol, Path::new(output), session),
        }
    }

    /// On the alternate screen, so that nothing stays in the scrollback
    fn show(&self, symbol: &Symbol, session: &mut Session<'_>) -> Result<()> {
        let asks_for_terminal = matches!(self.kind, None | Some(Kind::Terminal));
        if !session.ui.stdout_is_terminal() || !asks_for_terminal {
            return Err(CommandError::usage("nothing says where the QR code goes, and it holds the secret")
                .hint("-o FILE writes a file that only you can read, -o - writes to stdout"));
        }
        let question = "the QR code shows the secret to everybody who sees this screen; show it?";
        if self.yes || session.ui.confirm(question, "-y shows it without asking")? {
            ui::show_qr_code(&symbol.half_blocks(), &format!("any key closes it; {}", self.name))?;
        } else {
            session.ui.status("not shown");
        }
        Ok(())
    }

    fn print(&self, symbol: &Symbol, session: &mut Session<'_>) -> Result<()> {
        let kind = self.kind.unwrap_or(Kind::Png);
        if kind == Kind::Png && session.ui.stdout_is_terminal() {
            return Err(
                CommandError::usage("a PNG does not go to a terminal").hint("-o FILE writes it to a file")
            );
        }
        Ok(session.ui.stdout(&self.render(symbol, kind))?)
    }

    fn write(&self, symbol: &Symbol, path: &Path, session: &mut Session<'_>) -> Result<()> {
        let kind = self.kind.unwrap_or_else(|| Kind::of_ending(path));
        let shown = crate::text::shown_path(path);
        secret_file::write(&Output { path, force: self.force }, &self.render(symbol, kind), session.vault)?;
        session
            .ui
            .warn(format_args!("'{shown}' holds the secret: whoever reads it can make your codes"), None);
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
    fn of_ending(path: &Path) -> Self {
        match path.extension() {
            Some(ending) if ending.eq_ignore_ascii_case("svg") => Self::Svg,
            Some(ending) if ending.eq_ignore_ascii_case("txt") => Self::Terminal,
            _ => Self::Png,
        }
    }
}
