//! Which of the clipboards there are on a Unix desktop: of Wayland, of X11, of the Windows around a WSL.
//!
//! Why not arboard, which `native` uses: on Wayland its `wait_until` returns at once, so that a code would not stay until its end, and
//! its `clear` also removes a text that another program has copied since.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::desktop::clipboard::ClipboardError;
use crate::desktop::clipboard::held::HeldClipboard;
use crate::desktop::clipboard::system::{wayland, wl_copy, wsl, x11};
use crate::platform::env::{self, is_wsl};
use crate::platform::timeout;

/// For a text or a picture, which another program has to hand over
const TIMEOUT: Duration = Duration::from_secs(10);

type Bytes = Zeroizing<Vec<u8>>;

pub(crate) fn take(text: Zeroizing<String>) -> Result<Box<dyn HeldClipboard>, ClipboardError> {
    if is_wsl() {
        return boxed(wsl::Copied::take(text));
    }
    first_of(
        || boxed(wayland::Offer::take(&text)),
        || boxed(x11::Owner::take(text.clone())),
        || boxed(wl_copy::Running::take(&text)),
    )
}

fn boxed(
    held: Result<impl HeldClipboard + 'static, ClipboardError>,
) -> Result<Box<dyn HeldClipboard>, ClipboardError> {
    Ok(Box::new(held?))
}

/// Whose clipboard is tried first, if there is one
pub(crate) fn promised() -> Option<&'static str> {
    let known = [("WAYLAND_DISPLAY", "Wayland's"), ("DISPLAY", "that of X11")];
    let here = || known.into_iter().find(|(variable, _)| is_set(variable)).map(|(_, clipboard)| clipboard);
    if is_wsl() { Some("that of Windows") } else { here() }
}

/// The text in the clipboard, if there is one
pub(crate) fn text() -> Result<Option<Bytes>, ClipboardError> {
    in_time(|| if is_wsl() { wsl::text() } else { first_of(wayland::text, x11::text, wl_copy::text) })
}

/// The picture in the clipboard, as a file, if there is one
pub(crate) fn picture() -> Result<Option<Bytes>, ClipboardError> {
    in_time(|| {
        if is_wsl() { wsl::picture() } else { first_of(wayland::picture, x11::picture, wl_copy::picture) }
    })
}

fn in_time(
    read: impl FnOnce() -> Result<Option<Bytes>, ClipboardError> + Send + 'static,
) -> Result<Option<Bytes>, ClipboardError> {
    timeout::run_with_timeout(TIMEOUT, read).unwrap_or(Err(ClipboardError::Silent))
}

/// A program that shows no window reaches Wayland's clipboard where the compositor grants it (KDE, Sway, COSMIC); elsewhere
/// (GNOME) that of the X server which the compositor keeps beside it; and where there is neither, by a tool that shows a window
fn first_of<T>(
    by_wayland: impl FnOnce() -> Result<T, ClipboardError>,
    by_x11: impl FnOnce() -> Result<T, ClipboardError>,
    by_tool: impl FnOnce() -> Result<T, ClipboardError>,
) -> Result<T, ClipboardError> {
    let (wayland, x11) = (is_set("WAYLAND_DISPLAY"), is_set("DISPLAY"));
    let mut result = Err(ClipboardError::Missing);
    if wayland {
        result = by_wayland();
    }
    if result.is_err() && x11 {
        result = by_x11();
    }
    if result.is_err() && wayland {
        result = by_tool().or(result);
    }
    result
}

fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some()
}
