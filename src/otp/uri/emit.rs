//! Accounts as otpauth URIs.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use crate::otp::{Account, Kind, Label, Parameters};

/// How KeePassXC spells Steam: as TOTP with an encoder
const STEAM_ENCODER: &str = "&encoder=steam";

/// What RFC 3986 (section 2.3) leaves unreserved
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Account {
    /// The otpauth URI of the account: it holds the secret. Parameters that have their default are left out: the QR
    /// code is smaller, and some scanners choke on them.
    pub(crate) fn to_uri(&self) -> Zeroizing<String> {
        let mut uri = self.uri_of(self.key.parameters().kind().as_str());
        push_parameters(&mut uri, self.key.parameters());
        uri
    }

    /// The same for a file: every parameter is written out, and tags as andOTP writes them
    pub(crate) fn to_full_uri(&self) -> Zeroizing<String> {
        let mut uri = self.uri_of(self.key.parameters().kind().as_str());
        push_all_parameters(&mut uri, self.key.parameters());
        for tag in &self.tags {
            uri.push_str("&tags=");
            uri.extend(utf8_percent_encode(tag, ENCODED));
        }
        uri
    }

    /// The same as KeePassXC keeps it, which takes every URI for one of TOTP
    pub(crate) fn to_keepassxc_uri(&self) -> Zeroizing<String> {
        let parameters = self.key.parameters();
        let mut uri = self.uri_of("totp");
        push_all_parameters(&mut uri, parameters);
        uri.push_str(if parameters.kind() == Kind::Steam { STEAM_ENCODER } else { "" });
        uri
    }

    /// As far as the issuer, which all have in common
    fn uri_of(&self, kind: &str) -> Zeroizing<String> {
        let Label { issuer, account_name, .. } = &self.label;
        let tags: usize = self.tags.iter().map(|tag| tag.len() + 10).sum();
        let length =
            200 + self.key.secret().expose().len() * 2 + (issuer.len() * 2 + account_name.len() + tags) * 3;
        let mut uri = Zeroizing::new(String::with_capacity(length));
        write!(uri, "otpauth://{kind}/").expect("a String takes all that is written");
        push_label(&mut uri, issuer, account_name);
        uri.push_str("?secret=");
        uri.push_str(&self.key.secret().to_base32());
        if !issuer.is_empty() || needs_empty_issuer(issuer, account_name) {
            uri.push_str("&issuer=");
            uri.extend(utf8_percent_encode(issuer, ENCODED));
        }
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

fn push_all_parameters(uri: &mut String, parameters: Parameters) {
    let (algorithm, digits) = (parameters.algorithm(), parameters.digits());
    write!(uri, "&algorithm={algorithm}&digits={digits}").expect("a String takes all that is written");
    match parameters.kind() {
        Kind::Totp { period } => write!(uri, "&period={period}"),
        Kind::Steam => write!(uri, "&period={}", Parameters::DEFAULT_PERIOD),
        Kind::Hotp { counter } => write!(uri, "&counter={counter}"),
    }
    .expect("a String takes all that is written");
}
