//! What describes accounts, recognised by its content: bytes to accounts, no disk, no prompt.
//!
//! A format is one file here with one `pub(super) const FORMAT: Format`: the app's name, `detect`, and `read`. It gets a
//! [`Probe`], in which the bytes are already text or JSON, copies the fields of each account into a [`Draft`], and the
//! draft decides, equally strictly for all, whether that is an account; [`Contents::take`] keeps both answers, in the
//! order of the file. What needs a password is read as far as it goes without, the costs it names checked by `cost`,
//! and handed back as [`Recognised::encrypted`]. A new file is a line in the `mod` list and one in `FORMATS`, before
//! every format that would take it too; its fixtures go to `tests/fixtures/import/APP`, where a test finds them.

mod aegis;
mod age_file;
mod and_otp;
mod archive;
mod authy;
mod aws;
mod bitwarden;
mod browser_extension;
mod cbc;
mod cloak;
mod contents;
mod cost;
mod cotp;
mod cxf;
mod database;
mod draft;
mod duo;
mod ente;
mod error;
pub(crate) mod export;
mod freeotp;
mod gauth;
mod gcm;
mod google;
mod json;
mod kdf;
mod keepass;
mod lastpass;
mod mfa;
mod onepassword;
mod password_store;
mod preferences;
mod probe;
mod proton;
mod raivo;
mod rsc_2fa;
mod seed;
mod stratum;
mod table;
mod totp_cli;
mod two_fas;
mod uri_list;

pub(crate) use contents::{Contents, Encrypted, Found, Recognised, Refused};
pub(crate) use error::FormatError;
pub(crate) use google::{Migration, is_migration};
pub(crate) use probe::text_of;
pub(crate) use seed::looks_like_code;
pub(crate) use uri_list::{is_payload, read_codes};

use draft::{Draft, Field, RawSecret, tags_of};
use probe::Probe;

/// In the order in which they are tried
const FORMATS: &[Format] = &[
    mfa::EXPORT,
    aws::FORMAT,
    aegis::FORMAT,
    two_fas::FORMAT,
    bitwarden::FORMAT,
    ente::FORMAT,
    freeotp::FORMAT,
    freeotp::PLUS,
    authy::FORMAT,
    browser_extension::FORMAT,
    cotp::FORMAT,
    cxf::FORMAT,
    database::MICROSOFT,
    database::OTHER,
    duo::FORMAT,
    keepass::KDBX,
    keepass::XML,
    keepass::CSV,
    lastpass::FORMAT,
    onepassword::PUX,
    onepassword::CSV,
    proton::FORMAT,
    raivo::FORMAT,
    stratum::FORMAT,
    totp_cli::FORMAT,
    age_file::FORMAT,
    mfa::VAULT,
    cloak::FORMAT,
    rsc_2fa::FORMAT,
    gauth::FORMAT,
    password_store::FORMAT,
    google::FORMAT,
    uri_list::FORMAT,
    seed::FORMAT,
    totp_cli::FIRST,
    and_otp::FORMAT,
];

/// A kind of file that can be imported
struct Format {
    /// As its users call it; empty where a file is recognised only to say what to do instead
    app: &'static str,
    /// Whether a file is of this kind, as cheaply as can be told
    detect: fn(&Probe<'_>) -> bool,
    read: fn(&Probe<'_>) -> Result<Recognised, FormatError>,
}

/// Reads a file of this or of another authenticator. An account that cannot be taken does not keep the others out.
///
/// # Errors
/// A file of no known kind, or one that is damaged as a whole.
pub(crate) fn recognise(bytes: &[u8]) -> Result<Recognised, FormatError> {
    let probe = Probe::new(bytes);
    if probe.is_empty() {
        return Err(FormatError::Empty);
    }
    match FORMATS.iter().find(|format| (format.detect)(&probe)) {
        Some(format) => (format.read)(&probe),
        None => Err(unknown(&probe)),
    }
}

fn unknown(probe: &Probe<'_>) -> FormatError {
    let encoding = || probe.line_in_another_encoding().map(FormatError::NotUtf8);
    probe.json_error().cloned().or_else(encoding).unwrap_or(FormatError::UnknownFile)
}

/// Reads the accounts out of a text: otpauth URIs, what AWS prints, or one secret key.
///
/// # Errors
/// A text of no known kind, or one whose accounts cannot all be read.
pub(crate) fn read(text: &str) -> Result<Vec<Found>, FormatError> {
    let text = probe::trimmed(text);
    if text.is_empty() {
        Err(FormatError::Empty)
    } else if is_payload(text) {
        uri_list::read(text)
    } else if text.starts_with('{') {
        Ok(vec![aws::read(text)?])
    } else {
        Ok(vec![seed::read(text)?])
    }
}

#[cfg(test)]
mod tests;
