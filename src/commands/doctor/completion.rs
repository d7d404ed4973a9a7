//! Whether the user's shell completes `mfa`, as far as the usual files tell.

use std::path::{Path, PathBuf};

use directories::BaseDirs;

use crate::commands::doctor::Finding;
use crate::platform::env;
use crate::text::{sanitize, shown_path};

/// A shell, the files whose being there is enough, and those that may load the completion; in the home folder where
/// they do not begin with a slash
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

/// What a start-up file says that loads the completion
const LOADS: &str = "mfa completions";

pub(super) fn check() -> Finding {
    let shell = env::var_os("SHELL").map(PathBuf::from);
    let shell = shell.as_deref().and_then(Path::file_name).map(|name| sanitize(&name.to_string_lossy()));
    let Some((name, home)) = shell.zip(BaseDirs::new()) else {
        return Finding::ok("completion", "not looked for: the variable SHELL is not set");
    };
    let Some((name, files, loaders)) = SHELLS.into_iter().find(|(shell, ..)| *shell == name) else {
        return Finding::ok("completion", format!("not looked for: there is none for '{name}'"));
    };
    let at_home = |file: &&str| home.home_dir().join(file);
    let found = files.iter().map(at_home).find(|file| file.exists());
    match found.or_else(|| loaders.iter().map(at_home).find(|file| loads(file))) {
        Some(file) => Finding::ok("completion", format!("installed for {name}: '{}'", shown_path(&file))),
        None => Finding::warning("completion", format!("not found for {name}: see 'mfa completions --help'")),
    }
}

fn loads(file: &Path) -> bool {
    std::fs::read_to_string(file).is_ok_and(|text| text.contains(LOADS))
}
