//! What is on the desktop: in the clipboard, on the screen.

use zeroize::Zeroizing;

use crate::desktop::{clipboard, screen};
use crate::source::{Source, SourceError};
use crate::{formats, qr};

/// What was copied. A text may lie beside a picture of itself, and a picture beside its address: the text is meant where it is an
/// account, else the picture.
pub(super) fn copied() -> Result<Zeroizing<Vec<u8>>, SourceError> {
    let text = clipboard::read_text()?.filter(|text| !text.trim_ascii().is_empty());
    match text {
        Some(text) if is_account(&text) => Ok(text),
        text => clipboard::read_picture()?.or(text).ok_or(SourceError::NothingCopied),
    }
}

impl Source {
    /// The codes that can be seen on all screens, at least one
    pub(super) fn seen(&self) -> Result<Vec<qr::Found>, SourceError> {
        let mut codes = Vec::new();
        let mut result = Err(SourceError::NoCode { name: self.name() });
        for picture in screen::take_pictures()? {
            match self.codes_of(&picture) {
                Ok(found) => codes.extend(found),
                Err(error) => result = Err(error),
            }
        }
        if codes.is_empty() { result } else { Ok(codes) }
    }
}

fn is_account(text: &[u8]) -> bool {
    formats::text_of(text).is_some_and(|text| formats::read(&text).is_ok())
}
