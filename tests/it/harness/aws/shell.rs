//! The shells people paste recipes into.

use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shell {
    Bash,
    Dash,
    Zsh,
    Fish,
}

impl Shell {
    /// What a script begins with, so that its first failure ends it; fish has no such switch.
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
