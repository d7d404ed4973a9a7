//! Checks the state folder and the clipboard.

use super::finding::Finding;
use crate::desktop::clipboard::{self, ClipboardError};
use crate::state;
use crate::text::shown_path;

pub(super) fn check_state() -> Finding {
    let Some(folder) = state::folder() else {
        return Finding::warning("state", "no home folder: mfa has no place for its state");
    };
    let path = shown_path(&folder);
    if state::is_writable() {
        return Finding::ok("state", format!("kept in '{path}'"));
    }
    let text = format!(
        "'{path}' is not writable: 'mfa code --fresh' prints no codes, \
         and mfa cannot detect an older copy of an encrypted vault"
    );
    Finding::warning("state", text)
}

/// Returns which clipboard the environment variables promise, without using it.
pub(super) fn check_clipboard() -> Finding {
    match clipboard::detected_backend() {
        Ok(clipboard) => Finding::ok("clipboard", clipboard),
        Err(error @ ClipboardError::Off) => Finding::ok("clipboard", error.to_string()),
        Err(error) => Finding::warning("clipboard", error.to_string()),
    }
}
