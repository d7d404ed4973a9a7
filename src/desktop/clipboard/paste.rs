//! Reads a text or a picture that another program copied.

use zeroize::Zeroizing;

use crate::desktop::clipboard::backend::{Backend, BackendChoice};
use crate::desktop::clipboard::{ClipboardError, system, tmux};

/// Returns the text in the clipboard, if there is one.
///
/// # Errors
/// Returns an error if no clipboard can be read.
pub(crate) fn read_text() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    match BackendChoice::from_env()?.paste_backend() {
        Backend::Tmux => tmux::read_newest_buffer(),
        Backend::Terminal => Err(ClipboardError::Unreadable),
        Backend::System => system::read_text(),
    }
}

/// Returns the picture in the clipboard, in a file format, if there is one.
///
/// # Errors
/// Returns an error if no clipboard can be read.
pub(crate) fn read_picture() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    match BackendChoice::from_env()?.paste_backend() {
        Backend::Tmux => Ok(None),
        Backend::Terminal => Err(ClipboardError::Unreadable),
        Backend::System => system::read_picture(),
    }
}
