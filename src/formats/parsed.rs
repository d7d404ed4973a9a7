//! What a file holds: the accounts that can be taken, and those that cannot.

use std::fmt;

use crate::formats::FormatError;
use crate::otp::{Enrolment, Name, Warning};
use crate::text::{redact, redact_near};

/// Bytes of the tags of all accounts of a file, which may repeat those of a group for each that is in it
const MAX_TAGS: usize = 16 * 1024 * 1024;

/// An account as it was found, and what was unusual about it
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) enrolment: Enrolment,
    pub(crate) warnings: Vec<Warning>,
    /// Out of a picture: which try at reading it succeeded
    pub(crate) attempt: Option<&'static str>,
    /// What its user called it, where it comes from this program
    pub(crate) suggested_name: Option<Name>,
}

impl Found {
    pub(super) fn new(enrolment: Enrolment, warnings: Vec<Warning>) -> Self {
        Self { enrolment, warnings, attempt: None, suggested_name: None }
    }
}

/// An account that cannot be taken
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {reason}")]
pub(crate) struct RejectedAccount {
    /// What it is called there, fit for a message
    pub(crate) what: String,
    /// Holds no secret
    pub(crate) reason: String,
}

/// What a file of an authenticator holds, in the order of the file
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParsedFile {
    pub(crate) app: &'static str,
    pub(crate) found: Vec<Found>,
    pub(crate) refused: Vec<RejectedAccount>,
    /// What else the user should know: what was passed over on purpose
    pub(crate) notes: Vec<String>,
    /// Bytes of tags
    tags: usize,
}

/// A file that was recognised
pub(crate) enum Recognised {
    Plain(ParsedFile),
    Encrypted(Encrypted),
}

/// A file that gives its accounts for a password
pub(crate) struct Encrypted {
    pub(crate) app: &'static str,
    open: Box<Open>,
}

/// What opens a file, given the password
type Open = dyn Fn(&str) -> Result<ParsedFile, FormatError>;

impl ParsedFile {
    pub(super) fn new(app: &'static str) -> Self {
        Self { app, found: Vec::new(), refused: Vec::new(), notes: Vec::new(), tags: 0 }
    }

    /// Adds an account, or why it is none
    pub(super) fn take(&mut self, account: Result<Found, RejectedAccount>) {
        if let Ok(found) = &account {
            self.tags += found.enrolment.tags.iter().map(String::len).sum::<usize>();
        }
        match account {
            Ok(Found { enrolment, .. }) if self.tags > MAX_TAGS => self.refused.push(RejectedAccount {
                what: redact(&enrolment.label.account_name),
                reason: "the groups or tags of the accounts before it fill the memory".to_owned(),
            }),
            Ok(found) => self.found.push(found),
            Err(refused) => self.refused.push(refused),
        }
    }

    /// Notes an account that is left out on purpose, such as one in a bin, by its name, beside which this secret stands
    pub(super) fn pass_over(&mut self, what: &str, secret: &str, why: &'static str) {
        self.notes.push(format!("'{}' was passed over: {why}", redact_near(secret, what)));
    }
}

impl Recognised {
    /// A file that `open` reads, given the right password; it may be asked more than once
    pub(super) fn encrypted(
        app: &'static str,
        open: impl Fn(&str) -> Result<ParsedFile, FormatError> + 'static,
    ) -> Self {
        Self::Encrypted(Encrypted { app, open: Box::new(open) })
    }
}

impl Encrypted {
    /// Opens the file.
    ///
    /// # Errors
    /// `WrongPassword`, or `WrongPasswordOrDamaged` where the format cannot tell, and all that is wrong with the file.
    pub(crate) fn open(&self, password: &str) -> Result<ParsedFile, FormatError> {
        (self.open)(password)
    }
}

impl fmt::Debug for Recognised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(contents) => contents.fmt(f),
            Self::Encrypted(encrypted) => write!(f, "Encrypted({})", encrypted.app),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::OtpauthUri;

    #[test]
    fn tags_do_not_fill_the_memory() {
        let (uri, _) = OtpauthUri::parse("otpauth://totp/bob?secret=JBSWY3DPEHPK3PXP").unwrap();
        let mut enrolment = Enrolment::try_from(uri).unwrap();
        enrolment.tags = vec!["x".repeat(MAX_TAGS / 2)];
        let mut contents = ParsedFile::new("an app");
        for _ in 0..3 {
            contents.take(Ok(Found::new(enrolment.clone(), Vec::new())));
        }
        assert_eq!((contents.found.len(), contents.refused[0].what.as_str()), (2, "bob"));
    }
}
