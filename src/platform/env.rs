//! The environment variables that mfa reads. An empty one counts as unset.

use std::ffi::OsString;

use crate::error::CommandError;

pub(crate) const VAULT: &str = "MFA_VAULT";
pub(crate) const NO_INPUT: &str = "MFA_NO_INPUT";
pub(crate) const AT: &str = "MFA_AT";
pub(crate) const IDENTITY: &str = "MFA_IDENTITY";
pub(crate) const PASSPHRASE_FILE: &str = "MFA_PASSPHRASE_FILE";
pub(crate) const PASSPHRASE_COMMAND: &str = "MFA_PASSPHRASE_COMMAND";
pub(crate) const CLIPBOARD: &str = "MFA_CLIPBOARD";
pub(crate) const MIN_REMAINING: &str = "MFA_MIN_REMAINING";

/// The variables that users set, with their meanings, as the manual lists them
pub(crate) const VARIABLES: [(&str, &str); 12] = [
    (VAULT, "the vault file"),
    (NO_INPUT, "never prompt, fail instead"),
    (AT, "the time to compute for, like --at"),
    (MIN_REMAINING, "the default of --min-remaining"),
    (CLIPBOARD, "the clipboard of --copy and --clipboard: auto, tmux, osc52, system or off"),
    (IDENTITY, "a file with a private key that unlocks an encrypted vault"),
    (PASSPHRASE_FILE, "a file whose first line is the passphrase of an encrypted vault"),
    (PASSPHRASE_COMMAND, "a command whose first line of output is the passphrase"),
    ("NO_COLOR", "no colours"),
    ("CLICOLOR", "no colours if it is 0"),
    ("CLICOLOR_FORCE", "colours in pipes too, unless it is 0"),
    ("TERM", "no colours and no live view if it is dumb"),
];

/// Returns the value of a variable, which may not be UTF-8.
pub(crate) fn var_os(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Returns the value of a variable as text.
///
/// # Errors
/// A usage error that names the variable, if its value is not UTF-8.
pub(crate) fn var(name: &str) -> Result<Option<String>, CommandError> {
    let text = var_os(name).map(OsString::into_string).transpose();
    text.map_err(|_| CommandError::usage(format!("the variable {name} is not UTF-8")))
}

/// Returns whether the user's locale is UTF-8, by the first of its variables that is set (POSIX, section 8.2). Windows sets
/// no such variable, and its console is Unicode.
pub(crate) fn locale_is_utf8() -> bool {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(var_os);
    match locale {
        Some(locale) => {
            let locale = locale.to_string_lossy().to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        }
        None => cfg!(windows),
    }
}

/// Returns whether the terminal can only print line after line.
pub(crate) fn is_dumb_terminal() -> bool {
    var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Returns whether the terminal is the Linux console, whose font has few characters.
pub(crate) fn is_linux_console() -> bool {
    var_os("TERM").is_some_and(|term| term == "linux")
}

/// Returns whether this Linux runs inside Windows, whose desktop it then uses.
#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) fn is_wsl() -> bool {
    var_os("WSL_DISTRO_NAME").is_some()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_variable_is_listed() {
        let source = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file!())).unwrap();
        let names = source.lines().filter_map(|line| line.split_once(": &str = \"")?.1.split('"').next());
        let names: Vec<&str> = names.filter(|name| name.starts_with("MFA_")).collect();
        assert_eq!(names.len(), 8, "{names:?}");
        for name in names {
            assert!(VARIABLES.iter().any(|(listed, _)| *listed == name), "{name}");
        }
    }
}
