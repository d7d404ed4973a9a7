//! The contents of a parsed file: accounts, rejected accounts and notes.

use std::fmt;

use crate::formats::{FormatError, RejectedAccount};
use crate::otp::{Enrolment, Name, Warning};
use crate::text::{redact, redact_near};

/// The most bytes of tags in a file, which may repeat the name of a group for each of its accounts
const MAX_TAG_BYTES: usize = 16 * 1024 * 1024;

/// An account that was read, with its warnings
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) enrolment: Enrolment,
    pub(crate) warnings: Vec<Warning>,
    /// The strategy that decoded the picture, if the account comes from one
    pub(crate) attempt: Option<&'static str>,
    /// The name in the file, if mfa wrote it
    pub(crate) suggested_name: Option<Name>,
}

impl Found {
    pub(super) fn new(enrolment: Enrolment, warnings: Vec<Warning>) -> Self {
        Self { enrolment, warnings, attempt: None, suggested_name: None }
    }
}

/// The accounts of a file, in the order of the file
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ParsedFile {
    pub(crate) app: &'static str,
    pub(crate) found: Vec<Found>,
    pub(crate) rejected: Vec<RejectedAccount>,
    /// Messages for the user, such as skipped accounts
    pub(crate) notes: Vec<String>,
    /// Bytes of the tags so far
    tag_bytes: usize,
}

/// A file of a known format
pub(crate) enum Recognised {
    Plain(ParsedFile),
    Encrypted(Encrypted),
}

/// A file whose accounts are encrypted with a password
pub(crate) struct Encrypted {
    pub(crate) app: &'static str,
    open: Box<Open>,
}

/// Decrypts and parses a file with the password.
type Open = dyn Fn(&str) -> Result<ParsedFile, FormatError>;

impl ParsedFile {
    pub(super) fn new(app: &'static str) -> Self {
        Self { app, found: Vec::new(), rejected: Vec::new(), notes: Vec::new(), tag_bytes: 0 }
    }

    /// Adds an account or a rejected account. Rejects accounts once the file has too many tags.
    pub(super) fn take(&mut self, account: Result<Found, RejectedAccount>) {
        if let Ok(found) = &account {
            self.tag_bytes += found.enrolment.tags.iter().map(String::len).sum::<usize>();
        }
        match account {
            Ok(Found { enrolment, .. }) if self.tag_bytes > MAX_TAG_BYTES => {
                self.rejected.push(RejectedAccount {
                    what: redact(&enrolment.label.account_name),
                    reason: "the groups or tags of the accounts before it are too large".to_owned(),
                });
            }
            Ok(found) => self.found.push(found),
            Err(rejected) => self.rejected.push(rejected),
        }
    }

    /// Adds a note about a skipped account, such as one in the recycle bin. Redacts the name if it holds the secret.
    pub(super) fn note_skipped(&mut self, what: &str, secret: &str, why: &'static str) {
        self.notes.push(format!("skipped '{}': {why}", redact_near(secret, what)));
    }
}

impl Recognised {
    /// Creates an encrypted file that `open` decrypts and parses. `open` may be called several times.
    pub(super) fn encrypted(
        app: &'static str,
        open: impl Fn(&str) -> Result<ParsedFile, FormatError> + 'static,
    ) -> Self {
        Self::Encrypted(Encrypted { app, open: Box::new(open) })
    }
}

impl Encrypted {
    /// Decrypts and parses the file.
    ///
    /// # Errors
    /// Returns `WrongPassword`, `WrongPasswordOrDamaged` if the format cannot distinguish the two, or an error of the
    /// parser.
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
    fn accounts_are_rejected_once_tags_are_too_large() {
        let (uri, _) = OtpauthUri::parse("otpauth://totp/bob?secret=JBSWY3DPEHPK3PXP").unwrap();
        let mut enrolment = Enrolment::try_from(uri).unwrap();
        enrolment.tags = vec!["x".repeat(MAX_TAG_BYTES / 2)];
        let mut contents = ParsedFile::new("an app");
        for _ in 0..3 {
            contents.take(Ok(Found::new(enrolment.clone(), Vec::new())));
        }
        assert_eq!((contents.found.len(), contents.rejected[0].what.as_str()), (2, "bob"));
    }
}
