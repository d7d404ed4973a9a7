//! Files to accounts: what is encrypted is opened, and codes that belong together are put together.

use zeroize::Zeroizing;

use crate::commands::import::Import;
use crate::error::{CommandError, ExitCode, Result};
use crate::formats::{self, Encrypted, FormatError, ParsedFile, Recognised};
use crate::session::Session;
use crate::session::unlock::read_first_line;
use crate::source::{Export, Source, SourceError};

/// How often a password may be typed
const ATTEMPTS: usize = 3;

impl Import {
    pub(super) fn read(&self, sources: &[Source], session: &mut Session<'_>) -> Result<Vec<ParsedFile>> {
        let mut contents = Vec::new();
        let mut codes = Zeroizing::new(String::new());
        let mut told_by = Vec::new();
        for source in sources {
            match source.recognise()? {
                Export::File(Recognised::Plain(plain)) => contents.push(plain),
                Export::File(Recognised::Encrypted(file)) => {
                    contents.push(self.open(source, &file, session)?);
                }
                Export::Codes(lines) => {
                    codes.push_str(&lines);
                    codes.push('\n');
                    told_by.push(source.name());
                }
            }
        }
        if !told_by.is_empty() {
            contents.push(read_codes(&codes, told_by.join(", "))?);
        }
        Ok(contents)
    }

    fn open(&self, source: &Source, file: &Encrypted, session: &mut Session<'_>) -> Result<ParsedFile> {
        let format_error = |error| SourceError::Format { name: source.name(), error };
        if let Some(password_file) = &self.password_file {
            return file.open(&read_first_line(password_file)?).map_err(|error| refused(source, error));
        }
        let question = format!("password of {} ({})", source.name(), file.app);
        for _ in 1..ATTEMPTS {
            let password = session.ui.ask_hidden(&question, "--password-file FILE")?;
            match file.open(&password) {
                Err(FormatError::WrongPassword | FormatError::WrongPasswordOrDamaged) => {
                    session.ui.status("the password is wrong");
                }
                opened => return Ok(opened.map_err(format_error)?),
            }
        }
        let password = session.ui.ask_hidden(&question, "--password-file FILE")?;
        file.open(&password).map_err(|error| refused(source, error))
    }
}

/// A wrong password has an exit code of its own
fn refused(source: &Source, error: FormatError) -> CommandError {
    match error {
        FormatError::WrongPassword => {
            CommandError::new(ExitCode::Locked, format!("the password of {} is wrong", source.name()))
        }
        error => SourceError::Format { name: source.name(), error }.into(),
    }
}

fn read_codes(codes: &str, name: String) -> Result<ParsedFile> {
    match formats::recognise(codes.as_bytes()) {
        Ok(Recognised::Plain(contents)) => Ok(contents),
        Ok(Recognised::Encrypted(_)) => {
            Err(SourceError::Format { name, error: FormatError::UnknownFile }.into())
        }
        Err(error) => Err(SourceError::Format { name, error }.into()),
    }
}
