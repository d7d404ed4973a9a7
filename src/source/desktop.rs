//! What is on the desktop: in the clipboard.

use zeroize::Zeroizing;

use super::SourceError;
use crate::{clipboard, formats};

/// What was copied. A text may lie beside a picture of itself, and a picture beside its address: the text is meant where it is an
/// account, else the picture.
pub(super) fn copied() -> Result<Zeroizing<Vec<u8>>, SourceError> {
    let text = clipboard::text()?.filter(|text| !text.trim_ascii().is_empty());
    match text {
        Some(text) if is_account(&text) => Ok(text),
        text => clipboard::picture()?.or(text).ok_or(SourceError::NothingCopied),
    }
}

fn is_account(text: &[u8]) -> bool {
    formats::text_of(text).is_some_and(|text| formats::read(&text).is_ok())
}
