//! How a command can end other than well.

use std::{fmt, io};

/// The exit codes of the program; part of its promise to scripts
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Could not be done
    Failed = 1,
    /// Wrong usage, or input is needed and there is no terminal
    Usage = 2,
    NoAccount = 3,
    /// The name fits several accounts
    Ambiguous = 4,
    /// The account, or the file to be written, exists already
    Exists = 5,
    /// The vault is locked, or the passphrase is wrong
    Locked = 6,
    /// A code does not match
    Mismatch = 7,
    /// `doctor` has found a problem
    Problem = 8,
}

impl Exit {
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
    let errors = Exit::ALL.map(|exit| (exit as u8, exit.meaning()));
    [done].into_iter().chain(errors).chain([interrupted]).collect()
}

/// What a command could not do: one line, and what the user can do about it
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    message: String,
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hint: None }
    }

    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// That something was done, but not for all accounts: those that are left out have been named
    pub(crate) fn left_out(message: impl Into<String>) -> Self {
        Self::new(Exit::Failed, message).hint("each is named above, with its reason")
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// What the system says, as part of a sentence: lower case, without its number, and without the full stop that Windows
/// puts before it
pub(crate) fn cause(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default().trim_end_matches('.');
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
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
    fn what_the_system_says_is_part_of_a_sentence() {
        for (said, told) in [
            ("No such file or directory (os error 2)", "no such file or directory"),
            ("Access is denied. (os error 5)", "access is denied"),
            ("it is not a regular file", "it is not a regular file"),
            ("", ""),
        ] {
            assert_eq!(cause(&io::Error::other(said)), told);
        }
    }
}
