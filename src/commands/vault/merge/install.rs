//! `mfa vault merge --install-driver`: tells git to merge the vault with mfa.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::error::{CommandError, Context as _, Result};
use crate::platform::subprocess;
use crate::session::Session;
use crate::text::shown_path;
use crate::vault::resolve_links;

/// Sets the driver in the configuration of the repository that holds the vault, and its attribute for the vault.
///
/// The attribute goes to `info/attributes`: both settings belong to this clone, and none to the history.
///
/// # Errors
/// git is missing, or the vault is in no repository.
pub(super) fn run(session: &mut Session<'_>) -> Result<()> {
    let path =
        resolve_links(session.vault.path()).with_context(|| "could not follow the links of the vault")?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let name = path.file_name().unwrap_or_default();
    let prefix = git(&folder, ["rev-parse", "--show-prefix"])?;
    let pattern = pattern(&format!("{prefix}{}", name.to_string_lossy()));
    git(&folder, ["config", "merge.mfa.name", "merge vaults of mfa by account"])?;
    git(&folder, ["config", "merge.mfa.driver", &format!("{} vault merge --driver %O %A %B %P", program())])?;
    let attributes = folder.join(git(&folder, ["rev-parse", "--git-path", "info/attributes"])?);
    append_line(&attributes, &format!("{pattern} merge=mfa"))
        .with_context(|| format!("could not write '{}'", shown_path(&attributes)))?;
    session.ui.status(format_args!("git merges '{}' with mfa in this clone", shown_path(&path)));
    Ok(())
}

fn git<const N: usize>(folder: &Path, arguments: [&str; N]) -> Result<String> {
    let in_folder = [OsStr::new("-C"), folder.as_os_str()];
    let arguments =
        in_folder.into_iter().map(OsString::from).chain(arguments.into_iter().map(OsString::from));
    let output =
        subprocess::run("git", arguments, b"").map_err(|error| CommandError::failed(error.to_string()))?;
    let text = String::from_utf8(output.to_vec()).map_err(|_| CommandError::failed("git wrote no UTF-8"))?;
    Ok(text.trim_end_matches(['\n', '\r']).to_owned())
}

/// Returns how git's shell calls this program: `mfa` if that is what `PATH` finds, otherwise its path.
fn program() -> String {
    let Ok(this) = env::current_exe().and_then(fs::canonicalize) else { return "mfa".to_owned() };
    let folders = env::var_os("PATH").unwrap_or_default();
    let file = format!("mfa{}", env::consts::EXE_SUFFIX);
    let found = env::split_paths(&folders).map(|folder| folder.join(&file)).find(|file| file.is_file());
    if found.is_some_and(|found| fs::canonicalize(found).is_ok_and(|found| found == this)) {
        return "mfa".to_owned();
    }
    let path = this.to_string_lossy().replace('\\', "/");
    shlex::try_quote(&path).map_or_else(|_| path.clone(), Into::into)
}

/// Returns the pattern of gitattributes that fits this path only, from the top of the work tree.
fn pattern(path: &str) -> String {
    let mut pattern = String::from("/");
    for character in path.chars() {
        if matches!(character, '*' | '?' | '[' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    if !pattern.contains([' ', '"', '\t', '\\']) {
        return pattern;
    }
    format!("\"{}\"", pattern.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Appends a line unless the file has it.
fn append_line(file: &Path, line: &str) -> std::io::Result<()> {
    let before = match fs::read_to_string(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        text => text?,
    };
    if before.lines().any(|other| other == line) {
        return Ok(());
    }
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let end = if before.is_empty() || before.ends_with('\n') { "" } else { "\n" };
    OpenOptions::new().create(true).append(true).open(file)?.write_all(format!("{end}{line}\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pattern_fits_one_path() {
        assert_eq!(pattern("vault.toml"), "/vault.toml");
        assert_eq!(pattern("a/[x] *.toml"), r#""/a/\\[x] \\*.toml""#);
    }
}
