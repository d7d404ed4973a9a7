//! Where the vault lies.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

/// The vault's name in the configuration folder
const FILE_NAME: &str = "vault.toml";

/// How many symbolic links are followed, as Linux does
const MAX_LINKS: usize = 40;

/// The vault in the user's configuration folder; none where the user has no home
pub(crate) fn default_path() -> Option<PathBuf> {
    let folders = ProjectDirs::from("", "", "mfa")?;
    Some(folder(&folders).join(FILE_NAME))
}

/// `$XDG_CONFIG_HOME/mfa` where that is set, `~/.config/mfa` where it exists, else what macOS has for its apps
#[cfg(target_os = "macos")]
fn folder(folders: &ProjectDirs) -> PathBuf {
    let absolute = |path: OsString| Some(PathBuf::from(path)).filter(|path| path.is_absolute());
    if let Some(config) = std::env::var_os("XDG_CONFIG_HOME").and_then(absolute) {
        return config.join("mfa");
    }
    let home = directories::BaseDirs::new().map(|base| base.home_dir().join(".config").join("mfa"));
    home.filter(|folder| folder.is_dir()).unwrap_or_else(|| folders.config_dir().to_owned())
}

/// The local folder, not the one that roams to other machines
#[cfg(not(target_os = "macos"))]
fn folder(folders: &ProjectDirs) -> PathBuf {
    folders.config_local_dir().to_owned()
}

/// The file that a path leads to once all links have been followed, whether it exists or not: a vault that dot-file
/// managers have linked stays a link
pub(crate) fn resolved(path: &Path) -> std::io::Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        match path.read_link() {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(std::io::Error::other("too many symbolic links"))
}

/// A path with more behind its file name: `vault.toml` and `.bak` give `vault.toml.bak`
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(suffix);
    PathBuf::from(name)
}
