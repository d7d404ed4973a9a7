//! Chooses between the text and the picture in the clipboard.

use zeroize::Zeroizing;

use super::error::SourceError;
use crate::desktop::clipboard;
use crate::formats;

/// Returns the text of the clipboard if it has an account, otherwise the picture, otherwise the text.
///
/// Programs copy a picture with its address, or a text with a picture of itself.
pub(super) fn read_clipboard() -> Result<Zeroizing<Vec<u8>>, SourceError> {
    let text = clipboard::read_text()?.filter(|text| !text.trim_ascii().is_empty());
    match text {
        Some(text) if has_account(&text) => Ok(text),
        text => clipboard::read_picture()?.or(text).ok_or(SourceError::EmptyClipboard),
    }
}

fn has_account(text: &[u8]) -> bool {
    formats::decode_text(text).is_some_and(|text| formats::read(&text).is_ok())
}
