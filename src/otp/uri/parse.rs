//! Parses otpauth URIs. An unusual value is a warning; an unknown value that would change a code is an error.

use std::str::FromStr;

use zeroize::Zeroizing;

use super::error::UriError;
use super::query::{Query, decode};
use super::warning::Warning;
use crate::otp::{Algorithm, Enrolment, Key, Kind, Label, Note, Parameters, Secret, SecretError};
use crate::text::{has_unsafe, redact};

const OTPAUTH: &str = "otpauth://";
const STEAM: &str = "steam://";
const MIGRATION: &str = "otpauth-migration://";

/// The separators of table columns
const SEPARATORS: [char; 3] = [',', ';', '\t'];

/// The account that a URI describes, perhaps with numbers that no key can have
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OtpauthUri {
    pub(crate) kind: Kind,
    pub(crate) issuer: String,
    pub(crate) account_name: String,
    pub(crate) secret: Secret,
    pub(crate) algorithm: Algorithm,
    /// 1 to 9
    pub(crate) digits: u8,
    pub(crate) tags: Vec<String>,
}

/// Returns whether a text holds the beginning of a URI that describes an account.
pub(crate) fn looks_like_uri(text: &str) -> bool {
    scheme_end(text, OTPAUTH).is_some() || scheme_end(text, STEAM).is_some()
}

impl OtpauthUri {
    /// Parses an `otpauth://`, `apple-otpauth://` or `steam://` URI. Ignores text before it.
    ///
    /// # Errors
    /// Returns an error if there is no URI or more than one, if a name has unsafe characters, or if the type, secret,
    /// algorithm, digits, period or counter is invalid.
    pub(crate) fn parse(text: &str) -> Result<(Self, Vec<Warning>), UriError> {
        let mut warnings = Vec::new();
        let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '"' | '\''));
        let otpauth = scheme_end(text, OTPAUTH);
        let steam = scheme_end(text, STEAM);
        let (scheme, start) = match (otpauth, steam) {
            (Some(start), at) if at.is_none_or(|at| start < at) => (OTPAUTH, start),
            (_, Some(start)) => (STEAM, start),
            _ => return Err(UriError::NotOtpauth),
        };
        let (before, rest) = (&text[..start - scheme.len()], &text[start..]);
        if !is_alone(before, rest) {
            return Err(UriError::NotAlone);
        }
        let parse = if scheme == OTPAUTH { parse_otpauth } else { parse_steam };
        let mut uri = parse(rest, &mut warnings)?;
        uri.trim_label();
        uri.check_label(&mut warnings)?;
        Ok((uri, without_duplicates(warnings)))
    }

    fn trim_label(&mut self) {
        for part in [&mut self.issuer, &mut self.account_name] {
            let trimmed = part.trim();
            if trimmed.len() != part.len() {
                *part = trimmed.to_owned();
            }
        }
    }

    fn check_label(&self, warnings: &mut Vec<Warning>) -> Result<(), UriError> {
        if has_unsafe(&self.issuer) {
            return Err(UriError::UnsafeText("the issuer"));
        }
        if has_unsafe(&self.account_name) {
            return Err(UriError::UnsafeText("the account name"));
        }
        if self.account_name.is_empty() {
            warnings.push(Warning::NoAccountName);
            if self.issuer.is_empty() {
                warnings.push(Warning::NoNameAtAll);
            }
        }
        Ok(())
    }
}

impl TryFrom<OtpauthUri> for Enrolment {
    type Error = UriError;

    fn try_from(uri: OtpauthUri) -> Result<Self, UriError> {
        let parameters = Parameters::from_kind(uri.kind, uri.algorithm, uri.digits)?;
        let label = Label { issuer: uri.issuer, account_name: uri.account_name, serial: None };
        let key = Key::new(uri.secret, parameters);
        Ok(Self { label, tags: uri.tags, note: Note::default(), key })
    }
}

