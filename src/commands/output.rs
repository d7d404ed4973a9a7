//! Files that a command writes at the user's wish, and that hold secrets.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use crate::failure::{Exit, Failure, cause};
use crate::text::shown_path;
use crate::vault::{self, VaultFile};

/// Where to, and whether over what is there
#[derive(Debug, Clone, Copy)]
pub(super) struct Output<'a> {
    pub(super) path: &'a Path,
    pub(super) force: bool,
}

/// Writes a file that only its owner can read; over another only by `force`, into what is no file as it is, and never over
/// the vault or what belongs to it.
///
/// # Errors
/// A file that exists, and those of the disk.
pub(super) fn write(output: &Output<'_>, bytes: &[u8], vault: &VaultFile) -> Result<(), Failure> {
    let shown = shown_path(output.path);
    if is_of_vault(output.path, vault) {
        return Err(Failure::new(Exit::Exists, format!("'{shown}' is the vault, its backup or its lock"))
            .hint("take another file"));
    }
    try_write(output, bytes).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => {
            Failure::new(Exit::Exists, format!("'{shown}' exists already")).hint("-f writes over a file")
        }
        _ => Failure::new(Exit::Failed, format!("could not write '{shown}': {}", cause(&error))),
    })
}

/// Whether a file is one of those that the vault is kept in, under whatever name
fn is_of_vault(path: &Path, vault: &VaultFile) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    let files = vault.surroundings().map(|around| around.files).unwrap_or_default();
    files.iter().any(|file| file.canonicalize().is_ok_and(|file| file == path))
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
