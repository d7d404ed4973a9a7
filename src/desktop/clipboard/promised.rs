//! Which clipboard the surroundings promise; it is not touched.

use crate::desktop::clipboard::backend::{Backend, Choice};
use crate::desktop::clipboard::{ClipboardError, system};

/// The clipboard that `copy` tries first, as part of a sentence.
///
/// # Errors
/// Where there is none, or none is wanted.
pub(crate) fn promised() -> Result<&'static str, ClipboardError> {
    match Choice::of_user()?.ways().first() {
        Some(Backend::Tmux) => Ok("tmux's buffers"),
        Some(Backend::Terminal) => Ok("that of the terminal at the other end (OSC 52)"),
        Some(Backend::System) => system::promised().ok_or(ClipboardError::Missing),
        None => Err(ClipboardError::Missing),
    }
}
