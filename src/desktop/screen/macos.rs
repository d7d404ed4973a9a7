//! Screenshots on macOS: `screencapture` writes a file for each monitor.

use std::ffi::OsStr;

use crate::desktop::screen::private_temp_dir::with_private_temp_dir;
use crate::desktop::screen::{Picture, ScreenError};
use crate::platform::subprocess;

/// The number of monitors that are captured at most
const MAX_MONITORS: usize = 8;

pub(super) fn take_pictures() -> Result<Vec<Picture>, ScreenError> {
    with_private_temp_dir(|folder| {
        let files: Vec<_> = (0..MAX_MONITORS).map(|number| folder.join(format!("{number}.png"))).collect();
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
