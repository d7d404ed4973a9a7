//! The clipboard of this machine's desktop.

#[cfg(any(target_os = "macos", windows))]
mod native;
#[cfg(all(unix, not(target_os = "macos")))]
mod session;
#[cfg(all(unix, not(target_os = "macos")))]
mod wayland;
#[cfg(all(unix, not(target_os = "macos")))]
mod wl_copy;
#[cfg(all(unix, not(target_os = "macos")))]
mod wsl;
#[cfg(all(unix, not(target_os = "macos")))]
mod x11;

#[cfg(any(target_os = "macos", windows))]
pub(super) use native::{copy, detected, read_picture, read_text};
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) use session::{copy, detected, read_picture, read_text};

/// The MIME types of pictures on a Unix desktop, the usual one first
#[cfg(all(unix, not(target_os = "macos")))]
const PICTURE_TYPES: [&str; 5] = ["image/png", "image/jpeg", "image/bmp", "image/webp", "image/gif"];

/// The size limit of a picture, in bytes
#[cfg(all(unix, not(target_os = "macos")))]
const MAX_BYTES: u64 = 64 << 20;
