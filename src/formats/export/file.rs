//! A written file with the accounts and data that it lacks.

use std::fmt;

use zeroize::Zeroizing;

use super::limitation::ExportLimitation;
use crate::otp::Name;

/// A file for another app, with the accounts and data that it lacks
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Export {
    /// Holds the secrets
    pub(crate) text: Zeroizing<String>,
    /// The accounts that are not in the file, because the app would reject the whole file or show wrong codes
    pub(crate) left_out: Vec<(Name, ExportLimitation)>,
    /// The accounts that are in the file with less data
    pub(crate) reduced: Vec<(Name, ExportLimitation)>,
}

impl Export {
    /// Creates a file that has all data of all accounts.
    pub(in crate::formats) fn complete(text: Zeroizing<String>) -> Self {
        Self { text, left_out: Vec::new(), reduced: Vec::new() }
    }
}

impl fmt::Debug for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { text: _, left_out, reduced } = self;
        let mut export = f.debug_struct("Export");
        export.field("left_out", left_out).field("reduced", reduced).finish_non_exhaustive()
    }
}
