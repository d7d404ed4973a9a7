//! Checks whether the user's shell completes `mfa`, by the usual files.

use std::path::{Path, PathBuf};

use directories::BaseDirs;

use super::finding::Finding;
use crate::platform::env;
use crate::text::{sanitize, shown_path};

/// A shell, the files that hold its completion, and the start-up files that may load it
///
/// Relative paths begin in the home folder.
const SHELLS: [(&str, &[&str], &[&str]); 5] = [
    (
        "bash",
        &[
            ".local/share/bash-completion/completions/mfa",
            ".local/share/bash-completion/completions/mfa.bash",
            "/usr/local/share/bash-completion/completions/mfa",
            "/usr/share/bash-completion/completions/mfa",
            "/etc/bash_completion.d/mfa",
        ],
        &[".bashrc", ".bash_profile", ".profile"],
    ),
    (
        "zsh",
        &[
            ".zfunc/_mfa",
            ".zsh/completions/_mfa",
            ".local/share/zsh/site-functions/_mfa",
            "/usr/local/share/zsh/site-functions/_mfa",
            "/usr/share/zsh/site-functions/_mfa",
            "/usr/share/zsh/vendor-completions/_mfa",
        ],
        &[".zshrc", ".config/zsh/.zshrc"],
    ),
    (
        "fish",
        &[
            ".config/fish/completions/mfa.fish",
            "/usr/share/fish/vendor_completions.d/mfa.fish",
            "/usr/local/share/fish/vendor_completions.d/mfa.fish",
        ],
        &[".config/fish/config.fish"],
    ),
    ("pwsh", &[], &[".config/powershell/profile.ps1", ".config/powershell/Microsoft.PowerShell_profile.ps1"]),
    ("elvish", &[], &[".config/elvish/rc.elv"]),
];

/// The command in a start-up file that loads the completion
const LOAD_COMMAND: &str = "mfa completions";

pub(super) fn check() -> Finding {
    let shell = env::var_os("SHELL").map(PathBuf::from);
    let shell = shell.as_deref().and_then(Path::file_name).map(|name| sanitize(&name.to_string_lossy()));
    let Some((name, home)) = shell.zip(BaseDirs::new()) else {
        return Finding::ok("completion", "not checked: the variable SHELL is not set");
    };
    let Some((name, files, loaders)) = SHELLS.into_iter().find(|(shell, ..)| *shell == name) else {
        return Finding::ok("completion", format!("not checked: mfa has no completion for '{name}'"));
    };
    let in_home = |file: &&str| home.home_dir().join(file);
    let found = files.iter().map(in_home).find(|file| file.exists());
    match found.or_else(|| loaders.iter().map(in_home).find(|file| loads(file))) {
        Some(file) => Finding::ok("completion", format!("installed for {name}: '{}'", shown_path(&file))),
        None => Finding::warning("completion", format!("not found for {name}: see 'mfa completions --help'")),
    }
}

fn loads(file: &Path) -> bool {
    std::fs::read_to_string(file).is_ok_and(|text| text.contains(LOAD_COMMAND))
}
