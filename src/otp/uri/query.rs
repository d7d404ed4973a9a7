//! Splits the query of a URI, then decodes each value once.

use percent_encoding::percent_decode_str;

use super::error::UriError;
use super::warning::Warning;
use crate::otp::clean_tags;

/// The parameters with a value to read
const KNOWN: [&str; 6] = ["secret", "issuer", "algorithm", "digits", "period", "counter"];

/// The parameters that mark a URI of Steam
const STEAM_MARKS: [&str; 2] = ["encoder", "steam"];

/// The parameters of a query, with keys in lower case and raw values
pub(super) struct Query<'a> {
    parameters: Vec<(String, &'a str)>,
    /// The raw values of `tags`, the only parameter that may occur several times (andOTP)
    tags: Vec<&'a str>,
}

impl<'a> Query<'a> {
    /// Splits a query at `&`. Uses the first of several equal keys.
    ///
    /// # Errors
    /// Returns `DuplicateSecret` if the query has two different secrets.
    pub(super) fn split(text: &'a str, warnings: &mut Vec<Warning>) -> Result<Self, UriError> {
        let mut query = Self { parameters: Vec::new(), tags: Vec::new() };
        for part in text.split('&').filter(|part| !part.is_empty()) {
            let part = strip_html_escape(part, warnings);
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let key = key.to_ascii_lowercase();
            let is_known = KNOWN.contains(&key.as_str());
            match query.get(&key) {
                _ if key == "tags" => query.tags.push(value),
                // Each parameter is compared with all kept ones, so keep only these.
                _ if !is_known && !STEAM_MARKS.contains(&key.as_str()) => {}
                None => query.parameters.push((key, value)),
                Some(first) if first == value => {}
                Some(_) if key == "secret" => return Err(UriError::DuplicateSecret),
                Some(_) if is_known => warnings.push(Warning::DuplicateParameter),
                Some(_) => {}
            }
        }
        Ok(query)
    }

    /// Returns the raw value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&'a str> {
        self.parameters.iter().find(|(k, _)| k == key).map(|(_, value)| *value)
    }

    /// Returns the decoded tags without duplicates.
    pub(super) fn tags(&self, warnings: &mut Vec<Warning>) -> Vec<String> {
        clean_tags(self.tags.iter().map(|raw| decode(&raw.replace('+', " "), warnings)))
    }

    /// Returns the decoded value of a key, or `None` if it is absent or empty. Warns of an empty one.
    pub(super) fn decoded(&self, key: &str, warnings: &mut Vec<Warning>) -> Option<String> {
        let raw = self.get(key)?;
        if raw.is_empty() {
            warnings.push(Warning::EmptyParameter);
            return None;
        }
        Some(decode(raw, warnings))
    }
}

fn strip_html_escape<'a>(part: &'a str, warnings: &mut Vec<Warning>) -> &'a str {
    match part.strip_prefix("amp;") {
        Some(rest) => {
            warnings.push(Warning::HtmlEscaped);
            rest
        }
        None => part,
    }
}

/// Decodes percent escapes once. Keeps invalid escapes, and reads text that is not UTF-8 as Windows-1252.
pub(super) fn decode(raw: &str, warnings: &mut Vec<Warning>) -> String {
    if has_bad_escape(raw) {
        warnings.push(Warning::BadPercentEscape);
    }
    let bytes: Vec<u8> = percent_decode_str(raw).collect();
    String::from_utf8(bytes).unwrap_or_else(|not_utf8| {
        warnings.push(Warning::NotUtf8);
        let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(not_utf8.as_bytes());
        text.into_owned()
    })
}

fn has_bad_escape(raw: &str) -> bool {
    raw.split('%').skip(1).any(|rest| !rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count().eq(&2))
}
