//! Pictures of the screen, which never stay on the disk.
//!
//! An X server gives one to everybody who asks. Wayland, macOS and Windows give it to programs of their own, which a desktop brings
//! along.

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
mod session;
#[cfg(all(unix, not(target_os = "macos")))]
mod wayland;
#[cfg(all(unix, not(target_os = "macos")))]
mod x11;

use zeroize::Zeroizing;

pub(crate) use error::ScreenError;

/// A picture as a file would hold it
type Picture = Zeroizing<Vec<u8>>;

/// What can be seen of all windows, on all monitors.
///
/// # Errors
/// Where there is no screen, or nothing that may take a picture of it.
pub(crate) fn pictures() -> Result<Vec<Picture>, ScreenError> {
    #[cfg(target_os = "macos")]
    return macos::pictures();
    #[cfg(windows)]
    return powershell::pictures();
    #[cfg(all(unix, not(target_os = "macos")))]
    return session::pictures();
}
