//! The choice of a clipboard on a Unix desktop: Wayland, X11, or Windows around a WSL.
//!
//! Why not arboard, which `native` uses: on Wayland its `wait_until` returns at once, so that a code would vanish early, and its
//! `clear` also removes a text that another program copied since.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::desktop::clipboard::ClipboardError;
use crate::desktop::clipboard::deadline::HeldClipboard;
use crate::desktop::clipboard::system::{wayland, wl_copy, wsl, x11};
use crate::platform::env::{self, is_wsl};
use crate::platform::timeout;

/// The time limit for a paste, where another program has to send the content
const PASTE_TIMEOUT: Duration = Duration::from_secs(10);

type Bytes = Zeroizing<Vec<u8>>;

/// Copies a text to the first clipboard that works.
pub(crate) fn copy(text: Zeroizing<String>) -> Result<Box<dyn HeldClipboard>, ClipboardError> {
    if is_wsl() {
        return into_box(wsl::WindowsText::copy(text));
    }
    try_in_order(
        || into_box(wayland::Offer::copy(&text)),
        || into_box(x11::SelectionOwner::copy(text.clone())),
        || into_box(wl_copy::WlCopy::copy(&text)),
    )
}

fn into_box(
    held: Result<impl HeldClipboard + 'static, ClipboardError>,
) -> Result<Box<dyn HeldClipboard>, ClipboardError> {
    Ok(Box::new(held?))
}

/// Returns the name of the clipboard that is tried first, if there is one.
pub(crate) fn detected() -> Option<&'static str> {
    let displays = [("WAYLAND_DISPLAY", "Wayland"), ("DISPLAY", "X11")];
    let display = || displays.into_iter().find(|(variable, _)| is_set(variable)).map(|(_, name)| name);
    if is_wsl() { Some("Windows") } else { display() }
}

/// Returns the text in the clipboard, if there is one.
pub(crate) fn read_text() -> Result<Option<Bytes>, ClipboardError> {
    let read = || try_in_order(wayland::read_text, x11::read_text, wl_copy::read_text);
    read_with_timeout(move || if is_wsl() { wsl::read_text() } else { read() })
}

/// Returns the picture in the clipboard, in a file format, if there is one.
pub(crate) fn read_picture() -> Result<Option<Bytes>, ClipboardError> {
    let read = || try_in_order(wayland::read_picture, x11::read_picture, wl_copy::read_picture);
    read_with_timeout(move || if is_wsl() { wsl::read_picture() } else { read() })
}

fn read_with_timeout(
    read: impl FnOnce() -> Result<Option<Bytes>, ClipboardError> + Send + 'static,
) -> Result<Option<Bytes>, ClipboardError> {
    timeout::run_with_timeout(PASTE_TIMEOUT, read).unwrap_or(Err(ClipboardError::TimedOut))
}

/// Tries Wayland, then X11, then a tool, and returns the first success.
///
/// Some compositors (KDE, Sway, COSMIC) open their clipboard to a program without a window. Others (GNOME) run an X server whose
/// clipboard is open. Without one, a tool that opens a window remains.
fn try_in_order<T>(
    with_wayland: impl FnOnce() -> Result<T, ClipboardError>,
    with_x11: impl FnOnce() -> Result<T, ClipboardError>,
    with_tool: impl FnOnce() -> Result<T, ClipboardError>,
) -> Result<T, ClipboardError> {
    let (wayland, x11) = (is_set("WAYLAND_DISPLAY"), is_set("DISPLAY"));
    let mut result = Err(ClipboardError::Missing);
    if wayland {
        result = with_wayland();
    }
    if result.is_err() && x11 {
        result = with_x11();
    }
    if result.is_err() && wayland {
        result = with_tool().or(result);
    }
    result
}

fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some()
}
