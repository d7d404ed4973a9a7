//! The error of a command: an exit code, a message, a hint.
//!
//! Each room turns its own errors into a [`CommandError`], beside their definition. A new kind of error does not compile
//! before its exit code is decided.

use std::fmt::{self, Display};
use std::io;

/// The result of a command or of one of its steps
pub(crate) type Result<T, E = CommandError> = std::result::Result<T, E>;

/// The exit codes of the program, a promise to scripts
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum ExitCode {
    /// Could not be done
    Failed = 1,
    /// Wrong usage, or input is needed and there is no terminal
    Usage = 2,
    /// No such account
    NoAccount = 3,
    /// The name fits several accounts
    Ambiguous = 4,
    /// The account, or the file to be written, exists already
    Exists = 5,
    /// The vault is locked, or the passphrase is wrong
    Locked = 6,
    /// A code does not match
    Mismatch = 7,
    /// `doctor` found a problem
    Problem = 8,
}

impl ExitCode {
    const ALL: [Self; 8] = [
        Self::Failed,
        Self::Usage,
        Self::NoAccount,
        Self::Ambiguous,
        Self::Exists,
        Self::Locked,
        Self::Mismatch,
        Self::Problem,
    ];

    fn meaning(self) -> &'static str {
        match self {
            Self::Failed => "failed: I/O, a bad or missing secret, a damaged vault, no QR code found",
            Self::Usage => "wrong usage, or input is needed and there is no terminal",
            Self::NoAccount => "no such account",
            Self::Ambiguous => "the name matches several accounts",
            Self::Exists => "the account or the output file exists already",
            Self::Locked => "the vault is locked, or the passphrase is wrong",
            Self::Mismatch => "the code does not match (verify, add --verify)",
            Self::Problem => "doctor found a problem",
        }
    }
}

/// Returns every exit code of the program with its meaning, as the manual lists them.
pub(crate) fn exit_codes() -> Vec<(u8, &'static str)> {
    let done = (0, "done, also if the reader closed the pipe");
    let interrupted = (130, "interrupted: the program ends by the signal, as shells expect");
    let errors = ExitCode::ALL.map(|exit| (exit as u8, exit.meaning()));
    [done].into_iter().chain(errors).chain([interrupted]).collect()
}

/// How the process ends
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// Successfully, or quietly because the reader closed the pipe
    Success,
    /// With an exit code
    Code(ExitCode),
    /// By the signal that interrupted it, as any other program
    Signal(i32),
}

/// Why a command failed: one line for the user, and what to do about it
#[derive(Debug)]
pub(crate) struct CommandError {
    pub(crate) status: ExitStatus,
    error: anyhow::Error,
    pub(crate) hint: Option<String>,
}

impl CommandError {
    pub(crate) fn new(exit: ExitCode, message: impl Into<String>) -> Self {
        Self::with_status(ExitStatus::Code(exit), anyhow::Error::msg(message.into()))
    }

    /// Wraps the error of a room, which [`Self::downcast_ref`] gives back.
    pub(crate) fn wrap(exit: ExitCode, error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::with_status(ExitStatus::Code(exit), error.into())
    }

    pub(crate) fn failed(message: impl Into<String>) -> Self {
        Self::new(ExitCode::Failed, message)
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(ExitCode::Usage, message)
    }

    /// Reports a command that succeeded for some accounts only. The others have been named.
    pub(crate) fn incomplete(message: impl Into<String>) -> Self {
        Self::failed(message).hint("each is named above, with its reason")
    }

    /// Ends the process without a message, because the reader closed the pipe.
    pub(crate) fn closed_pipe(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::with_status(ExitStatus::Success, error.into())
    }

    /// Ends the process by a signal that it received, without a message.
    pub(crate) fn interrupted(signal: i32, error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::with_status(ExitStatus::Signal(signal), error.into())
    }

    fn with_status(status: ExitStatus, error: anyhow::Error) -> Self {
        Self { status, error, hint: None }
    }

    /// Puts words before the message.
    pub(crate) fn context(self, context: impl Display + Send + Sync + 'static) -> Self {
        Self { error: self.error.context(context), ..self }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    pub(crate) fn hint_if_any(self, hint: Option<impl Into<String>>) -> Self {
        Self { hint: hint.map(Into::into), ..self }
    }

    /// Returns the wrapped error if it is of this type.
    pub(crate) fn downcast_ref<E: Display + fmt::Debug + Send + Sync + 'static>(&self) -> Option<&E> {
        self.error.downcast_ref()
    }
}

/// The message, with its context in front: `could not read 'a': permission denied`
impl Display for CommandError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.error)
    }
}

/// Puts words before the message of an error: the step that failed, or the origin of a value
pub(crate) trait Context<T> {
    fn context(self, context: impl Display + Send + Sync + 'static) -> Result<T>;

    fn with_context<C: Display + Send + Sync + 'static>(self, context: impl FnOnce() -> C) -> Result<T>;
}

impl<T, E: Into<CommandError>> Context<T> for Result<T, E> {
    fn context(self, context: impl Display + Send + Sync + 'static) -> Result<T> {
        self.with_context(|| context)
    }

    fn with_context<C: Display + Send + Sync + 'static>(self, context: impl FnOnce() -> C) -> Result<T> {
        self.map_err(|error| error.into().context(context()))
    }
}

/// Returns the text of a system error as part of a sentence: lower case, without its number, and without the full stop
/// that Windows puts before it.
pub(crate) fn cause(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default().trim_end_matches('.');
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

/// A system error without a room of its own
impl From<io::Error> for CommandError {
    fn from(error: io::Error) -> Self {
        Self::failed(cause(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_listed_without_a_gap() {
        let codes: Vec<u8> = exit_codes().into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 130]);
    }

    #[test]
    fn system_errors_become_part_of_a_sentence() {
        for (text, expected) in [
            ("No such file or directory (os error 2)", "no such file or directory"),
            ("Access is denied. (os error 5)", "access is denied"),
            ("it is not a regular file", "it is not a regular file"),
            ("", ""),
        ] {
            assert_eq!(cause(&io::Error::other(text)), expected);
        }
    }

    #[test]
    fn context_keeps_the_exit_code_the_hint_and_the_wrapped_error() {
        let wrapped = CommandError::wrap(ExitCode::Locked, io::Error::other("inner")).hint("try again");
        let error = Err::<(), _>(wrapped).context("outer").unwrap_err();
        assert_eq!(error.to_string(), "outer: inner");
        assert_eq!(error.status, ExitStatus::Code(ExitCode::Locked));
        assert_eq!(error.hint.as_deref(), Some("try again"));
        assert!(error.downcast_ref::<io::Error>().is_some());
    }
}
