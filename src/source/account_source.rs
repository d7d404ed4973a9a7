//! Sources of accounts, and how their bytes, texts and pictures are read.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::clipboard::read_clipboard;
use super::error::SourceError;
use crate::desktop::screen;
use crate::formats::{self, FormatError, Found, Recognised};
use crate::qr;
use crate::text::{redact, shown_path};

/// The largest picture or list of accounts
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// A source that has yet to be read
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    File(PathBuf),
    Stdin,
    /// A URI among the arguments
    Text(Zeroizing<String>),
    /// A text from a prompt
    Typed(Zeroizing<String>),
    /// The text or the picture that was copied last
    Clipboard,
    /// All visible windows
    Screen,
}

/// The export of another authenticator
pub(crate) enum Export {
    File(Recognised),
    /// The texts of QR codes, one a line
    Codes(Zeroizing<String>),
}

impl Export {
    fn from_codes(codes: &[qr::Found]) -> Self {
        let lines = codes.iter().flat_map(|code| [code.text.as_str(), "\n"]);
        Self::Codes(Zeroizing::new(lines.collect()))
    }
}

impl Source {
    /// Returns the name of the source in messages.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::File(path) => format!("'{}'", shown_path(path)),
            Self::Stdin => "stdin".to_owned(),
            Self::Text(_) => "the URI".to_owned(),
            Self::Typed(_) => "the typed text".to_owned(),
            Self::Clipboard => "the clipboard".to_owned(),
            Self::Screen => "the screenshot".to_owned(),
        }
    }

    /// Returns the path if the source is a file.
    pub(crate) fn path(&self) -> Option<&Path> {
        if let Self::File(path) = self { Some(path) } else { None }
    }

    /// Reads all accounts of the source, at least one.
    ///
    /// # Errors
    /// Returns an error if the source cannot be read, if it has no account, or if one of its accounts is invalid.
    pub(crate) fn read(&self) -> Result<Vec<Found>, SourceError> {
        match self {
            Self::Text(text) | Self::Typed(text) => {
                formats::read(text).map_err(|error| self.format_error(error))
            }
            Self::Screen => self.read_accounts(&self.scan_screens()?),
            Self::File(_) | Self::Stdin | Self::Clipboard => self.parse(&self.read_bytes()?),
        }
    }

    /// Recognises the export of another authenticator.
    ///
    /// Returns QR codes and lists of their texts as `Codes`, because those of several files may belong together.
    ///
    /// # Errors
    /// Returns an error if the source cannot be read, or if its format is unknown or damaged.
    pub(crate) fn recognise(&self) -> Result<Export, SourceError> {
        if let Self::Screen = self {
            return Ok(Export::from_codes(&self.scan_screens()?));
        }
        let bytes = self.read_bytes()?;
        if qr::is_image(&bytes) {
            return Ok(Export::from_codes(&self.scan(&bytes)?));
        }
        if let Some(text) = formats::decode_text(&bytes).filter(|text| formats::is_migration(text)) {
            return Ok(Export::Codes(text));
        }
        formats::recognise(&bytes).map(Export::File).map_err(|error| self.format_error(error))
    }

    /// Reads the bytes of a source that is not the screen.
    fn read_bytes(&self) -> Result<Zeroizing<Vec<u8>>, SourceError> {
        match self {
            Self::Text(text) | Self::Typed(text) => Ok(Zeroizing::new(text.as_bytes().to_vec())),
            Self::File(path) => self.read_limited(File::open(path).map_err(|error| self.read_error(error))?),
            Self::Stdin => self.read_limited(io::stdin().lock()),
            Self::Clipboard | Self::Screen => read_clipboard(),
        }
    }

    fn read_limited(&self, reader: impl Read) -> Result<Zeroizing<Vec<u8>>, SourceError> {
        let mut bytes = Zeroizing::new(Vec::new());
        reader.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| self.read_error(error))?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(SourceError::TooLarge { name: self.name(), limit: MAX_BYTES >> 20 });
        }
        Ok(bytes)
    }

    fn parse(&self, bytes: &[u8]) -> Result<Vec<Found>, SourceError> {
        if qr::is_image(bytes) {
            return self.read_accounts(&self.scan(bytes)?);
        }
        let text = formats::decode_text(bytes).ok_or(FormatError::Unrecognised);
        text.and_then(|text| formats::read(&text)).map_err(|error| self.format_error(error))
    }

    fn read_accounts(&self, codes: &[qr::Found]) -> Result<Vec<Found>, SourceError> {
        formats::read_codes(codes.iter().map(|code| (code.text.as_str(), code.strategy)))
            .map_err(|error| self.format_error(error))
    }

    /// Returns the authenticator's QR codes on all screens, at least one.
    fn scan_screens(&self) -> Result<Vec<qr::Found>, SourceError> {
        let mut codes = Vec::new();
        let mut result = Err(SourceError::NoCode { name: self.name() });
        for picture in screen::take_pictures()? {
            match self.scan(&picture) {
                Ok(found) => codes.extend(found),
                Err(error) => result = Err(error),
            }
        }
        if codes.is_empty() { result } else { Ok(codes) }
    }

    /// Returns the authenticator's QR codes in a picture, at least one.
    fn scan(&self, picture: &[u8]) -> Result<Vec<qr::Found>, SourceError> {
        let name = self.name();
        let mut codes = match qr::read(picture, formats::is_payload) {
            Ok(codes) => codes,
            Err(qr::ReadError::NoCode) => return Err(SourceError::NoCode { name }),
            Err(error) => return Err(SourceError::Picture { name, error }),
        };
        let first = codes.first().map(|code| describe_content(&code.text));
        codes.retain(|code| formats::is_payload(&code.text));
        match first {
            Some(content) if codes.is_empty() => Err(SourceError::NotAuthenticator { name, content }),
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

/// Describes the text of a QR code that is not an authenticator's: a web address up to its path, otherwise its scheme.
fn describe_content(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        let end = text.find(['?', '#']).unwrap_or(text.len());
        return format!("'{}'", redact(&text[..end]));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::Warning;

    fn read(file: &str) -> Vec<Found> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/import/google-authenticator/");
        let found = Source::File(PathBuf::from(folder.to_owned() + file)).read().unwrap();
        found.into_iter().map(|found| Found { attempt: None, ..found }).collect()
    }

    #[test]
    fn pictures_of_an_export_have_the_accounts_of_its_list() {
        let mut pictures = [read("migration-batch-1.png"), read("migration-batch-2.png")];
        for (pictured, missing) in pictures.iter_mut().zip([2, 1]) {
            let warnings = std::mem::take(&mut pictured[0].warnings);
            assert_eq!(warnings, [Warning::PartMissing { part: missing, of: 2 }]);
        }
        assert_eq!(pictures.concat(), read("migration-batch.txt"));
    }
}
