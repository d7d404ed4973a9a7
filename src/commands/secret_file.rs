//! Files with secrets: those that a command writes, and those that a secret was read from.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use crate::error::{CommandError, ExitCode, Result, cause};
use crate::session::Session;
use crate::text::{argument, shown_path};
use crate::vault::{self, VaultFile};

/// The file that a command writes
#[derive(Debug, Clone, Copy)]
pub(super) struct Output<'a> {
    pub(super) path: &'a Path,
    /// Whether an existing file may be overwritten
    pub(super) force: bool,
}

/// Rejects a file that [`write()`] would reject, so that a command can check all its files before it writes the first.
///
/// # Errors
/// Fails if the file belongs to the vault, or if it exists and `force` is not set.
pub(super) fn check_overwrite(output: &Output<'_>, vault: &VaultFile) -> Result<()> {
    if belongs_to_vault(output.path, vault) {
        let message = format!("'{}' is the vault, its backup or its lock", shown_path(output.path));
        return Err(CommandError::new(ExitCode::Exists, message).hint("choose another file"));
    }
    if !output.force && output.path.symlink_metadata().is_ok() {
        return Err(already_exists(output.path));
    }
    Ok(())
}

/// Writes a file that only its owner can read.
///
/// With `force`, replaces an existing file and writes into a pipe or a device. Never touches the files of the vault.
///
/// # Errors
/// Fails on the conditions of [`check_overwrite`], and if the file cannot be written.
pub(super) fn write(output: &Output<'_>, bytes: &[u8], vault: &VaultFile) -> Result<()> {
    check_overwrite(output, vault)?;
    try_write(output, bytes).map_err(|error| {
        if error.kind() == io::ErrorKind::AlreadyExists {
            return already_exists(output.path);
        }
        let message = format!("could not write '{}': {}", shown_path(output.path), cause(&error));
        CommandError::failed(message)
    })
}

/// Warns that a file still holds the secret that was read from it, with the command that removes it.
///
/// Says nothing about a pipe or a device.
pub(super) fn warn_about_file(file: &Path, session: &mut Session<'_>) {
    let Ok(metadata) = file.metadata() else { return };
    let is_stream = ["/dev", "/proc"].iter().any(|folder| file.starts_with(folder));
    if !metadata.is_file() || is_stream {
        return;
    }
    let path = shown_path(file);
    let others = if vault::is_exposed(&metadata) { ", and others can read it" } else { "" };
    session.ui.warn(format_args!("'{path}' still holds the secret{others}"), Some(&removal_command(&path)));
}

fn removal_command(path: &str) -> String {
    if cfg!(windows) { format!("del \"{path}\"") } else { format!("rm {}", argument(path)) }
}

fn already_exists(path: &Path) -> CommandError {
    CommandError::new(ExitCode::Exists, format!("'{}' already exists", shown_path(path)))
        .hint("use -f to overwrite it")
}

/// Returns whether a path leads to the vault, its backup or its lock, under this or another name.
fn belongs_to_vault(path: &Path, vault: &VaultFile) -> bool {
    let Ok(path) = path.canonicalize() else { return false };
    let files = vault.paths().map(|around| around.files).unwrap_or_default();
    files.iter().any(|file| file.canonicalize().is_ok_and(|file| file == path))
}

fn try_write(output: &Output<'_>, bytes: &[u8]) -> io::Result<()> {
    let path = output.path;
    if !output.force {
        return vault::create(path, bytes);
    }
    if path.metadata().is_ok_and(|metadata| !metadata.is_file()) {
        let mut stream = File::options().write(true).open(path)?;
        // a regular file that replaced the pipe meanwhile would keep the rest of its old content
        if !stream.metadata()?.is_file() {
            return stream.write_all(bytes);
        }
    }
    vault::replace(&vault::resolve_links(path)?, bytes)
}
