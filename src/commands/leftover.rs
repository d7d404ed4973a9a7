//! Files that still hold secrets once these are in the vault.

use std::path::Path;

use crate::session::Session;
use crate::text::{argument, shown_path};

/// Says that a file still holds secrets, and how to remove it; a pipe does not.
pub(super) fn warn_about_file(file: &Path, session: &mut Session<'_>) {
    let Ok(metadata) = file.metadata() else { return };
    let is_stream = ["/dev", "/proc"].iter().any(|folder| file.starts_with(folder));
    if !metadata.is_file() || is_stream {
        return;
    }
    let path = shown_path(file);
    let others = if crate::vault::is_exposed(&metadata) { ", and others can read it" } else { "" };
    session.ui.warn(format_args!("'{path}' still holds the secret{others}"), Some(&removal(&path)));
}

/// The command that removes a file
fn removal(path: &str) -> String {
    if cfg!(windows) { format!("del \"{path}\"") } else { format!("rm {}", argument(path)) }
}