/// Returns whether a line has one URI and nothing after it.
///
/// Another secret, or the next column of a table, would become part of a name, and names are shown.
fn is_alone(before: &str, rest: &str) -> bool {
    let holds_scheme =
        |text| [OTPAUTH, STEAM, MIGRATION].iter().any(|scheme| scheme_end(text, scheme).is_some());
    let separator = before.trim_end_matches('"').chars().next_back().filter(|c| SEPARATORS.contains(c));
    !holds_scheme(before)
        && !holds_scheme(rest)
        && !rest.contains('"')
        && separator.is_none_or(|separator| !rest.contains(separator))
}

/// Returns where the text after a scheme begins. Ignores the case.
fn scheme_end(text: &str, scheme: &str) -> Option<usize> {
    text.as_bytes()
        .windows(scheme.len())
        .position(|window| window.eq_ignore_ascii_case(scheme.as_bytes()))
        .map(|start| start + scheme.len())
}

fn parse_steam(rest: &str, warnings: &mut Vec<Warning>) -> Result<OtpauthUri, UriError> {
    let (secret, mut secret_warnings) = Secret::from_base32(&Zeroizing::new(decode(rest, warnings)))?;
    warnings.append(&mut secret_warnings);
    Ok(OtpauthUri {
        kind: Kind::Steam,
        issuer: "Steam".to_owned(),
        account_name: String::new(),
        secret,
        algorithm: Algorithm::Sha1,
        digits: 5,
        tags: Vec::new(),
    })
}

fn parse_otpauth(rest: &str, warnings: &mut Vec<Warning>) -> Result<OtpauthUri, UriError> {
    if rest.contains('#') {
        warnings.push(Warning::UnescapedHash);
    }
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (host, label) = path.split_once('/').unwrap_or((path, ""));
    let host = host.to_ascii_lowercase();
    if !matches!(host.as_str(), "totp" | "hotp" | "steam") {
        return Err(UriError::UnsupportedType(redact(&host)));
    }
    let query = Query::split(query, warnings)?;
    let (issuer, account_name) = names(label, &query, warnings);
    let secret = secret(&query, warnings)?;
    let algorithm = algorithm(&query, warnings)?;
    let tags = query.tags(warnings);
    let is_steam = host == "steam" || query.get("steam").is_some() || encoder_is_steam(&query);
    let (kind, digits) = if is_steam {
        (Kind::Steam, 5)
    } else if host == "hotp" {
        let counter = counter(&query, warnings)?;
        (Kind::Hotp { counter }, digits(&query, warnings)?)
    } else {
        let period = period(&query, warnings)?;
        (Kind::Totp { period }, digits(&query, warnings)?)
    };
    Ok(OtpauthUri { kind, issuer, account_name, secret, algorithm, digits, tags })
}

fn encoder_is_steam(query: &Query<'_>) -> bool {
    query.get("encoder").is_some_and(|encoder| encoder.eq_ignore_ascii_case("steam"))
}

/// Returns the issuer and the account name from the label and the issuer parameter.
fn names(label: &str, query: &Query<'_>, warnings: &mut Vec<Warning>) -> (String, String) {
    let (prefix, account_name) = split_label(label, query.get("issuer").is_some(), warnings);
    let prefix = decode(prefix, warnings).trim().to_owned();
    let account_name = decode(account_name, warnings);
    let Some(raw) = query.get("issuer").filter(|raw| !raw.is_empty()) else {
        return (prefix, account_name);
    };
    let decoded = decode(raw, warnings);
    let parameter = if decoded == prefix { decoded } else { decode(&raw.replace('+', " "), warnings) };
    let parameter = parameter.trim().to_owned();
    if !prefix.is_empty() && prefix.to_lowercase() != parameter.to_lowercase() {
        warnings.push(Warning::IssuerMismatch { prefix: redact(&prefix), parameter: redact(&parameter) });
    }
    (parameter, account_name)
}

