//! The result of a run, and the checks of a test on it.

use std::process::ExitStatus;

use crate::harness::vectors;

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) said: String,
    pub(crate) status: ExitStatus,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
    pub(crate) seconds: f64,
}

impl Outcome {
    /// Checks that the run was not killed, did not panic and printed no secret of the fixtures.
    #[track_caller]
    pub(crate) fn assert_clean(&self) {
        let code = self.status.code();
        assert!(code.is_some(), "{} was killed: {}", self.said, self.status);
        assert!(!self.stderr.contains("panicked") && code != Some(101), "{self:?}");
        let upper = self.stderr.to_uppercase();
        for secret in vectors::secrets() {
            assert!(!upper.contains(&secret), "{} tells a secret: {}", self.said, self.stderr);
        }
    }

    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.status.code(), Some(code), "{}\n{}{}", self.said, self.stderr, self.text());
        if code != 0 {
            self.assert_one_error();
        }
        self
    }

    /// Checks that there is one `error: `, in lower case and without a full stop.
    #[track_caller]
    fn assert_one_error(&self) {
        let errors: Vec<&str> = self.stderr.lines().filter_map(|line| line.strip_prefix("error: ")).collect();
        let [error] = errors[..] else { panic!("{}: not one error: {:?}", self.said, self.stderr) };
        assert!(
            !error.starts_with(char::is_uppercase) || error.starts_with("AWS") || error.starts_with("MFA_")
        );
        assert!(!error.ends_with('.'), "{}: {error}", self.said);
    }

    #[track_caller]
    pub(crate) fn prints(self, stdout: &str) -> Self {
        assert_eq!(self.text(), stdout, "{}\n{}", self.said, self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn says(self, part: &str) -> Self {
        assert!(self.stderr.contains(part), "{}\nno '{part}' in:\n{}", self.said, self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn says_not(self, part: &str) -> Self {
        assert!(!self.stderr.contains(part), "{}\n'{part}' in:\n{}", self.said, self.stderr);
        self
    }

    /// Checks that an indented hint contains `part`.
    #[track_caller]
    pub(crate) fn hints(self, part: &str) -> Self {
        let found = self.stderr.lines().any(|line| line.starts_with("  hint: ") && line.contains(part));
        assert!(found, "{}\nno hint '{part}' in:\n{}", self.said, self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn in_silence(self) -> Self {
        assert_eq!(self.stderr, "", "{}", self.said);
        self
    }

    /// Checks that stderr is one line with this beginning.
    #[track_caller]
    pub(crate) fn in_silence_but(self, start: &str) -> Self {
        assert!(self.stderr.starts_with(start) && self.stderr.lines().count() == 1, "{}", self.stderr);
        self
    }

    /// Returns stdout as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        assert!(self.stdout.is_ascii() && self.stdout.ends_with(b"\n"), "{}", self.text());
        serde_json::from_slice(&self.stdout).expect("it is JSON")
    }
}
