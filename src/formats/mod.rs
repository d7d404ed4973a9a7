//! Reads and writes the exports of authenticators: bytes to accounts and back, without files or prompts.
//!
//! A format is one file in `apps` with one `const FORMAT: Format`: the name of the app, `detect`, and `read`. Both get a
//! [`Probe`], which has the bytes as text or JSON. `read` copies the fields of each account into a [`RawAccount`], whose
//! checks are the same for all formats, and [`ParsedFile::take`] collects accounts and rejections in the order of the
//! file. A file with a password is parsed as far as possible, `kdf_limits` checks its costs, and
//! [`Recognised::encrypted`] returns the rest as a closure.
//!
//! A new format is a line in `apps/mod.rs` and one in `FORMATS`, before each format that would match its files too.
//! Its fixtures go to `tests/fixtures/import/APP`, where a test finds them.

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

pub(crate) use apps::google::{Migration, is_migration};
pub(crate) use bare_secret::looks_like_code;
pub(crate) use error::{FormatError, RejectedAccount};
pub(crate) use parsed::{Encrypted, Found, ParsedFile, Recognised};
pub(crate) use probe::decode_text;
pub(crate) use uri_list::{is_payload, read_codes};

use probe::Probe;
use raw_account::{Field, RawAccount, RawSecret, collect_tags};

/// The formats in the order in which `recognise` tries them
const FORMATS: &[Format] = &[
    apps::mfa::EXPORT,
    apps::aws::FORMAT,
    apps::aegis::FORMAT,
    apps::two_fas::FORMAT,
    apps::bitwarden::FORMAT,
    apps::ente::FORMAT,
    apps::freeotp::FORMAT,
    apps::freeotp::PLUS,
    apps::authy::FORMAT,
    apps::browser_extension::FORMAT,
    apps::cotp::FORMAT,
    apps::cxf::FORMAT,
    apps::unsupported_databases::MICROSOFT,
    apps::unsupported_databases::OTHER,
    apps::duo::FORMAT,
    apps::keepass::KDBX,
    apps::keepass::XML,
    apps::keepass::CSV,
    apps::lastpass::FORMAT,
    apps::onepassword::PUX,
    apps::onepassword::CSV,
    apps::proton::FORMAT,
    apps::raivo::FORMAT,
    apps::stratum::FORMAT,
    apps::totp_cli::FORMAT,
    crypto::age_file::FORMAT,
    apps::mfa::VAULT,
    apps::cloak::FORMAT,
    apps::rsc_2fa::FORMAT,
    apps::gauth::FORMAT,
    apps::password_store::FORMAT,
    uri_list::GOOGLE_AUTHENTICATOR,
    uri_list::FORMAT,
    bare_secret::FORMAT,
    apps::totp_cli::FIRST,
    apps::and_otp::FORMAT,
];

/// A kind of file that can be imported
struct Format {
    /// The name of the app, or empty if `read` only rejects the file with advice
    app: &'static str,
    /// Returns whether a file has this format, as cheaply as possible.
    detect: fn(&Probe<'_>) -> bool,
    read: fn(&Probe<'_>) -> Result<Recognised, FormatError>,
}

/// Recognises a file of this or of another authenticator. A rejected account does not reject the others.
///
/// # Errors
/// Returns an error if the format is unknown, or if the file is damaged as a whole.
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
    let encoding = || probe.first_line_not_utf8().map(FormatError::NotUtf8);
    probe.json_error().cloned().or_else(encoding).unwrap_or(FormatError::UnknownFile)
}

/// Reads the accounts of a text: otpauth URIs, the JSON of AWS, or one secret key.
///
/// # Errors
/// Returns an error if the text is of no known kind, or if one of its accounts is invalid.
pub(crate) fn read(text: &str) -> Result<Vec<Found>, FormatError> {
    let text = probe::trim(text);
    if text.is_empty() {
        Err(FormatError::Empty)
    } else if apps::mfa::is_vault(&Probe::new(text.as_bytes())) {
        Err(FormatError::OwnVault)
    } else if is_payload(text) {
        uri_list::read(text)
    } else if text.starts_with('{') {
        Ok(vec![apps::aws::read(text)?])
    } else {
        Ok(vec![bare_secret::read(text)?])
    }
}

#[cfg(test)]
mod tests;
