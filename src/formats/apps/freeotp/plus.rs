//! The JSON that FreeOTP+ exports.

use serde_json::Value;

use crate::formats::apps::freeotp::token;
use crate::formats::{Format, FormatError, Found, ParsedFile, Probe, Recognised, RejectedAccount};

pub(in crate::formats) const FORMAT: Format =
    Format { app: "FreeOTP+", detect: |probe| probe.has_keys(&["tokens", "tokenOrder"]), read };

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let tokens = probe.json().and_then(|file| file["tokens"].as_array());
    let mut contents = ParsedFile::new(FORMAT.app);
    for token in tokens.ok_or(FormatError::Damaged("it has no list of tokens"))? {
        contents.take(account(token));
    }
    Ok(Recognised::Plain(contents))
}

/// A token with its secret and the counter before the next
pub(super) fn account(token: &Value) -> Result<Found, RejectedAccount> {
    let mut draft = token::draft(token);
    let Some(secret) = token::secret(token) else {
        return Err(draft.refused("the secret key is no list of bytes"));
    };
    (draft.secret, draft.counter) = (secret, token::next_counter(token));
    draft.finish()
}
