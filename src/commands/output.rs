//! Files that a command writes at the user's wish, and that hold secrets.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use crate::failure::{Exit, Failure, cause};
use crate::text::shown_path;
use crate::vault;

/// Where to, and whether over what is there
#[derive(Debug, Clone, Copy)]
pub(super) struct Output<'a> {
    pub(super) path: &'a Path,
    pub(super) force: bool,
}

/// Writes a file that only its owner can read; over another only by `force`, into what is no file as it is.
///
/// # Errors
/// A file that exists, and those of the disk.
pub(super) fn write(output: &Output<'_>, bytes: &[u8]) -> Result<(), Failure> {
    let shown = shown_path(output.path);
    try_write(output, bytes).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Failure::new(Exit::Exists, format!("'{shown}' exists already")).hint("-f writes over a file")
        }
        _ => Failure::new(Exit::Failed, format!("could not write '{shown}': {}", cause(&error))),
    })
}

fn try_write(output: &Output<'_>, bytes: &[u8]) -> io::Result<()> {
    let path = output.path;
    if !output.force {
        return vault::create(path, bytes);
    }
    match path.metadata() {
        Ok(metadata) if !metadata.is_file() => File::options().write(true).open(path)?.write_all(bytes),
        _ => vault::replace(&vault::resolved(path)?, bytes),
    }
}
