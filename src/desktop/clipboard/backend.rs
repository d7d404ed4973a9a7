//! The ways to a clipboard, and which of them the user means.

use crate::platform::env::{self, CLIPBOARD};
use crate::text::redact;

use crate::desktop::clipboard::ClipboardError;

/// How a text reaches a clipboard
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backend {
    /// A buffer of the tmux server around us, which hands it on to the terminals where it may
    Tmux,
    /// An escape sequence (OSC 52) to the terminal: the only way to the machine that an SSH session comes from
    Terminal,
    /// The one of this machine's desktop
    System,
}

impl Backend {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Tmux => "tmux",
            Self::Terminal => "osc52",
            Self::System => "system",
        }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Tmux, Self::Terminal, Self::System].into_iter().find(|way| way.as_str() == text)
    }
}

/// What `MFA_CLIPBOARD` says, and where this program runs
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Choice {
    wanted: Preference,
    inside_tmux: bool,
    over_ssh: bool,
    has_display: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Preference {
    Auto,
    Only(Backend),
}

impl Choice {
    /// # Errors
    /// `Off` and `UnknownChoice`.
    pub(super) fn of_user() -> Result<Self, ClipboardError> {
        let wanted = env::var_os(CLIPBOARD).map(|wanted| wanted.to_string_lossy().into_owned());
        Self::new(wanted.as_deref(), |variable| env::var_os(variable).is_some())
    }

    fn new(wanted: Option<&str>, is_set: impl Fn(&str) -> bool) -> Result<Self, ClipboardError> {
        let wanted = match wanted {
            None | Some("auto") => Preference::Auto,
            Some("off") => return Err(ClipboardError::Off),
            Some(way) => {
                let unknown = || ClipboardError::UnknownChoice(redact(way));
                Preference::Only(Backend::parse(way).ok_or_else(unknown)?)
            }
        };
        Ok(Self {
            wanted,
            inside_tmux: is_set("TMUX"),
            over_ssh: is_set("SSH_TTY") || is_set("SSH_CONNECTION"),
            has_display: is_set("WAYLAND_DISPLAY") || is_set("DISPLAY"),
        })
    }

    /// The ways to copy, to be tried one after the other
    pub(super) fn ways(self) -> Vec<Backend> {
        match self.wanted {
            Preference::Only(way) => vec![way],
            Preference::Auto => [
                self.inside_tmux.then_some(Backend::Tmux),
                (self.over_ssh && !self.has_display).then_some(Backend::Terminal),
                Some(Backend::System),
            ]
            .into_iter()
            .flatten()
            .collect(),
        }
    }

    /// The way to paste: what was copied on a desktop lies in its clipboard, whoever shows us on it
    pub(super) fn way_to_read(self) -> Backend {
        match self.wanted {
            Preference::Only(way) => way,
            Preference::Auto
                if self.inside_tmux && !self.has_display && !cfg!(any(windows, target_os = "macos")) =>
            {
                Backend::Tmux
            }
            Preference::Auto if self.over_ssh && !self.has_display => Backend::Terminal,
            Preference::Auto => Backend::System,
        }
    }
}

#[cfg(test)]
mod tests {
    use Backend::{System, Terminal, Tmux};

    use super::*;

    fn choice(wanted: Option<&str>, variables: &[&str]) -> Choice {
        Choice::new(wanted, |variable| variables.contains(&variable)).unwrap()
    }

    #[test]
    fn the_nearest_clipboard_is_tried_first() {
        let table: [(&[&str], &[Backend]); 6] = [
            (&["DISPLAY"], &[System]),
            (&["TMUX", "DISPLAY"], &[Tmux, System]),
            (&["SSH_TTY"], &[Terminal, System]),
            (&["SSH_CONNECTION", "TMUX"], &[Tmux, Terminal, System]),
            // X forwarding: the display is that of the user's machine
            (&["SSH_TTY", "DISPLAY"], &[System]),
            (&[], &[System]),
        ];
        for (variables, ways) in table {
            assert_eq!(choice(None, variables).ways(), ways, "{variables:?}");
            assert_eq!(choice(Some("auto"), variables).ways(), ways, "{variables:?}");
        }
    }

    #[test]
    fn the_variable_names_the_only_way() {
        for (text, way) in [("tmux", Tmux), ("osc52", Terminal), ("system", System)] {
            let choice = choice(Some(text), &["TMUX", "SSH_TTY", "DISPLAY"]);
            assert_eq!((choice.ways(), choice.way_to_read()), (vec![way], way));
        }
    }

    #[test]
    fn off_and_unknown_ways_are_errors() {
        let refused = |text| Choice::new(Some(text), |_| true).unwrap_err();
        assert!(matches!(refused("off"), ClipboardError::Off));
        assert!(matches!(refused("xclip"), ClipboardError::UnknownChoice(way) if way == "xclip"));
    }
}
