//! A text that others can paste.

use crate::desktop::clipboard::deadline::Deadline;

/// A text in a clipboard
pub(super) trait HeldClipboard {
    /// Until the time has come, or something else was copied. Then, and by the end of the process at the latest, the clipboard is
    /// cleared if it still holds the text.
    fn keep(self: Box<Self>, lasting: &Deadline);
}
