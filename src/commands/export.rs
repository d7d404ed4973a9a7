//! `mfa export`

use std::ffi::OsString;
use std::fmt::Display;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use zeroize::Zeroizing;

use crate::commands::secret_file::{self, Output};
use crate::error::{CommandError, ExitCode, Result};
use crate::formats::Migration;
use crate::formats::export::{self, Export as Text, ExportLimitation};
use crate::otp::{Account, Name};
use crate::qr::Symbol;
use crate::session::Session;
use crate::session::unlock::read_first_line;
use crate::text::shown_path;
use crate::ui;
use crate::vault::{Entry, MatchKind, Vault, contains_folded};

/// Pixels a module of a QR code: ten accounts make a large one
const SCALE: u32 = 4;

/// Write accounts, with their secrets, for another program or for a backup
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// Only these accounts [default: all]
    names: Vec<String>,
    /// Only accounts whose name, issuer or account name holds this
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Only accounts with this tag
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// What to write
    #[arg(short = 'F', long, value_name = "FORMAT", default_value = "json")]
    format: Format,
    /// The file to write, or - for stdout; of several QR codes each gets a number
    #[arg(short, long, value_name = "FILE")]
    output: Option<OsString>,
    /// The password of a format that is encrypted, in this file [default: a prompt]
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// Write the secrets to a terminal or a pipe
    #[arg(long)]
    reveal: bool,
    /// Write over a file that exists
    #[arg(short, long)]
    force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Everything, read back without loss
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
    /// Whether it has a place for the name of an account, beside its label
    fn has_names(self) -> bool {
        matches!(self, Self::Json | Self::Bitwarden | Self::Keepassxc)
    }
}

impl Export {
    pub(super) fn run(&self, session: &mut Session<'_>) -> Result<()> {
        self.refuse_to_reveal(session)?;
        let (accounts, unusable) = self.accounts(session)?;
        if accounts.is_empty() {
            return Err(CommandError::new(ExitCode::NoAccount, "no account to export"));
        }
        let left_out = unusable
            + if self.format == Format::Google {
                self.codes(&accounts, session)?
            } else {
                self.text(&accounts, session)?
            };
        if left_out == 0 {
            return Ok(());
        }
        let message = format!("{left_out} of {} accounts are not in the export", accounts.len() + unusable);
        Err(CommandError::incomplete(message))
    }

    /// Secrets go to a terminal or a pipe only for who asks for it
    fn refuse_to_reveal(&self, session: &Session<'_>) -> Result<()> {
        let shows_codes = self.format == Format::Google && session.ui.stdout_is_terminal();
        if self.file().is_none() && !self.reveal {
            let what = if shows_codes { "shows them" } else { "prints them" };
            return Err(CommandError::usage("an export holds secrets, and nothing says where it goes")
                .hint(format!("-o FILE writes a file that only you can read, --reveal {what}")));
        }
        Ok(())
    }

    /// Those that are wanted, and how many more would be, if they could be used
    fn accounts(&self, session: &mut Session<'_>) -> Result<(Vec<Account>, usize)> {
        let mut vault = session.load()?;
        session.unlock_all(&mut vault)?;
        for (name, problem) in vault.damaged().filter(|_| self.names.is_empty()) {
            let name = crate::text::redact(name);
            session
                .ui
                .warn_skipped(format_args!("not exported: the account '{name}' cannot be used: {problem}"));
        }
        let all = self.names.is_empty();
        let mut entries: Vec<&Entry> =
            if all { vault.entries().collect() } else { self.named(&vault, session)? };
        entries.retain(|entry| self.wants(entry));
        let accounts: Vec<Account> = entries.iter().filter_map(|entry| entry.account()).collect();
        // a damaged one may be wanted too: nobody knows its tags
        let damaged = if all { vault.damaged().count() } else { 0 };
        let unusable = entries.len() - accounts.len() + damaged;
        let has_names = self.format.has_names();
        let labelled = |account: Account| if has_names { account } else { account.with_full_label() };
        Ok((accounts.into_iter().map(labelled).collect(), unusable))
    }

    /// Whether an account has the tags and the text that are asked for
    fn wants(&self, entry: &Entry) -> bool {
        let texts = [entry.name.as_str(), &entry.label.issuer, &entry.label.account_name];
        let holds = |filter: &String| texts.iter().any(|text| contains_folded(text, filter));
        self.tag.iter().all(|tag| entry.tags.contains(tag)) && self.filter.as_ref().is_none_or(holds)
    }

    fn named<'v>(&self, vault: &'v Vault, session: &mut Session<'_>) -> Result<Vec<&'v Entry>> {
        let mut entries: Vec<&Entry> = Vec::new();
        for name in &self.names {
            let entry = session.entry(vault, name, MatchKind::Unique)?;
            if entry.account().is_none() {
                let message = format!("the secret of '{}' does not open", entry.name);
                return Err(CommandError::failed(message));
            }
            if !entries.iter().any(|other| other.name == entry.name) {
                entries.push(entry);
            }
        }
        Ok(entries)
    }

