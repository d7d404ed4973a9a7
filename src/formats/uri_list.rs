//! Lists of otpauth URIs and migration URIs of Google Authenticator, one a line.
//!
//! The reader skips other lines, as in an entry of a password store.

use crate::formats::apps::google::{self, APP, is_migration};
use crate::formats::{Format, FormatError, Found, ParsedFile, Probe, Recognised, RejectedAccount};
use crate::otp::{Enrolment, OtpauthUri, UriError, looks_like_uri};

pub(in crate::formats) const FORMAT: Format = Format {
    app: "otpauth URIs",
    detect: |probe| probe.text().is_some_and(looks_like_uri) && probe.json().is_none() && !probe.is_xml(),
    read: |probe| contents(probe, FORMAT.app).map(Recognised::Plain),
};

pub(in crate::formats) const GOOGLE_AUTHENTICATOR: Format = Format {
    app: APP,
    detect: |probe| probe.text().is_some_and(is_migration) && probe.json().is_none(),
    read: |probe| contents(probe, APP).map(Recognised::Plain),
};

/// Returns whether a text holds the content of an authenticator's QR code.
pub(crate) fn is_payload(text: &str) -> bool {
    looks_like_uri(text) || is_migration(text)
}

/// Reads the accounts of the QR codes of one picture. `codes` has the text and the decoding strategy of each.
///
/// # Errors
/// Returns the error of the first invalid account.
pub(crate) fn read_codes<'a>(
    codes: impl IntoIterator<Item = (&'a str, &'static str)>,
) -> Result<Vec<Found>, FormatError> {
    let (mut all, mut payloads) = (Vec::new(), Vec::new());
    for (text, attempt) in codes {
        let with_attempt = |found: Found| Found { attempt: Some(attempt), ..found };
        if is_migration(text) && !looks_like_uri(text) {
            let mut payload = google::decode(text)?;
            payload.accounts =
                payload.accounts.into_iter().map(|account| account.map(with_attempt)).collect();
            payloads.push(payload);
        } else {
            all.extend(read(text)?.into_iter().map(with_attempt));
        }
    }
    all.extend(google::join_all(payloads)?);
    Ok(all)
}

/// Reads all accounts of a text. Those of migration URIs come last.
///
/// # Errors
/// Returns the error of the first invalid account.
pub(super) fn read(text: &str) -> Result<Vec<Found>, FormatError> {
    let (mut all, mut payloads) = (Vec::new(), Vec::new());
    let only_one = lines(text).count() == 1;
    for (line, uri) in lines(text) {
        let in_line = |error: FormatError| {
            if only_one { error } else { FormatError::InLine { line, error: Box::new(error) } }
        };
        if looks_like_uri(uri) {
            all.push(found(uri).map_err(|error| in_line(error.into()))?);
        } else {
            payloads.push(google::decode(uri).map_err(in_line)?);
        }
    }
    all.extend(google::join_all(payloads)?);
    Ok(all)
}

/// Reads all accounts of a file, and rejects invalid ones one by one.
///
/// # Errors
/// Returns the error of an invalid migration URI, whose accounts are unknown.
pub(super) fn contents(probe: &Probe<'_>, app: &'static str) -> Result<ParsedFile, FormatError> {
    let mut contents = ParsedFile::new(app);
    let mut payloads = Vec::new();
    for (line, uri) in lines(probe.text().unwrap_or_default()) {
        if looks_like_uri(uri) {
            contents.take(account(uri, line));
        } else {
            let in_line = |error| FormatError::InLine { line, error: Box::new(error) };
            payloads.push(google::decode(uri).map_err(in_line)?);
        }
    }
    for account in google::join(payloads)? {
        contents.take(account);
    }
    Ok(contents)
}

/// Reads the account of the URI in a line.
///
/// # Errors
/// Returns the line as a rejected account if the URI is invalid.
pub(super) fn account(uri: &str, line: usize) -> Result<Found, RejectedAccount> {
    found(uri).map_err(|error| RejectedAccount { what: format!("line {line}"), reason: error.to_string() })
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.lines()).filter(|(_, line)| is_payload(line))
}

fn found(uri: &str) -> Result<Found, UriError> {
    let (uri, warnings) = OtpauthUri::parse(uri)?;
    Ok(Found::new(Enrolment::try_from(uri)?, warnings))
}
