//! Why there is no picture of the screen.

use std::io;

use crate::error::cause;
use crate::platform::subprocess::SubprocessError;

#[derive(Debug, thiserror::Error)]
#[cfg_attr(any(windows, target_os = "macos"), expect(dead_code, reason = "there is always a screen"))]
pub(crate) enum ScreenError {
    #[error("there is no screen here: neither WAYLAND_DISPLAY nor DISPLAY is set")]
    Missing,
    #[error("there is no program here that takes a picture of the screen")]
    NoTool,
    #[error("could not take a picture of the screen: {0}")]
    Refused(String),
    #[error("could not take a picture of the screen: {}", cause(.0))]
    Io(#[from] io::Error),
}

impl ScreenError {
    /// What the user can do about it
    pub(crate) fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoTool => Some(
                "install grim (Sway, Hyprland), spectacle (KDE) or gnome-screenshot, or name a picture: mfa add NAME FILE",
            ),
            Self::Missing | Self::Refused(_) => {
                Some("take a picture of the code and name it: mfa add NAME FILE")
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
