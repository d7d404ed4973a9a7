//! otpauth URIs, one a line; lines without one are passed over, as in the entry of a password store.

use super::{FormatError, Found};
use crate::otp::{Enrolment, OtpauthUri, UriError, looks_like_uri};

const MIGRATION: &str = "otpauth-migration://";

/// Whether a text is, or holds, what an authenticator's QR code says
pub(crate) fn is_payload(text: &str) -> bool {
    looks_like_uri(text) || is_migration(text)
}

pub(super) fn read(text: &str) -> Result<Vec<Found>, FormatError> {
    let lines: Vec<(usize, &str)> = (1..).zip(text.lines()).filter(|(_, line)| is_payload(line)).collect();
    let only_one = lines.len() == 1;
    lines
        .into_iter()
        .map(|(line, uri)| match found(uri) {
            _ if is_migration(uri) => Err(FormatError::Migration),
            Err(error) if only_one => Err(error.into()),
            Err(error) => Err(FormatError::UriInLine { line, error }),
            Ok(found) => Ok(found),
        })
        .collect()
}

fn found(uri: &str) -> Result<Found, UriError> {
    let (uri, warnings) = OtpauthUri::parse(uri)?;
    Ok(Found { enrolment: Enrolment::try_from(uri)?, warnings, attempt: None })
}

fn is_migration(text: &str) -> bool {
    text.to_ascii_lowercase().contains(MIGRATION)
}
