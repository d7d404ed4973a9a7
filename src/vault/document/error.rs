//! The errors of reading and writing the text of a vault.

use std::ops::Range;

use super::version::{ENCRYPTED, OLD_ENCRYPTED, PLAIN};
use crate::error::{CommandError, ExitCode};
use crate::vault::crypto::HeaderError;

/// An error of the text of a vault: names places only, because a line of the text may hold a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DocumentError {
    #[error("is empty")]
    Empty,
    #[error("is not text: byte {0} is not UTF-8")]
    NotUtf8(usize),
    #[error("has a syntax error at line {line}, column {column}")]
    Syntax { line: usize, column: usize },
    #[error("has a duplicate table or key at line {line}, column {column}")]
    Duplicate { line: usize, column: usize },
    #[error("has no 'version'")]
    NoVersion,
    #[error("has a 'version' that is not a whole number from 1 on")]
    BadVersion,
    #[error("has version {0}, but this mfa supports only versions {PLAIN} and {ENCRYPTED}")]
    NewerVersion(i64),
    #[error("has version {OLD_ENCRYPTED}, which this mfa no longer reads")]
    OldVersion,
    #[error("has an entry 'accounts' that is not a table")]
    AccountsNotATable,
    #[error("{0}")]
    VaultHeader(#[from] HeaderError),
    #[error("has the highest possible 'vault.generation', so it cannot be changed")]
    LastGeneration,
    #[error("cannot be changed without touching other entries")]
    NotEditable,
    #[error("would still hold a secret as plain text: {} has it too, outside of its record", place(*.0))]
    PlainSecret(Option<usize>),
    #[error("would still hold a secret as plain text: the comment in line {0} has that of another record")]
    CommentedSecret(usize),
}

impl DocumentError {
    /// Converts the position of a syntax error to a line and a column, both from 1; the column counts characters.
    pub(super) fn syntax_at(text: &str, span: Option<Range<usize>>) -> Self {
        let offset = span.map_or(0, |span| span.start).min(text.len());
        let before = String::from_utf8_lossy(&text.as_bytes()[..offset]);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self::Syntax { line, column }
    }
}

/// Names the line; a secret that is in no line of the user's is in the list of names.
fn place(line: Option<usize>) -> String {
    line.map_or_else(|| "the name of an account".to_owned(), |line| format!("line {line}"))
}

impl From<DocumentError> for CommandError {
    fn from(error: DocumentError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}
