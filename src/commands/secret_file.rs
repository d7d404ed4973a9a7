//! Files that a command writes at the user's wish, and that hold secrets.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use crate::error::{CommandError, ExitCode, cause};
use crate::text::shown_path;
use crate::vault::{self, VaultFile};

/// Where to, and whether over what is there
#[derive(Debug, Clone, Copy)]
pub(super) struct Output<'a> {
    pub(super) path: &'a Path,
    pub(super) force: bool,
}

/// Refuses a file that `write` would refuse, before any of several is written
///
/// # Errors
/// A file that exists, unless by `force`, and one that the vault is kept in.
pub(super) fn check_overwrite(output: &Output<'_>, vault: &VaultFile) -> Result<(), CommandError> {
    if is_of_vault(output.path, vault) {
        let shown = shown_path(output.path);
        return Err(CommandError::new(
            ExitCode::Exists,
            format!("'{shown}' is the vault, its backup or its lock"),
        )
        .hint("take another file"));
    }
    if !output.force && output.path.symlink_metadata().is_ok() {
        return Err(exists(output.path));
    }
    Ok(())
}

/// Writes a file that only its owner can read; over another only by `force`, into what is no file as it is, and never over
/// the vault or what belongs to it.
///
/// # Errors
/// Those of `check_overwrite`, and those of the disk.
pub(super) fn write(output: &Output<'_>, bytes: &[u8], vault: &VaultFile) -> Result<(), CommandError> {
    check_overwrite(output, vault)?;
    try_write(output, bytes).map_err(|error| {
        if error.kind() == io::ErrorKind::AlreadyExists {
            return exists(output.path);
        }
        let message = format!("could not write '{}': {}", shown_path(output.path), cause(&error));
        CommandError::failed(message)
    })
}

fn exists(path: &Path) -> CommandError {
    CommandError::new(ExitCode::Exists, format!("'{}' exists already", shown_path(path)))
        .hint("-f writes over a file")
}

/// Whether a file is one of those that the vault is kept in, under whatever name
fn is_of_vault(path: &Path, vault: &VaultFile) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    let files = vault.paths().map(|around| around.files).unwrap_or_default();
    files.iter().any(|file| file.canonicalize().is_ok_and(|file| file == path))
}

fn try_write(output: &Output<'_>, bytes: &[u8]) -> io::Result<()> {
    let path = output.path;
    if !output.force {
        return vault::create(path, bytes);
    }
    match path.metadata() {
        Ok(metadata) if !metadata.is_file() => File::options().write(true).open(path)?.write_all(bytes),
        _ => vault::replace(&vault::resolve_links(path)?, bytes),
    }
}
