//! The clipboard of Windows, from inside a WSL, by programs of Windows.

use data_encoding::BASE64;
use zeroize::Zeroizing;

use crate::desktop::clipboard::ClipboardError;
use crate::desktop::clipboard::deadline::{Deadline, HeldClipboard};
use crate::platform::subprocess::{self, SubprocessError};

/// Prints the picture in the clipboard as the Base64 of a PNG file, or nothing
const PICTURE_SCRIPT: &str = "Add-Type -AssemblyName System.Windows.Forms,System.Drawing; \
    $i = [Windows.Forms.Clipboard]::GetImage(); \
    if ($i) { $m = New-Object IO.MemoryStream; $i.Save($m, [Drawing.Imaging.ImageFormat]::Png); \
    [Convert]::ToBase64String($m.ToArray()) }";

/// A text in the clipboard of Windows
#[derive(Debug)]
pub(crate) struct WindowsText(Zeroizing<String>);

impl WindowsText {
    pub(super) fn copy(text: Zeroizing<String>) -> Result<Self, ClipboardError> {
        run_clip(&text)?;
        Ok(Self(text))
    }
}

impl HeldClipboard for WindowsText {
    /// Waits, and clears the clipboard unless it holds something else.
    fn hold(self: Box<Self>, deadline: &Deadline) {
        deadline.sleep();
        let current = read_text().ok().flatten();
        if current.is_some_and(|current| current.trim_ascii_end() == self.0.as_bytes()) {
            let _ = run_clip("");
        }
    }
}

fn run_clip(text: &str) -> Result<(), SubprocessError> {
    subprocess::run("clip.exe", [""; 0], text.as_bytes()).map(drop)
}

pub(super) fn read_text() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    let text = run_powershell("Get-Clipboard -Raw")?;
    Ok((!text.is_empty()).then_some(text))
}

pub(super) fn read_picture() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    let base64 = run_powershell(PICTURE_SCRIPT)?;
    let picture = BASE64.decode(base64.trim_ascii()).map_err(|_| ClipboardError::TimedOut)?;
    Ok((!picture.is_empty()).then_some(Zeroizing::new(picture)))
}

fn run_powershell(script: &str) -> Result<Zeroizing<Vec<u8>>, SubprocessError> {
    subprocess::run("powershell.exe", ["-NoProfile", "-NonInteractive", "-STA", "-Command", script], &[])
}
