//! The report on a copied text.

use std::fmt;

use crate::desktop::clipboard::Backend;

/// A text that was copied, and the time after which it is cleared
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Copied {
    pub(super) backend: Backend,
    pub(super) seconds: u64,
}

impl fmt::Display for Copied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.seconds;
        match self.backend {
            Backend::System => write!(f, "copied, cleared in {seconds} s"),
            Backend::Tmux => write!(f, "copied to the tmux buffer, cleared there in {seconds} s"),
            Backend::Terminal => f.write_str(
                "sent to the terminal's clipboard; mfa cannot check whether it arrived, and does not clear it",
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copied_reports_no_time_for_the_terminal() {
        let report = |backend| Copied { backend, seconds: 12 }.to_string();
        assert_eq!(report(Backend::System), "copied, cleared in 12 s");
        assert!(report(Backend::Tmux).contains("tmux") && report(Backend::Tmux).contains("12 s"));
        assert!(!report(Backend::Terminal).contains("12 s"));
    }
}
