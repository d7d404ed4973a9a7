//! The clipboard: the target of `--copy`, and a source of QR codes and secret keys.
//!
//! There are three ways to it ([`Backend`]). On most desktops the content exists only as long as the program that offers it, and a
//! code has to be cleared when it expires: so a detached process of this program ([`ClipboardDaemon`]) copies, waits and clears.

mod backend;
mod copied;
mod daemon;
mod deadline;
mod error;
mod osc52;
mod paste;
mod system;
mod tmux;

use backend::{Backend, BackendChoice};
pub(crate) use copied::Copied;
pub(crate) use daemon::ClipboardDaemon;
pub(crate) use error::ClipboardError;
pub(crate) use paste::{read_picture, read_text};

/// Copies a text, and clears it after some seconds if it is still in the clipboard.
///
/// # Errors
/// Returns the last error if no backend accepts the text, and `Off` or `UnknownBackend` if `MFA_CLIPBOARD` has such a value.
pub(crate) fn copy(text: &str, seconds: u64) -> Result<Copied, ClipboardError> {
    let mut failed = ClipboardError::Missing;
    for backend in BackendChoice::from_env()?.copy_backends() {
        match copy_with(backend, text, seconds) {
            Ok(()) => return Ok(Copied { backend, seconds }),
            // An earlier error says more.
            Err(ClipboardError::Missing) => {}
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// Checks `MFA_CLIPBOARD`, so that no code is used up for a copy that cannot succeed.
///
/// # Errors
/// Returns `UnknownBackend` if the value is unknown.
pub(crate) fn check() -> Result<(), ClipboardError> {
    match BackendChoice::from_env() {
        Err(error @ ClipboardError::UnknownBackend(_)) => Err(error),
        _ => Ok(()),
    }
}

/// Returns the name of the clipboard that `copy` tries first, without using it.
///
/// # Errors
/// Returns `Missing` without a clipboard, and `Off` or `UnknownBackend` if `MFA_CLIPBOARD` has such a value.
pub(crate) fn detected_backend() -> Result<&'static str, ClipboardError> {
    match BackendChoice::from_env()?.copy_backends().first() {
        Some(Backend::Tmux) => Ok("tmux buffer"),
        Some(Backend::Terminal) => Ok("terminal (OSC 52)"),
        Some(Backend::System) => system::detected().ok_or(ClipboardError::Missing),
        None => Err(ClipboardError::Missing),
    }
}

fn copy_with(backend: Backend, text: &str, seconds: u64) -> Result<(), ClipboardError> {
    match backend {
        Backend::Terminal => osc52::send(text),
        Backend::Tmux | Backend::System => ClipboardDaemon::new(backend, seconds).start(text),
    }
}
