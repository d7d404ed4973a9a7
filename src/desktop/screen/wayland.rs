//! Screenshots on Wayland: by programs of the desktops, or by their portal.

use std::ffi::OsStr;
use std::path::Path;

#[cfg(feature = "portal")]
use crate::desktop::screen::portal;
use crate::desktop::screen::private_temp_dir::with_private_temp_dir;
use crate::desktop::screen::{Picture, ScreenError};
use crate::platform::subprocess::{self, SubprocessError};

/// Programs that write a file, whose path follows these arguments
const TOOLS: [(&str, &[&str]); 2] = [("spectacle", &["-b", "-n", "-f", "-o"]), ("gnome-screenshot", &["-f"])];

/// Takes one picture of all monitors, with the first program that exists and that the compositor allows.
pub(super) fn take_pictures() -> Result<Vec<Picture>, ScreenError> {
    let picture = match subprocess::run("grim", ["-"], &[]) {
        Ok(picture) => picture,
        Err(error) => {
            with_private_temp_dir(|folder| take_with_tools(folder, error.into())).or_else(take_with_portal)?
        }
    };
    Ok(vec![picture])
}

/// Asks the portal. Returns its error if it fails too, or `failed` if there is no portal.
#[cfg(feature = "portal")]
fn take_with_portal(failed: ScreenError) -> Result<Picture, ScreenError> {
    portal::take_picture().map_err(|error| match error {
        ScreenError::NoTool => failed,
        error => error,
    })
}

#[cfg(not(feature = "portal"))]
fn take_with_portal(failed: ScreenError) -> Result<Picture, ScreenError> {
    Err(failed)
}

/// Tries the tools. Returns the error of the last one that exists, or `failed` if no tool exists.
fn take_with_tools(folder: &Path, mut failed: ScreenError) -> Result<Picture, ScreenError> {
    let file = folder.join("screen.png");
    for (name, arguments) in TOOLS {
        let arguments = arguments.iter().map(OsStr::new).chain([file.as_os_str()]);
        match subprocess::run(name, arguments, &[]) {
            Ok(_) => return Ok(std::fs::read(&file)?.into()),
            Err(SubprocessError::Missing(_)) => {}
            Err(error) => failed = error.into(),
        }
    }
    Err(failed)
}
