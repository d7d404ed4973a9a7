//! Reads the accounts out of files: decrypts encrypted ones, and joins QR codes that belong together.

use zeroize::Zeroizing;

use super::args::Import;
use crate::error::{CommandError, ExitCode, Result};
use crate::formats::{self, Encrypted, FormatError, ParsedFile, Recognised};
use crate::session::Session;
use crate::session::unlock::read_password;
use crate::source::{Export, Source, SourceError};

/// Attempts at a prompt
const ATTEMPTS: usize = 3;

impl Import {
    pub(super) fn read(&self, sources: &[Source], session: &mut Session<'_>) -> Result<Vec<ParsedFile>> {
        let mut files = Vec::new();
        let mut codes = Zeroizing::new(String::new());
        let mut code_sources = Vec::new();
        for source in sources {
            match source.recognise()? {
                Export::File(Recognised::Plain(plain)) => files.push(plain),
                Export::File(Recognised::Encrypted(file)) => {
                    files.push(self.decrypt(source, &file, session)?);
                }
                Export::Codes(lines) => {
                    codes.push_str(&lines);
                    codes.push('\n');
                    code_sources.push(source.name());
                }
            }
        }
        if !code_sources.is_empty() {
            files.push(parse_codes(&codes, code_sources.join(", "))?);
        }
        Ok(files)
    }

    fn decrypt(&self, source: &Source, file: &Encrypted, session: &mut Session<'_>) -> Result<ParsedFile> {
        if let Some(password_file) = &self.password_file {
            let opened = file.open(&read_password(password_file)?);
            return opened.map_err(|error| format_error(source, error));
        }
        let question = format!("password of {} ({})", source.name(), file.app);
        let mut attempt = 1;
        loop {
            let password = session.ui.ask_hidden(&question, "use --password-file FILE")?;
            match file.open(&password) {
                Err(FormatError::WrongPassword | FormatError::WrongPasswordOrDamaged)
                    if attempt < ATTEMPTS =>
                {
                    session.ui.status("wrong password");
                }
                opened => return opened.map_err(|error| format_error(source, error)),
            }
            attempt += 1;
        }
    }
}

/// Converts an error, with exit code 6 for a wrong password.
fn format_error(source: &Source, error: FormatError) -> CommandError {
    match error {
        FormatError::WrongPassword => {
            CommandError::new(ExitCode::Locked, format!("wrong password for {}", source.name()))
        }
        error => SourceError::Format { name: source.name(), error }.into(),
    }
}

fn parse_codes(codes: &str, name: String) -> Result<ParsedFile> {
    match formats::recognise(codes.as_bytes()) {
        Ok(Recognised::Plain(file)) => Ok(file),
        Ok(Recognised::Encrypted(_)) => {
            Err(SourceError::Format { name, error: FormatError::UnknownFile }.into())
        }
        Err(error) => Err(SourceError::Format { name, error }.into()),
    }
}
