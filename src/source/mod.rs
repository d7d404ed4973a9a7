//! Where an account can come from: a picture, a URI, a file with a secret key, a pipe, the clipboard, the screen. Content
//! decides, never the name.

mod desktop;

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::desktop::clipboard::ClipboardError;
use crate::desktop::screen::ScreenError;
use crate::error::{CommandError, ExitCode, cause};
use crate::formats::{self, FormatError, Found, Recognised};
use crate::{qr, text};

/// No picture and no list of accounts is larger
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// A source that has yet to be read
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    File(PathBuf),
    Stdin,
    /// A URI among the arguments
    Text(Zeroizing<String>),
    /// What was typed at a prompt
    Typed(Zeroizing<String>),
    /// The text or the picture that was copied last
    Clipboard,
    /// What can be seen of all windows
    Screen,
}

/// What another authenticator has written
pub(crate) enum Export {
    File(Recognised),
    /// What QR codes say, one a line
    Codes(Zeroizing<String>),
}

impl Export {
    fn of_codes(codes: &[qr::Found]) -> Self {
        let lines = codes.iter().flat_map(|code| [code.text.as_str(), "\n"]);
        Self::Codes(Zeroizing::new(lines.collect()))
    }
}

/// Why a source gave no account; names the source, holds nothing of its content but what a foreign QR code says
#[derive(Debug, thiserror::Error)]
pub(crate) enum SourceError {
    #[error("could not read {name}: {}", cause(error))]
    Read { name: String, error: io::Error },
    #[error("{name} is larger than {} MiB", MAX_BYTES >> 20)]
    TooLarge { name: String },
    #[error("no QR code found in {name}")]
    NoCode { name: String },
    #[error("a QR code in {name}, but not an authenticator's: it says {says}")]
    NotAuthenticator { name: String, says: String },
    #[error("could not read {name} as a picture: {error}")]
    Picture { name: String, error: qr::ReadError },
    #[error("{}", describe_format_error(name, error))]
    Format { name: String, error: FormatError },
    #[error("there is neither a text nor a picture in the clipboard")]
    NothingCopied,
    #[error(transparent)]
    Clipboard(#[from] ClipboardError),
    #[error(transparent)]
    Screen(#[from] ScreenError),
}

impl SourceError {
    pub(crate) fn exit(&self) -> ExitCode {
        if let Self::Clipboard(error) = self { error.exit() } else { ExitCode::Failed }
    }

    /// What the user can do about it
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoCode { .. } | Self::Picture { error: qr::ReadError::NoCodeInTime, .. } => {
                Some("show the code larger, or crop closer to it, or use the secret key shown beside it")
            }
            Self::Picture { error: qr::ReadError::TooLarge { .. }, .. } => Some("crop it to the code"),
            Self::Format { error, .. } => error.hint(),
            Self::Clipboard(error) => error.hint(),
            Self::Screen(error) => error.hint(),
            _ => None,
        }
    }
}

