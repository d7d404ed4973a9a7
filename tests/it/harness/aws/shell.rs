//! The shells in which users run the recipes.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shell {
    Bash,
    Dash,
    Zsh,
    Fish,
}

impl Shell {
    /// Returns the beginning of a script, which makes it stop at its first failure. Fish has no such option.
    pub(crate) fn prologue(self) -> &'static str {
        match self {
            Self::Bash | Self::Dash | Self::Zsh => "set -eu\n",
            Self::Fish => "",
        }
    }
}

/// The name of the command.
impl fmt::Display for Shell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bash => "bash",
            Self::Dash => "dash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
        })
    }
}
