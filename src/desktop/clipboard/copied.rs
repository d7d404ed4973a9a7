//! What became of a text that was to be copied, told honestly.

use std::fmt;

use crate::desktop::clipboard::Backend;

/// A text that was copied
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Copied {
    pub(super) way: Backend,
    /// After which it is cleared
    pub(super) seconds: u64,
}

impl fmt::Display for Copied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.seconds;
        match self.way {
            Backend::System => write!(f, "copied, cleared in {seconds} s"),
            Backend::Tmux => write!(f, "copied to the tmux buffer, cleared there in {seconds} s"),
            Backend::Terminal => f.write_str(
                "sent to the terminal's clipboard: only the terminal knows whether it took it, and nothing clears it",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_promised_that_cannot_be_known() {
        let told = |way| Copied { way, seconds: 12 }.to_string();
        assert_eq!(told(Backend::System), "copied, cleared in 12 s");
        assert!(told(Backend::Tmux).contains("tmux") && told(Backend::Tmux).contains("12 s"));
        assert!(!told(Backend::Terminal).contains("12 s"));
    }
}
