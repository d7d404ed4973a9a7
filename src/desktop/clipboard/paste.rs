//! What was copied elsewhere: a text or a picture.

use zeroize::Zeroizing;

use crate::desktop::clipboard::backend::{Backend, Choice};
use crate::desktop::clipboard::{ClipboardError, system, tmux};

/// The text in the clipboard, if there is one.
///
/// # Errors
/// Where no clipboard can be read.
pub(crate) fn text() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    match Choice::of_user()?.way_to_read() {
        Backend::Tmux => tmux::newest(),
        Backend::Terminal => Err(ClipboardError::Unreadable),
        Backend::System => system::text(),
    }
}

/// The picture in the clipboard, as a file would hold it, if there is one.
///
/// # Errors
/// Where no clipboard can be read.
pub(crate) fn picture() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    match Choice::of_user()?.way_to_read() {
        Backend::Tmux => Ok(None),
        Backend::Terminal => Err(ClipboardError::Unreadable),
        Backend::System => system::picture(),
    }
}