/// Splits the raw label at its colon.
///
/// Splits several colons at the first one if there is an issuer parameter, otherwise nowhere: it may be an ARN.
fn split_label<'a>(label: &'a str, has_issuer: bool, warnings: &mut Vec<Warning>) -> (&'a str, &'a str) {
    let mut colons = colons(label);
    match (colons.next(), colons.next()) {
        (None, _) => ("", label),
        (Some((start, end)), None) => (&label[..start], &label[end..]),
        (Some((start, end)), Some(_)) => {
            warnings.push(Warning::SeveralColons);
            if has_issuer { (&label[..start], &label[end..]) } else { ("", label) }
        }
    }
}

/// Returns the start and end of each `:` and `%3A` in a raw label.
fn colons(label: &str) -> impl Iterator<Item = (usize, usize)> {
    label.bytes().enumerate().filter_map(|(at, byte)| match byte {
        b':' => Some((at, at + 1)),
        b'%' if label.as_bytes()[at + 1..].get(..2)?.eq_ignore_ascii_case(b"3A") => Some((at, at + 3)),
        _ => None,
    })
}

fn secret(query: &Query<'_>, warnings: &mut Vec<Warning>) -> Result<Secret, UriError> {
    let raw = query.get("secret").ok_or(SecretError::Missing)?;
    let text = Zeroizing::new(decode(&raw.replace('+', " "), warnings));
    let (secret, mut secret_warnings) = Secret::from_base32(&text)?;
    warnings.append(&mut secret_warnings);
    Ok(secret)
}

fn algorithm(query: &Query<'_>, warnings: &mut Vec<Warning>) -> Result<Algorithm, UriError> {
    let Some(text) = query.decoded("algorithm", warnings) else {
        return Ok(Algorithm::default());
    };
    let algorithm: Algorithm = text.parse()?;
    if !text.eq_ignore_ascii_case(algorithm.as_str()) {
        warnings.push(Warning::AlgorithmSpelling);
    }
    Ok(algorithm)
}

fn digits(query: &Query<'_>, warnings: &mut Vec<Warning>) -> Result<u8, UriError> {
    let Some(text) = query.decoded("digits", warnings) else {
        return Ok(Parameters::DEFAULT.digits());
    };
    match number::<u8>(&text) {
        Some(digits @ 6..=8) => Ok(digits),
        Some(digits @ 1..=9) => {
            warnings.push(Warning::UnusualDigits);
            Ok(digits)
        }
        _ => Err(UriError::BadDigits(redact(&text))),
    }
}

fn period(query: &Query<'_>, warnings: &mut Vec<Warning>) -> Result<u32, UriError> {
    let Some(text) = query.decoded("period", warnings) else {
        return Ok(Parameters::DEFAULT_PERIOD);
    };
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => {
            warnings.push(Warning::NumberSpelling);
            whole
        }
        _ => &text,
    };
    match number::<u32>(whole) {
        Some(0) => {
            warnings.push(Warning::PeriodZero);
            Ok(Parameters::DEFAULT_PERIOD)
        }
        Some(period) if period <= Parameters::MAX_PERIOD => Ok(period),
        _ => Err(UriError::BadPeriod(redact(&text))),
    }
}

/// Returns the counter, 0 to 2^63 - 1.
fn counter(query: &Query<'_>, warnings: &mut Vec<Warning>) -> Result<u64, UriError> {
    if query.get("counter").is_none() {
        warnings.push(Warning::MissingCounter);
    }
    let Some(text) = query.decoded("counter", warnings) else {
        return Ok(0);
    };
    number::<u64>(&text)
        .filter(|&counter| counter <= Parameters::MAX_COUNTER)
        .ok_or_else(|| UriError::BadCounter(redact(&text)))
}

/// Parses a number that has decimal digits only: no sign, no blank.
fn number<T: FromStr>(text: &str) -> Option<T> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit());
    is_plain.then(|| text.parse().ok()).flatten()
}

fn without_duplicates(warnings: Vec<Warning>) -> Vec<Warning> {
    let mut unique: Vec<Warning> = Vec::with_capacity(warnings.len());
    for warning in warnings {
        if !unique.contains(&warning) {
            unique.push(warning);
        }
    }
    unique
}
