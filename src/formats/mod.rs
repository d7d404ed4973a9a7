//! What describes accounts, recognised by its content: bytes to accounts, no disk, no prompt.
//!
//! A format is one file here with one `pub(in crate::formats) const FORMAT: Format`: the app's name, `detect`, and `read`. It gets a
//! [`Probe`], in which the bytes are already text or JSON, copies the fields of each account into a [`RawAccount`], and the
//! draft decides, equally strictly for all, whether that is an account; [`ParsedFile::take`] keeps both answers, in the
//! order of the file. What needs a password is read as far as it goes without, the costs it names checked by `cost`,
//! and handed back as [`Recognised::encrypted`]. A new file is a line in the `mod` list and one in `FORMATS`, before
//! every format that would take it too; its fixtures go to `tests/fixtures/import/APP`, where a test finds them.
mod apps;
mod bare_secret;
mod codec;
mod crypto;
mod error;
pub(crate) mod export;
mod parsed;
mod probe;
mod raw_account;
mod uri_list;

pub(crate) use crate::formats::apps::google::{Migration, is_migration};
pub(crate) use bare_secret::looks_like_code;
pub(crate) use error::FormatError;
pub(crate) use parsed::{Encrypted, Found, ParsedFile, Recognised, RejectedAccount};
pub(crate) use probe::text_of;
pub(crate) use uri_list::{is_payload, read_codes};

use probe::Probe;
use raw_account::{Field, RawAccount, RawSecret, tags_of};

/// In the order in which they are tried
const FORMATS: &[Format] = &[
    crate::formats::apps::mfa::EXPORT,
    crate::formats::apps::aws::FORMAT,
    crate::formats::apps::aegis::FORMAT,
    crate::formats::apps::two_fas::FORMAT,
    crate::formats::apps::bitwarden::FORMAT,
    crate::formats::apps::ente::FORMAT,
    crate::formats::apps::freeotp::FORMAT,
    crate::formats::apps::freeotp::PLUS,
    crate::formats::apps::authy::FORMAT,
    crate::formats::apps::browser_extension::FORMAT,
    crate::formats::apps::cotp::FORMAT,
    crate::formats::apps::cxf::FORMAT,
    crate::formats::apps::unsupported_databases::MICROSOFT,
    crate::formats::apps::unsupported_databases::OTHER,
    crate::formats::apps::duo::FORMAT,
    crate::formats::apps::keepass::KDBX,
    crate::formats::apps::keepass::XML,
    crate::formats::apps::keepass::CSV,
    crate::formats::apps::lastpass::FORMAT,
    crate::formats::apps::onepassword::PUX,
    crate::formats::apps::onepassword::CSV,
    crate::formats::apps::proton::FORMAT,
    crate::formats::apps::raivo::FORMAT,
    crate::formats::apps::stratum::FORMAT,
    crate::formats::apps::totp_cli::FORMAT,
    crate::formats::crypto::age_file::FORMAT,
    crate::formats::apps::mfa::VAULT,
    crate::formats::apps::cloak::FORMAT,
    crate::formats::apps::rsc_2fa::FORMAT,
    crate::formats::apps::gauth::FORMAT,
    crate::formats::apps::password_store::FORMAT,
    crate::formats::apps::google::FORMAT,
    uri_list::FORMAT,
    bare_secret::FORMAT,
    crate::formats::apps::totp_cli::FIRST,
    crate::formats::apps::and_otp::FORMAT,
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
    } else if apps::mfa::is_vault(&Probe::new(text.as_bytes())) {
        Err(FormatError::OwnVault)
    } else if is_payload(text) {
        uri_list::read(text)
    } else if text.starts_with('{') {
        Ok(vec![crate::formats::apps::aws::read(text)?])
    } else {
        Ok(vec![bare_secret::read(text)?])
    }
}

#[cfg(test)]
mod tests;
