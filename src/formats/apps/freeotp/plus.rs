//! Reads the JSON that FreeOTP+ exports.

use serde_json::Value;

use super::token;
use crate::formats::{Format, FormatError, Found, ParsedFile, Probe, Recognised, RejectedAccount};

pub(in crate::formats) const FORMAT: Format =
    Format { app: "FreeOTP+", detect: |probe| probe.has_keys(&["tokens", "tokenOrder"]), read };

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let tokens = probe.json().and_then(|file| file["tokens"].as_array());
    let mut parsed = ParsedFile::new(FORMAT.app);
    for token in tokens.ok_or(FormatError::Damaged("it has no list of tokens"))? {
        parsed.take(parse_account(token));
    }
    Ok(Recognised::Plain(parsed))
}

/// Parses a token with its secret and its counter.
pub(super) fn parse_account(token: &Value) -> Result<Found, RejectedAccount> {
    let mut raw = token::to_raw_account(token);
    let Some(secret) = token::parse_secret(token) else {
        return Err(raw.reject("the secret key is not a list of bytes"));
    };
    (raw.secret, raw.counter) = (secret, token::next_counter(token));
    raw.finish()
}
