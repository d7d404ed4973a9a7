//! Wayland: the programs that its desktops bring along, and their portal.

use std::ffi::OsStr;
use std::path::Path;

use crate::desktop::screen::private_temp_dir::Folder;
use crate::desktop::screen::{Picture, ScreenError};
use crate::platform::subprocess::{self, SubprocessError};

/// Programs that write a file, which is named behind these arguments
const CAMERAS: [(&str, &[&str]); 2] =
    [("spectacle", &["-b", "-n", "-f", "-o"]), ("gnome-screenshot", &["-f"])];

/// One picture of all monitors, by the first program that is there and that the compositor lets
pub(super) fn pictures() -> Result<Vec<Picture>, ScreenError> {
    let picture = match subprocess::run("grim", ["-"], &[]) {
        Ok(picture) => picture,
        Err(error) => Folder::with(|folder| by_file(folder, error.into())).or_else(by_portal)?,
    };
    Ok(vec![picture])
}

/// Where the portal fails too, it is the one to be told about, unless there is none
#[cfg(feature = "portal")]
fn by_portal(failed: ScreenError) -> Result<Picture, ScreenError> {
    crate::desktop::screen::portal::picture().map_err(|error| match error {
        ScreenError::NoTool => failed,
        error => error,
    })
}

#[cfg(not(feature = "portal"))]
fn by_portal(failed: ScreenError) -> Result<Picture, ScreenError> {
    Err(failed)
}

/// Where all fail, what the last of those has said that are there
fn by_file(folder: &Path, mut failed: ScreenError) -> Result<Picture, ScreenError> {
    let file = folder.join("screen.png");
    for (name, arguments) in CAMERAS {
        let arguments = arguments.iter().map(OsStr::new).chain([file.as_os_str()]);
        match subprocess::run(name, arguments, &[]) {
            Ok(_) => return Ok(std::fs::read(&file)?.into()),
            Err(SubprocessError::Missing(_)) => {}
            Err(error) => failed = error.into(),
        }
    }
    Err(failed)
}
