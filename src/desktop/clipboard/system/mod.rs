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
pub(super) use native::{picture, promised, take, text};
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) use session::{picture, promised, take, text};

/// What pictures are called on a Unix desktop, the usual one first
#[cfg(all(unix, not(target_os = "macos")))]
const PICTURES: [&str; 5] = ["image/png", "image/jpeg", "image/bmp", "image/webp", "image/gif"];

/// No picture is larger
#[cfg(all(unix, not(target_os = "macos")))]
const MAX_BYTES: u64 = 64 << 20;
