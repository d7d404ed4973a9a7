//! The clipboard: where a code is pasted from, and where a QR code or a secret key may have been copied to.
//!
//! There are three ways to it ([`Backend`]). On most desktops the content lives only as long as the program that offers it, and a
//! code is to be cleared when it ends: so a [`ClipboardDaemon`], a detached process of this same program, copies, waits and clears.

mod backend;
mod copied;
mod daemon;
mod deadline;
mod error;
mod held;
mod osc52;
mod paste;
mod promised;
mod system;
mod tmux;

use backend::{Backend, Choice};
pub(crate) use copied::Copied;
pub(crate) use daemon::ClipboardDaemon;
pub(crate) use error::ClipboardError;
pub(crate) use paste::{picture, text};
pub(crate) use promised::promised;

/// Copies a text, as it stands, and has it cleared after so many seconds if it is still there.
///
/// # Errors
/// Where no clipboard takes it.
pub(crate) fn copy(text: &str, seconds: u64) -> Result<Copied, ClipboardError> {
    let mut failed = ClipboardError::Missing;
    for way in Choice::of_user()?.ways() {
        match copy_by(way, text, seconds) {
            Ok(()) => return Ok(Copied { way, seconds }),
            // says less than what went wrong before
            Err(ClipboardError::Missing) => {}
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// Whether the user has said something that can be meant, before a code is given away for nothing.
///
/// # Errors
/// `UnknownChoice`.
pub(crate) fn check() -> Result<(), ClipboardError> {
    match Choice::of_user() {
        Err(error @ ClipboardError::UnknownChoice(_)) => Err(error),
        _ => Ok(()),
    }
}

fn copy_by(way: Backend, text: &str, seconds: u64) -> Result<(), ClipboardError> {
    match way {
        Backend::Terminal => osc52::send(text),
        Backend::Tmux | Backend::System => ClipboardDaemon::new(way, seconds).start(text),
    }
}
