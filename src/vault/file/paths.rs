//! The default path of the vault, and the paths beside it.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use crate::platform::atomic_file::require_own_link;

/// Name of the vault in the configuration folder
const FILE_NAME: &str = "vault.toml";

/// Most symbolic links to follow, the limit of Linux
const MAX_LINKS: usize = 40;

/// Returns the vault in the user's configuration folder, or `None` if the user has no home folder.
pub(super) fn default_path() -> Option<PathBuf> {
    let folders = ProjectDirs::from("", "", "mfa")?;
    Some(config_folder(&folders).join(FILE_NAME))
}

/// Returns `$XDG_CONFIG_HOME/mfa` if that is set, `~/.config/mfa` if it exists, or the folder of macOS.
#[cfg(target_os = "macos")]
fn config_folder(folders: &ProjectDirs) -> PathBuf {
    let absolute = |path: OsString| Some(PathBuf::from(path)).filter(|path| path.is_absolute());
    if let Some(config) = std::env::var_os("XDG_CONFIG_HOME").and_then(absolute) {
        return config.join("mfa");
    }
    let home = directories::BaseDirs::new().map(|base| base.home_dir().join(".config").join("mfa"));
    home.filter(|folder| folder.is_dir()).unwrap_or_else(|| folders.config_dir().to_owned())
}

/// Returns the local configuration folder, not the one that roams to other machines.
#[cfg(not(target_os = "macos"))]
fn config_folder(folders: &ProjectDirs) -> PathBuf {
    folders.config_local_dir().to_owned()
}

/// Follows all symbolic links of a path, whether its target exists or not.
///
/// Dotfile managers link the vault; writing to the target preserves the link.
///
/// # Errors
/// More links than Linux follows. For root, a link of another user, who could send root's writes to any path.
pub(crate) fn resolve_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match path.read_link() {
            Ok(target) => {
                require_own_link(&path)?;
                path = path.parent().unwrap_or(Path::new("")).join(target);
            }
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

/// Appends to the file name: `vault.toml` and `.bak` give `vault.toml.bak`.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(suffix);
    PathBuf::from(name)
}