impl Source {
    /// What messages call it
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => format!("'{}'", text::shown_path(path)),
            Self::Stdin => "stdin".to_owned(),
            Self::Text(_) => "the URI".to_owned(),
            Self::Typed(_) => "what was typed".to_owned(),
            Self::Clipboard => "the clipboard".to_owned(),
            Self::Screen => "the picture of the screen".to_owned(),
        }
    }

    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Stdin | Self::Text(_) | Self::Typed(_) | Self::Clipboard | Self::Screen => None,
        }
    }

    /// Reads all accounts of the source, at least one.
    ///
    /// # Errors
    /// A source that cannot be read, that holds none, or that holds one that is not understood.
    pub(crate) fn read(&self) -> Result<Vec<Found>, SourceError> {
        match self {
            Self::Text(text) | Self::Typed(text) => {
                formats::read(text).map_err(|error| self.format_error(error))
            }
            Self::File(path) => {
                File::open(path).map_err(|error| self.read_error(error)).and_then(|f| self.read_from(f))
            }
            Self::Stdin => self.read_from(io::stdin().lock()),
            Self::Clipboard => self.read_bytes(&desktop::copied()?),
            Self::Screen => self.read_codes(&self.seen()?),
        }
    }

    /// Reads what another authenticator has written. What QR codes say, and lists of what they say, are `Codes`: those of
    /// several files may belong together.
    ///
    /// # Errors
    /// A source that cannot be read, or is none that is known.
    pub(crate) fn recognise(&self) -> Result<Export, SourceError> {
        let bytes = match self {
            Self::Text(text) | Self::Typed(text) => Zeroizing::new(text.as_bytes().to_vec()),
            Self::File(path) => {
                File::open(path).map_err(|error| self.read_error(error)).and_then(|f| self.bytes_of(f))?
            }
            Self::Stdin => self.bytes_of(io::stdin().lock())?,
            Self::Clipboard => desktop::copied()?,
            Self::Screen => return Ok(Export::of_codes(&self.seen()?)),
        };
        if qr::is_image(&bytes) {
            return Ok(Export::of_codes(&self.codes_of(&bytes)?));
        }
        if let Some(text) = formats::text_of(&bytes).filter(|text| formats::is_migration(text)) {
            return Ok(Export::Codes(text));
        }
        formats::recognise(&bytes).map(Export::File).map_err(|error| self.format_error(error))
    }

    fn bytes_of(&self, reader: impl Read) -> Result<Zeroizing<Vec<u8>>, SourceError> {
        let mut bytes = Zeroizing::new(Vec::new());
        reader.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| self.read_error(error))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(SourceError::TooLarge { name: self.name() });
        }
        Ok(bytes)
    }

    fn read_from(&self, reader: impl Read) -> Result<Vec<Found>, SourceError> {
        self.read_bytes(&self.bytes_of(reader)?)
    }

    fn read_bytes(&self, bytes: &[u8]) -> Result<Vec<Found>, SourceError> {
        if qr::is_image(bytes) {
            return self.read_codes(&self.codes_of(bytes)?);
        }
        let text = formats::text_of(bytes).ok_or_else(|| self.format_error(FormatError::Unrecognised))?;
        formats::read(&text).map_err(|error| self.format_error(error))
    }

    fn read_codes(&self, codes: &[qr::Found]) -> Result<Vec<Found>, SourceError> {
        formats::read_codes(codes.iter().map(|code| (code.text.as_str(), code.attempt)))
            .map_err(|error| self.format_error(error))
    }

    /// The codes of a picture that are an authenticator's, at least one
    fn codes_of(&self, bytes: &[u8]) -> Result<Vec<qr::Found>, SourceError> {
        let name = || self.name();
        let mut codes = qr::read(bytes, formats::is_payload).map_err(|error| match error {
            qr::ReadError::NoCode => SourceError::NoCode { name: name() },
            error => SourceError::Picture { name: name(), error },
        })?;
        let says = codes.first().map(|code| foreign(&code.text));
        codes.retain(|code| formats::is_payload(&code.text));
        match says {
            Some(says) if codes.is_empty() => Err(SourceError::NotAuthenticator { name: name(), says }),
            _ => Ok(codes),
        }
    }

    fn read_error(&self, error: io::Error) -> SourceError {
        SourceError::Read { name: self.name(), error }
    }

    fn format_error(&self, error: FormatError) -> SourceError {
        SourceError::Format { name: self.name(), error }
    }
}

/// What a code that is not an authenticator's says, as far as it may be shown: a web address up to its path, and of
/// everything else no more than that it is text
fn foreign(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        let end = text.find(['?', '#']).unwrap_or(text.len());
        return format!("'{}'", text::redact(&text[..end]));
    }
    match text.split_once(':') {
        Some((scheme, _))
            if (1..=20).contains(&scheme.len()) && scheme.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            format!("'{scheme}:…'")
        }
        _ => "some other text".to_owned(),
    }
}

fn describe_format_error(name: &str, error: &FormatError) -> String {
    match error {
        FormatError::OwnVault => format!("{name} is a vault of mfa"),
        error => format!("no account in {name}: {error}"),
    }
}

impl From<SourceError> for CommandError {
    fn from(error: SourceError) -> Self {
        let (exit, hint) = (error.exit(), error.hint());
        Self::wrap(exit, error).hint_if_any(hint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str) -> Vec<Found> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/import/google-authenticator/");
        let found = Source::File(PathBuf::from(folder.to_owned() + file)).read().unwrap();
        found.into_iter().map(|found| Found { attempt: None, ..found }).collect()
    }

    #[test]
    fn the_pictures_of_an_export_say_what_its_lines_do() {
        let mut pictures = [read("migration-batch-1.png"), read("migration-batch-2.png")];
        for (pictured, missing) in pictures.iter_mut().zip([2, 1]) {
            let warnings = std::mem::take(&mut pictured[0].warnings);
            assert_eq!(warnings, [crate::otp::Warning::PartMissing { part: missing, of: 2 }]);
        }
        assert_eq!(pictures.concat(), read("migration-batch.txt"));
    }
}
