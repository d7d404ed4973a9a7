//! The clipboard backends, and the choice between them.

use crate::desktop::clipboard::ClipboardError;
use crate::platform::env::{self, CLIPBOARD};
use crate::text::redact;

/// A way to a clipboard
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backend {
    /// A buffer of the tmux server, which passes the text on to its terminals if they allow it
    Tmux,
    /// An escape sequence (OSC 52) to the terminal: the only way to the machine at the other end of an SSH session
    Terminal,
    /// The clipboard of this machine's desktop
    System,
}

impl Backend {
    /// Returns the value of `MFA_CLIPBOARD` that selects this backend.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Tmux => "tmux",
            Self::Terminal => "osc52",
            Self::System => "system",
        }
    }

    /// Parses the value of `MFA_CLIPBOARD` that selects one backend.
    pub(super) fn parse(text: &str) -> Option<Self> {
        [Self::Tmux, Self::Terminal, Self::System].into_iter().find(|backend| backend.as_str() == text)
    }
}

/// The preference of the user, and the environment that `auto` depends on
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BackendChoice {
    preference: Preference,
    inside_tmux: bool,
    over_ssh: bool,
    has_display: bool,
}

/// The value of `MFA_CLIPBOARD`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Preference {
    Auto,
    Only(Backend),
}

impl BackendChoice {
    /// Reads the choice from the environment.
    ///
    /// # Errors
    /// Returns `Off` or `UnknownBackend` if `MFA_CLIPBOARD` is `off` or has an unknown value.
    pub(super) fn from_env() -> Result<Self, ClipboardError> {
        let value = env::var_os(CLIPBOARD).map(|value| value.to_string_lossy().into_owned());
        Self::new(value.as_deref(), |variable| env::var_os(variable).is_some())
    }

    fn new(value: Option<&str>, is_set: impl Fn(&str) -> bool) -> Result<Self, ClipboardError> {
        let preference = match value {
            None | Some("auto") => Preference::Auto,
            Some("off") => return Err(ClipboardError::Off),
            Some(name) => {
                let unknown = || ClipboardError::UnknownBackend(redact(name));
                Preference::Only(Backend::parse(name).ok_or_else(unknown)?)
            }
        };
        Ok(Self {
            preference,
            inside_tmux: is_set("TMUX"),
            over_ssh: is_set("SSH_TTY") || is_set("SSH_CONNECTION"),
            has_display: is_set("WAYLAND_DISPLAY") || is_set("DISPLAY"),
        })
    }

    /// Returns the backends to copy with, in the order to try them.
    pub(super) fn copy_backends(self) -> Vec<Backend> {
        match self.preference {
            Preference::Only(backend) => vec![backend],
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

    /// Returns the backend to paste from. On a desktop this is its own clipboard, even inside tmux.
    pub(super) fn paste_backend(self) -> Backend {
        match self.preference {
            Preference::Only(backend) => backend,
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

    fn choice(value: Option<&str>, variables: &[&str]) -> BackendChoice {
        BackendChoice::new(value, |variable| variables.contains(&variable)).unwrap()
    }

    #[test]
    fn choice_tries_the_nearest_clipboard_first() {
        let table: [(&[&str], &[Backend]); 6] = [
            (&["DISPLAY"], &[System]),
            (&["TMUX", "DISPLAY"], &[Tmux, System]),
            (&["SSH_TTY"], &[Terminal, System]),
            (&["SSH_CONNECTION", "TMUX"], &[Tmux, Terminal, System]),
            // X forwarding: the display belongs to the user's machine.
            (&["SSH_TTY", "DISPLAY"], &[System]),
            (&[], &[System]),
        ];
        for (variables, backends) in table {
            assert_eq!(choice(None, variables).copy_backends(), backends, "{variables:?}");
            assert_eq!(choice(Some("auto"), variables).copy_backends(), backends, "{variables:?}");
        }
    }

    #[test]
    fn choice_is_the_backend_in_the_variable() {
        for (text, backend) in [("tmux", Tmux), ("osc52", Terminal), ("system", System)] {
            let choice = choice(Some(text), &["TMUX", "SSH_TTY", "DISPLAY"]);
            assert_eq!((choice.copy_backends(), choice.paste_backend()), (vec![backend], backend));
        }
    }

    #[test]
    fn choice_rejects_off_and_unknown_backends() {
        let error = |text| BackendChoice::new(Some(text), |_| true).unwrap_err();
        assert!(matches!(error("off"), ClipboardError::Off));
        assert!(matches!(error("xclip"), ClipboardError::UnknownBackend(name) if name == "xclip"));
    }
}
