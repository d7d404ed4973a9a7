//! The clipboard of the Windows around a WSL, through the programs that Windows has.

use data_encoding::BASE64;
use zeroize::Zeroizing;

use crate::desktop::clipboard::ClipboardError;
use crate::desktop::clipboard::deadline::Deadline;
use crate::desktop::clipboard::held::HeldClipboard;
use crate::platform::subprocess::{self, SubprocessError};

/// Prints the picture in the clipboard as the Base64 of a PNG file, or nothing
const PICTURE: &str = "Add-Type -AssemblyName System.Windows.Forms,System.Drawing; \
    $i = [Windows.Forms.Clipboard]::GetImage(); \
    if ($i) { $m = New-Object IO.MemoryStream; $i.Save($m, [Drawing.Imaging.ImageFormat]::Png); \
    [Convert]::ToBase64String($m.ToArray()) }";

/// A text in the clipboard of Windows
#[derive(Debug)]
pub(crate) struct Copied(Zeroizing<String>);

impl Copied {
    pub(super) fn take(text: Zeroizing<String>) -> Result<Self, ClipboardError> {
        copy(&text)?;
        Ok(Self(text))
    }
}

impl HeldClipboard for Copied {
    /// Waits, and clears the clipboard unless something else is in it
    fn keep(self: Box<Self>, lasting: &Deadline) {
        lasting.sleep();
        let there = text().ok().flatten();
        if there.is_some_and(|there| there.trim_ascii_end() == self.0.as_bytes()) {
            let _ = copy("");
        }
    }
}

fn copy(text: &str) -> Result<(), SubprocessError> {
    subprocess::run("clip.exe", [""; 0], text.as_bytes()).map(drop)
}

pub(super) fn text() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    let text = powershell("Get-Clipboard -Raw")?;
    Ok((!text.is_empty()).then_some(text))
}

pub(super) fn picture() -> Result<Option<Zeroizing<Vec<u8>>>, ClipboardError> {
    let base64 = powershell(PICTURE)?;
    let picture = BASE64.decode(base64.trim_ascii()).map_err(|_| ClipboardError::Silent)?;
    Ok((!picture.is_empty()).then_some(Zeroizing::new(picture)))
}

fn powershell(script: &str) -> Result<Zeroizing<Vec<u8>>, SubprocessError> {
    subprocess::run("powershell.exe", ["-NoProfile", "-NonInteractive", "-STA", "-Command", script], &[])
}
