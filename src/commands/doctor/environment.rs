//! What the machine has to offer: a place to remember things, a clipboard.

use crate::commands::doctor::Finding;
use crate::desktop::clipboard::{self, ClipboardError};
use crate::state;
use crate::text::shown_path;

pub(super) fn state() -> Finding {
    let Some(folder) = state::folder() else {
        return Finding::warning("state", "no home folder: nothing can be remembered");
    };
    let path = shown_path(&folder);
    if state::is_writable() {
        Finding::ok("state", format!("remembered in '{path}'"))
    } else {
        let lost = "'code --fresh' gives no codes, and old copies of a sealed vault are not noticed";
        Finding::warning("state", format!("'{path}' cannot be written: {lost}"))
    }
}

/// Which clipboard the surroundings promise
pub(super) fn clipboard() -> Finding {
    match clipboard::detected_backend() {
        Ok(clipboard) => Finding::ok("clipboard", clipboard),
        Err(error @ ClipboardError::Off) => Finding::ok("clipboard", error.to_string()),
        Err(error) => Finding::warning("clipboard", error.to_string()),
    }
}
