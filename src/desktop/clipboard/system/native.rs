//! The clipboard of macOS and Windows, where the system itself holds the content.

use std::io::Cursor;

#[cfg(target_os = "macos")]
use arboard::SetExtApple as _;
#[cfg(windows)]
use arboard::SetExtWindows as _;
use arboard::{Clipboard, Error};
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder as _};
use zeroize::Zeroizing;

use crate::desktop::clipboard::ClipboardError;
use crate::desktop::clipboard::deadline::{Deadline, HeldClipboard};

/// A text in the system's clipboard
struct HeldText {
    clipboard: Clipboard,
    text: Zeroizing<String>,
}

/// Copies a text, and keeps it out of clipboard histories.
pub(crate) fn copy(text: Zeroizing<String>) -> Result<Box<dyn HeldClipboard>, ClipboardError> {
    let mut clipboard = Clipboard::new()?;
    let set = clipboard.set();
    #[cfg(target_os = "macos")]
    let set = set.exclude_from_history();
    #[cfg(windows)]
    let set = set.exclude_from_monitoring().exclude_from_cloud().exclude_from_history();
    set.text(text.as_str())?;
    Ok(Box::new(HeldText { clipboard, text }))
}

impl HeldClipboard for HeldText {
    /// Waits, and clears the clipboard unless it holds something else.
    fn hold(mut self: Box<Self>, deadline: &Deadline) {
        deadline.sleep();
        let is_ours = self.clipboard.get_text().is_ok_and(|current| current == *self.text);
        if is_ours {
            let _ = self.clipboard.clear();
        }
    }
}

/// Returns the name of the clipboard, which always exists.
#[expect(clippy::unnecessary_wraps, reason = "on other systems there may be none")]
pub(crate) fn detected() -> Option<&'static str> {
    Some("system")
}

/// Returns the text in the clipboard, if there is one.
pub(crate) fn read_text() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    match Clipboard::new()?.get_text() {
        Ok(text) => Ok(Some(Zeroizing::new(text.into_bytes()))),
        Err(Error::ContentNotAvailable) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Returns the picture in the clipboard as a PNG file, if there is one.
pub(crate) fn read_picture() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    let pixels = match Clipboard::new()?.get_image() {
        Ok(pixels) => pixels,
        Err(Error::ContentNotAvailable) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let damaged = || ClipboardError::Refused("it contains a damaged picture".to_owned());
    let size = |length: usize| u32::try_from(length).map_err(|_| damaged());
    let (width, height) = (size(pixels.width)?, size(pixels.height)?);
    let mut png = Cursor::new(Vec::new());
    PngEncoder::new(&mut png)
        .write_image(&pixels.bytes, width, height, ExtendedColorType::Rgba8)
        .map_err(|_| damaged())?;
    Ok(Some(Zeroizing::new(png.into_inner())))
}

impl From<Error> for ClipboardError {
    fn from(error: Error) -> Self {
        Self::Refused(error.to_string())
    }
}
