//! Screenshots by PowerShell, on Windows and in a WSL.

use data_encoding::BASE64;
use zeroize::Zeroizing;

use crate::desktop::screen::{Picture, ScreenError};
use crate::platform::subprocess;

/// Prints a picture of all monitors as the Base64 of a PNG file
const SCRIPT: &str = "Add-Type -AssemblyName System.Windows.Forms,System.Drawing; \
    $a = [Windows.Forms.SystemInformation]::VirtualScreen; \
    $i = New-Object Drawing.Bitmap $a.Width, $a.Height; \
    [Drawing.Graphics]::FromImage($i).CopyFromScreen($a.Location, [Drawing.Point]::Empty, $a.Size); \
    $m = New-Object IO.MemoryStream; $i.Save($m, [Drawing.Imaging.ImageFormat]::Png); \
    [Convert]::ToBase64String($m.ToArray())";

pub(super) fn take_pictures() -> Result<Vec<Picture>, ScreenError> {
    let arguments = ["-NoProfile", "-NonInteractive", "-Command", SCRIPT];
    let base64 = subprocess::run("powershell.exe", arguments, &[])?;
    let damaged = |_| ScreenError::Refused("PowerShell returned no picture".to_owned());
    Ok(vec![Zeroizing::new(BASE64.decode(base64.trim_ascii()).map_err(damaged)?)])
}
