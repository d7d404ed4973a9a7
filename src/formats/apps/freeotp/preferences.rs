//! The preferences of FreeOTP 1, `tokens.xml`: a string of JSON for each token.

use crate::formats::apps::freeotp::{FORMAT, plus};
use crate::formats::codec::android_preferences;
use crate::formats::codec::json::Json;
use crate::formats::{FormatError, ParsedFile, Probe, RejectedAccount};
use crate::text::redact;

/// The preference that is no token
const ORDER: &str = "tokenOrder";

/// Whether these are the preferences that hold tokens; every app has some
pub(super) fn are_tokens(probe: &Probe<'_>) -> bool {
    probe.is_xml() && probe.text().is_some_and(|text| text.contains(ORDER))
}

pub(super) fn contents(xml: &str) -> Result<ParsedFile, FormatError> {
    let mut contents = ParsedFile::new(FORMAT.app);
    for (name, text) in android_preferences::strings(xml)?.iter().filter(|(name, _)| name != ORDER) {
        contents.take(match Json::parse(text) {
            Ok(token) => plus::account(&token),
            Err(error) => Err(RejectedAccount { what: redact(name), reason: error.to_string() }),
        });
    }
    Ok(contents)
}
