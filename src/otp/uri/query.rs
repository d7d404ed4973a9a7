//! The pieces of a URI: percent escapes and query parameters, each decoded once, after splitting.

use percent_encoding::percent_decode_str;

use crate::otp::account::tags;
use crate::otp::uri::{UriError, Warning};

/// The parameters that mean something to us
const KNOWN: [&str; 6] = ["secret", "issuer", "algorithm", "digits", "period", "counter"];

/// And those that say no more than that it is Steam
const MARKS: [&str; 2] = ["encoder", "steam"];

/// The parameters of a query, keys lower-cased, values as they stand
pub(super) struct Query<'a> {
    parameters: Vec<(String, &'a str)>,
    /// The only parameter that may stand several times, as andOTP writes it
    tags: Vec<&'a str>,
}

impl<'a> Query<'a> {
    /// Splits a query at `&`; the first of several equal keys counts.
    ///
    /// # Errors
    /// `DuplicateSecret` where two different secrets stand in it: there is no telling which one is meant.
    pub(super) fn split(text: &'a str, warnings: &mut Vec<Warning>) -> Result<Self, UriError> {
        let mut query = Self { parameters: Vec::new(), tags: Vec::new() };
        for part in text.split('&').filter(|part| !part.is_empty()) {
            let part = unescaped_html(part, warnings);
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let key = key.to_ascii_lowercase();
            let is_known = KNOWN.contains(&key.as_str());
            match query.get(&key) {
                _ if key == "tags" => query.tags.push(value),
                // all that is kept is looked through for each parameter
                _ if !is_known && !MARKS.contains(&key.as_str()) => {}
                None => query.parameters.push((key, value)),
                Some(first) if first == value => {}
                Some(_) if key == "secret" => return Err(UriError::DuplicateSecret),
                Some(_) if is_known => warnings.push(Warning::DuplicateParameter),
                Some(_) => {}
            }
        }
        Ok(query)
    }

    /// The raw value of a key
    pub(super) fn get(&self, key: &str) -> Option<&'a str> {
        self.parameters.iter().find(|(k, _)| k == key).map(|(_, value)| *value)
    }

    /// The decoded tags, each once
    pub(super) fn tags(&self, warnings: &mut Vec<Warning>) -> Vec<String> {
        tags(self.tags.iter().map(|raw| decode(&raw.replace('+', " "), warnings)))
    }

    /// The decoded value of a key; none where it is absent or empty (the latter with a warning)
    pub(super) fn filled(&self, key: &str, warnings: &mut Vec<Warning>) -> Option<String> {
        let raw = self.get(key)?;
        if raw.is_empty() {
            warnings.push(Warning::EmptyParameter);
            return None;
        }
        Some(decode(raw, warnings))
    }
}

fn unescaped_html<'a>(part: &'a str, warnings: &mut Vec<Warning>) -> &'a str {
    match part.strip_prefix("amp;") {
        Some(rest) => {
            warnings.push(Warning::HtmlEscaped);
            rest
        }
        None => part,
    }
}

/// Decodes percent escapes once; what is no escape stays, what is not UTF-8 is read as Windows-1252
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
