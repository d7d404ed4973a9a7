//! Accounts as otpauth URIs.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use crate::otp::{Account, Kind, Label, Parameters};

/// What RFC 3986 (section 2.3) leaves unreserved
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Account {
    /// The otpauth URI of the account: it holds the secret. Parameters that have their default are left out: the QR
    /// code is smaller, and some scanners choke on them.
    pub(crate) fn to_uri(&self) -> Zeroizing<String> {
        let mut uri = Zeroizing::new(String::with_capacity(512));
        let parameters = self.key.parameters();
        write!(uri, "otpauth://{}/", parameters.kind().as_str()).expect("a String takes all that is written");
        let Label { issuer, account_name, .. } = &self.label;
        push_label(&mut uri, issuer, account_name);
        uri.push_str("?secret=");
        uri.push_str(&self.key.secret().to_base32());
        if !issuer.is_empty() || needs_empty_issuer(issuer, account_name) {
            uri.push_str("&issuer=");
            uri.extend(utf8_percent_encode(issuer, ENCODED));
        }
        push_parameters(&mut uri, parameters);
        uri
    }
}

/// `issuer:account`; where the issuer holds a colon itself it is left to its parameter, so that the first colon of
/// the label still ends the prefix
fn push_label(uri: &mut String, issuer: &str, account_name: &str) {
    if issuer.contains(':') || needs_empty_issuer(issuer, account_name) {
        uri.push(':');
    } else if !issuer.is_empty() {
        uri.extend(utf8_percent_encode(issuer, ENCODED));
        uri.push(':');
    }
    uri.extend(utf8_percent_encode(account_name, ENCODED));
}

/// One colon in an account name without an issuer would be read as the end of one
fn needs_empty_issuer(issuer: &str, account_name: &str) -> bool {
    issuer.is_empty() && account_name.matches(':').count() == 1
}

fn push_parameters(uri: &mut String, parameters: Parameters) {
    let default = Parameters::DEFAULT;
    if parameters.algorithm() != default.algorithm() {
        uri.push_str("&algorithm=");
        uri.push_str(parameters.algorithm().as_str());
    }
    if parameters.kind() != Kind::Steam && parameters.digits() != default.digits() {
        write!(uri, "&digits={}", parameters.digits()).expect("a String takes all that is written");
    }
    match parameters.kind() {
        Kind::Totp { period: Parameters::DEFAULT_PERIOD } | Kind::Steam => Ok(()),
        Kind::Totp { period } => write!(uri, "&period={period}"),
        Kind::Hotp { counter } => write!(uri, "&counter={counter}"),
    }
    .expect("a String takes all that is written");
}
