//! Writes accounts as otpauth URIs.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use crate::otp::{Account, Kind, Label, Parameters};

/// KeePassXC spells Steam as TOTP with an encoder.
const STEAM_ENCODER: &str = "&encoder=steam";

/// All but the unreserved characters of RFC 3986 (section 2.3)
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Account {
    /// Returns the otpauth URI of the account, which holds the secret.
    ///
    /// Omits default parameters: the QR code is smaller, and some scanners fail on them.
    pub(crate) fn to_uri(&self) -> Zeroizing<String> {
        let mut uri = self.start_uri(self.key.parameters().kind().as_str());
        push_parameters(&mut uri, self.key.parameters());
        uri
    }

    /// Returns the otpauth URI for a file, with all parameters and with tags in the style of andOTP.
    pub(crate) fn to_full_uri(&self) -> Zeroizing<String> {
        let mut uri = self.start_uri(self.key.parameters().kind().as_str());
        push_all_parameters(&mut uri, self.key.parameters());
        for tag in &self.tags {
            uri.push_str("&tags=");
            uri.extend(utf8_percent_encode(tag, ENCODED));
        }
        uri
    }

    /// Returns the otpauth URI for KeePassXC, which treats every URI as TOTP.
    pub(crate) fn to_keepassxc_uri(&self) -> Zeroizing<String> {
        let parameters = self.key.parameters();
        let mut uri = self.start_uri("totp");
        push_all_parameters(&mut uri, parameters);
        uri.push_str(if parameters.kind() == Kind::Steam { STEAM_ENCODER } else { "" });
        uri
    }

    /// Returns the URI up to the issuer, with room for the rest.
    fn start_uri(&self, kind: &str) -> Zeroizing<String> {
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

/// Appends `issuer:account`. An issuer with a colon stands in its parameter only, so that the first colon ends the
/// prefix.
fn push_label(uri: &mut String, issuer: &str, account_name: &str) {
    if issuer.contains(':') || needs_empty_issuer(issuer, account_name) {
        uri.push(':');
    } else if !issuer.is_empty() {
        uri.extend(utf8_percent_encode(issuer, ENCODED));
        uri.push(':');
    }
    uri.extend(utf8_percent_encode(account_name, ENCODED));
}

/// Returns whether a parser would take the text before the colon of the account name for an issuer.
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