    /// How many accounts are not in it
    fn text(&self, accounts: &[Account], session: &mut Session<'_>) -> Result<usize> {
        let Text { text, left_out, reduced } = match self.format {
            Format::Json | Format::Google => export::to_json(accounts),
            Format::Uri => export::to_uri_list(accounts),
            Format::Aegis => Text::aegis(accounts),
            Format::AegisEncrypted => Text::aegis_encrypted(accounts, &self.password(session)?),
            Format::TwoFas => Text::two_fas(accounts, Session::clock(None)?.now()?),
            Format::Bitwarden => Text::bitwarden(accounts),
            Format::Keepassxc => export::to_keepassxc_csv(accounts),
        };
        warn_of(&reduced, &left_out, session);
        if left_out.len() < accounts.len() {
            self.deliver(text.as_bytes(), None, session)?;
        }
        Ok(left_out.len())
    }

    fn codes(&self, accounts: &[Account], session: &mut Session<'_>) -> Result<usize> {
        let Migration { uris, left_out, reduced } =
            Migration::from_accounts(accounts, crate::vault::crypto::random_id());
        warn_of(&reduced, &left_out, session);
        match self.file() {
            Some(output) => self.pictures(output, &uris, session)?,
            None if self.output.is_none() && session.ui.stdout_is_terminal() => show(&uris)?,
            None => uris.iter().try_for_each(|uri| session.ui.stdout_line(uri))?,
        }
        Ok(left_out.len())
    }

    /// Writes the codes, each into its file: all of them or, where one cannot be, none
    fn pictures(&self, output: &Path, uris: &[Zeroizing<String>], session: &mut Session<'_>) -> Result<()> {
        let symbols = uris.iter().map(|uri| Symbol::encode(uri)).collect::<Result<Vec<_>, _>>()?;
        let number_of = |number| (symbols.len() > 1).then_some(number);
        for number in 1..=symbols.len() {
            let path = numbered(output, number_of(number));
            secret_file::check_overwrite(&Output { path: &path, force: self.force }, session.vault)?;
        }
        for (number, symbol) in (1..).zip(&symbols) {
            self.deliver(&symbol.png(SCALE), number_of(number), session)?;
        }
        Ok(())
    }

    /// The file that is named; none for stdout
    fn file(&self) -> Option<&Path> {
        self.output.as_deref().filter(|output| *output != "-").map(Path::new)
    }

    fn deliver(&self, bytes: &[u8], number: Option<usize>, session: &mut Session<'_>) -> Result<()> {
        match self.file() {
            None => Ok(session.ui.stdout(bytes)?),
            Some(output) => {
                let path = numbered(output, number);
                secret_file::write(&Output { path: &path, force: self.force }, bytes, session.vault)?;
                let path = shown_path(&path);
                let who = if self.format == Format::AegisEncrypted {
                    "who knows the password"
                } else {
                    "whoever reads it"
                };
                session.ui.warn(format_args!("'{path}' holds secrets: {who} can make your codes"), None);
                Ok(())
            }
        }
    }

    fn password(&self, session: &mut Session<'_>) -> Result<Zeroizing<String>> {
        let password = match &self.password_file {
            Some(file) => read_first_line(file)?,
            None => crate::session::unlock::prompt_twice(
                "password of the export",
                "--password-file FILE",
                session,
            )?,
        };
        if password.is_empty() {
            return Err(CommandError::usage("the password is empty"));
        }
        Ok(password)
    }
}

/// Shows the codes on a terminal, one after the other
fn show(uris: &[Zeroizing<String>]) -> Result<()> {
    for (number, uri) in (1..).zip(uris) {
        let symbol = Symbol::encode(uri)?;
        let caption = format!("any key goes on; code {number} of {}", uris.len());
        ui::show_qr_code(&symbol.half_blocks(), &caption)?;
    }
    Ok(())
}

/// Names what the other program does not get
fn warn_of(
    reduced: &[(Name, ExportLimitation)],
    left_out: &[(Name, impl Display)],
    session: &mut Session<'_>,
) {
    for (name, lost) in reduced {
        session.ui.warn(format_args!("'{name}': {lost}"), None);
    }
    for (name, why) in left_out {
        session.ui.warn_skipped(format_args!("not exported: '{name}': {why}"));
    }
}

/// `codes.png` and 2 give `codes-2.png`
fn numbered(path: &Path, number: Option<usize>) -> PathBuf {
    let Some(number) = number else { return path.to_owned() };
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(format!("-{number}"));
    if let Some(ending) = path.extension() {
        name.push(".");
        name.push(ending);
    }
    path.with_file_name(name)
}
