//! Notes: free text beside an account, such as recovery codes or the device that also holds the secret.

use std::fmt;

use zeroize::Zeroizing;

/// The size limit of a note, in bytes
pub(crate) const MAX_NOTE_BYTES: usize = 8 << 10;

/// A note: at most 8 KiB of text, wiped on drop, redacted in `Debug`; it may hold recovery codes
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Note(Zeroizing<String>);

/// Rejection of a note that is too long
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the note is longer than {} KiB", MAX_NOTE_BYTES >> 10)]
pub(crate) struct NoteTooLong;

impl Note {
    /// Creates a note. Line ends become `\n`, and blank lines and blanks at the end are cut off.
    ///
    /// # Errors
    /// `NoteTooLong`.
    pub(crate) fn new(text: &str) -> Result<Self, NoteTooLong> {
        let text = Zeroizing::new(text.trim_end().replace("\r\n", "\n"));
        if text.len() > MAX_NOTE_BYTES { Err(NoteTooLong) } else { Ok(Self(text)) }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the text. The caller must not let it reach a message or a log.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_empty() { "Note()" } else { "Note(…)" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn note_is_limited_trimmed_and_hidden() {
        let note = Note::new("recovery:\r\n1234\r\n\n").unwrap();
        assert_eq!(note.expose(), "recovery:\n1234");
        assert_eq!(format!("{note:?}"), "Note(…)");
        assert!(Note::new(&"x".repeat(MAX_NOTE_BYTES)).is_ok());
        assert_eq!(Note::new(&"x".repeat(MAX_NOTE_BYTES + 1)), Err(NoteTooLong));
        assert!(Note::new(" \n").unwrap().is_empty());
    }
}
