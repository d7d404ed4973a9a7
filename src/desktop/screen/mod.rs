//! Screenshots, which never stay on the disk.
//!
//! An X server gives one to every client. On Wayland, macOS and Windows programs of the desktop take them.
//!
//! Why not xcap: it needs the system's libraries of pipewire, gbm and EGL.

mod error;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(all(unix, not(target_os = "macos"), feature = "portal"))]
mod portal;
#[cfg(any(windows, all(unix, not(target_os = "macos"))))]
mod powershell;
#[cfg(unix)]
mod private_temp_dir;
#[cfg(all(unix, not(target_os = "macos")))]
mod wayland;
#[cfg(all(unix, not(target_os = "macos")))]
mod x11;

use zeroize::Zeroizing;

pub(crate) use error::ScreenError;

/// A picture in a file format
type Picture = Zeroizing<Vec<u8>>;

/// Takes pictures of all monitors with all their windows.
///
/// On Wayland an X server that runs too is not used, because it does not see the windows.
///
/// # Errors
/// Returns an error if there is no screen, or no program that can take a screenshot.
pub(crate) fn take_pictures() -> Result<Vec<Picture>, ScreenError> {
    #[cfg(target_os = "macos")]
    return macos::take_pictures();
    #[cfg(windows)]
    return powershell::take_pictures();
    #[cfg(all(unix, not(target_os = "macos")))]
    {
        use crate::platform::env::{is_wsl, var_os};

        if is_wsl() {
            powershell::take_pictures()
        } else if var_os("WAYLAND_DISPLAY").is_some() {
            wayland::take_pictures()
        } else if var_os("DISPLAY").is_some() {
            x11::take_pictures()
        } else {
            Err(ScreenError::Missing)
        }
    }
}
