//! macOS: `screencapture`, which writes a file for each monitor.

use std::ffi::OsStr;

use crate::desktop::screen::private_temp_dir::Folder;
use crate::desktop::screen::{Picture, ScreenError};
use crate::platform::subprocess;

/// More are not taken
const MONITORS: usize = 8;

pub(super) fn pictures() -> Result<Vec<Picture>, ScreenError> {
    Folder::with(|folder| {
        let files: Vec<_> = (0..MONITORS).map(|number| folder.join(format!("{number}.png"))).collect();
        let without_sound = std::iter::once(OsStr::new("-x"));
        subprocess::run(
            "screencapture",
            without_sound.chain(files.iter().map(|file| file.as_os_str())),
            &[],
        )?;
        let written = files.iter().filter(|file| file.exists());
        Ok(written.map(|file| std::fs::read(file).map(Picture::new)).collect::<Result<_, _>>()?)
    })
}
