//! What the machine has to offer: a place to remember things, a clipboard.

use super::Finding;
use crate::environment;
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
    let known = [
        ("TMUX", "tmux's buffers"),
        ("SSH_CONNECTION", "that of the terminal at the other end (OSC 52)"),
        ("WAYLAND_DISPLAY", "Wayland's"),
        ("DISPLAY", "that of X11"),
    ];
    let found = known.into_iter().find(|(variable, _)| environment::raw(variable).is_some());
    let own = if cfg!(any(windows, target_os = "macos")) { Some("the system's") } else { None };
    match found.map(|(_, clipboard)| clipboard).or(own) {
        Some(clipboard) => Finding::ok("clipboard", clipboard),
        None => Finding::warning("clipboard", "none: neither tmux, SSH, Wayland nor X11 is here"),
    }
}
