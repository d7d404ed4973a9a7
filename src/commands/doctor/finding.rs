//! The result of a check.

use std::fmt;

use serde::Serialize;

/// The result of a check, in one line
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Finding {
    check: &'static str,
    pub(super) status: Status,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Status {
    Ok,
    /// Worth knowing
    Warning,
    /// To be fixed
    Problem,
}

impl Finding {
    pub(super) fn ok(check: &'static str, text: impl Into<String>) -> Self {
        Self { check, status: Status::Ok, text: text.into() }
    }

    pub(super) fn warning(check: &'static str, text: impl Into<String>) -> Self {
        Self { check, status: Status::Warning, text: text.into() }
    }

    pub(super) fn problem(check: &'static str, text: impl Into<String>) -> Self {
        Self { check, status: Status::Problem, text: text.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = match self.status {
            Status::Ok => "ok",
            Status::Warning => "warning",
            Status::Problem => "problem",
        };
        write!(f, "{status:<8} {:<12} {}", self.check, self.text)
    }
}
