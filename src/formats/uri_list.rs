//! otpauth URIs, one a line; lines without one are passed over, as in the entry of a password store.

use super::{Contents, Format, FormatError, Found, Probe, Recognised, Refused};
use crate::otp::{Enrolment, OtpauthUri, UriError, looks_like_uri};

pub(super) const FORMAT: Format = Format {
    app: "otpauth URIs",
    detect: |probe| probe.text().is_some_and(looks_like_uri) && probe.json().is_none() && !probe.is_xml(),
    read: |probe| Ok(Recognised::Plain(contents(probe, FORMAT.app))),
};

const MIGRATION: &str = "otpauth-migration://";

/// Whether a text is, or holds, what an authenticator's QR code says
pub(crate) fn is_payload(text: &str) -> bool {
    looks_like_uri(text) || is_migration(text)
}

/// All accounts of a text that holds some.
///
/// # Errors
/// The first account that cannot be read.
pub(super) fn read(text: &str) -> Result<Vec<Found>, FormatError> {
    let only_one = lines(text).count() == 1;
    lines(text)
        .map(|(line, uri)| match found(uri) {
            _ if is_migration(uri) => Err(FormatError::Migration),
            Err(error) if only_one => Err(error.into()),
            Err(error) => Err(FormatError::InLine { line, error: Box::new(error.into()) }),
            Ok(found) => Ok(found),
        })
        .collect()
}

/// The same, where one account does not keep the others out
fn contents(probe: &Probe<'_>, app: &'static str) -> Contents {
    let mut contents = Contents::new(app);
    for (line, uri) in lines(probe.text().unwrap_or_default()) {
        let refused = |error: UriError| Refused { what: format!("line {line}"), reason: error.to_string() };
        contents.take(found(uri).map_err(refused));
    }
    contents
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| is_payload(line))
}

fn found(uri: &str) -> Result<Found, UriError> {
    let (uri, warnings) = OtpauthUri::parse(uri)?;
    Ok(Found { enrolment: Enrolment::try_from(uri)?, warnings, attempt: None })
}

fn is_migration(text: &str) -> bool {
    text.to_ascii_lowercase().contains(MIGRATION)
}
