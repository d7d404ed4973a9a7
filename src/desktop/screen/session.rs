//! Which of the screens there are on a Unix desktop: of the Windows around a WSL, of Wayland, of X11.
//!
//! Why not xcap: it needs the system's libraries of pipewire, gbm and EGL.

use crate::desktop::screen::{Picture, ScreenError, powershell, wayland, x11};
use crate::platform::env::{is_wsl, var_os};

/// Under Wayland the X server that runs beside it shows nothing, and is not asked
pub(super) fn pictures() -> Result<Vec<Picture>, ScreenError> {
    if is_wsl() {
        powershell::pictures()
    } else if var_os("WAYLAND_DISPLAY").is_some() {
        wayland::pictures()
    } else if var_os("DISPLAY").is_some() {
        x11::pictures()
    } else {
        Err(ScreenError::Missing)
    }
}
