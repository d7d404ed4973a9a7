//! Reads the preferences of FreeOTP 1, `tokens.xml`: a string of JSON for each token.

use super::{FORMAT, plus};
use crate::formats::codec::android_preferences;
use crate::formats::codec::json::Json;
use crate::formats::{FormatError, ParsedFile, Probe, RejectedAccount};
use crate::text::redact;

/// The one preference that is not a token
const ORDER: &str = "tokenOrder";

/// Returns whether a file is the preferences with the tokens; other apps write preferences in the same format.
pub(super) fn hold_tokens(probe: &Probe<'_>) -> bool {
    probe.is_xml() && probe.text().is_some_and(|text| text.contains(ORDER))
}

pub(super) fn parse(xml: &str) -> Result<ParsedFile, FormatError> {
    let mut parsed = ParsedFile::new(FORMAT.app);
    for (name, text) in android_preferences::strings(xml)?.iter().filter(|(name, _)| name != ORDER) {
        parsed.take(match Json::parse(text) {
            Ok(token) => plus::parse_account(&token),
            Err(error) => Err(RejectedAccount { what: redact(name), reason: error.to_string() }),
        });
    }
    Ok(parsed)
}
