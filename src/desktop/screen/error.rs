//! Errors of screenshots.

use std::io;

use crate::error::cause;
use crate::platform::subprocess::SubprocessError;

/// Why no screenshot could be taken
#[derive(Debug, thiserror::Error)]
#[cfg_attr(any(windows, target_os = "macos"), expect(dead_code, reason = "there is always a screen"))]
pub(crate) enum ScreenError {
    #[error("no screen: neither WAYLAND_DISPLAY nor DISPLAY is set")]
    Missing,
    #[error("no program found that takes screenshots")]
    NoTool,
    #[error("could not take a screenshot: {0}")]
    Refused(String),
    #[error("could not take a screenshot: {}", cause(.0))]
    Io(#[from] io::Error),
}

impl ScreenError {
    /// Returns advice for the user, if there is any.
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoTool => Some(
                "install grim (Sway, Hyprland), spectacle (KDE) or gnome-screenshot, or take a screenshot yourself and run 'mfa add NAME FILE'",
            ),
            Self::Missing | Self::Refused(_) => {
                Some("take a picture of the code and run 'mfa add NAME FILE'")
            }
            Self::Io(_) => None,
        }
    }
}

impl From<SubprocessError> for ScreenError {
    fn from(error: SubprocessError) -> Self {
        match error {
            SubprocessError::Missing(_) => Self::NoTool,
            error => Self::Refused(error.to_string()),
        }
    }
}
