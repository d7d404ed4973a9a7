//! Reads and writes the codes with which Google Authenticator moves accounts: `otpauth-migration://offline?data=…`.
//!
//! An export has several codes. There is no specification; field numbers and rules are those that the apps share (Google
//! Authenticator, Aegis, Stratum, Ente).

mod encode;
mod wire;

pub(crate) use encode::Migration;

use std::collections::HashMap;

use data_encoding::BASE64_NOPAD;
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use crate::formats::{Field, FormatError, Found, RawAccount, RawSecret, RejectedAccount};
use crate::otp::Warning;
use wire::{Fields, Value};

pub(in crate::formats) const APP: &str = "Google Authenticator";

const SCHEME: &str = "otpauth-migration://";

/// Codes of an export. The limit bounds the messages, because each missing code is reported.
const MAX_PARTS: u32 = 1000;

/// Missing codes of all exports of a file: each code may refer to a thousand others.
const MAX_MISSING: usize = 1000;

const TOO_MANY_MISSING: FormatError =
    FormatError::Damaged("its migration codes refer to too many missing codes");

/// Returns whether a text is or contains a migration code.
pub(crate) fn is_migration(text: &str) -> bool {
    text.to_ascii_lowercase().contains(SCHEME)
}

/// One code of an export
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::formats) struct Payload {
    pub(in crate::formats) accounts: Vec<Result<Found, RejectedAccount>>,
    /// Shared by all codes of an export; may be any number
    id: u64,
    /// From 0
    index: u32,
    /// Number of codes of the export
    size: u32,
}

/// A code of an export that is missing
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct MissingPart {
    /// From 1
    part: u32,
    of: u32,
}

/// Decodes one code.
///
/// # Errors
/// `Damaged` if it is malformed. An unsupported account in it is not an error.
pub(in crate::formats) fn decode(text: &str) -> Result<Payload, FormatError> {
    let bytes =
        decode_data(text).ok_or(FormatError::Damaged("the data of the migration code is not Base64"))?;
    let mut payload = Payload { accounts: Vec::new(), id: 0, index: 0, size: 1 };
    for field in Fields::new(&bytes) {
        match field? {
            (1, Value::Bytes(bytes)) => payload.accounts.push(decode_account(bytes)?),
            (3, Value::Number(size)) => payload.size = parse_part(size)?.max(1),
            (4, Value::Number(index)) => payload.index = parse_part(index)?,
            (5, Value::Number(id)) => payload.id = id,
            _ => {}
        }
    }
    if payload.accounts.is_empty() {
        return Err(FormatError::Damaged("the migration code contains no account"));
    }
    Ok(payload)
}

/// Returns the payload of the first code in a text. Form decoding may have replaced `+` with spaces; padding is optional.
fn decode_data(text: &str) -> Option<Zeroizing<Vec<u8>>> {
    let start = text.to_ascii_lowercase().find(SCHEME)? + SCHEME.len();
    let (_, query) = text[start..].split_once('?')?;
    let data = query.split('&').find_map(|pair| pair.strip_prefix("data="))?;
    let data = data.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
    let symbols: Zeroizing<Vec<u8>> = Zeroizing::new(
        percent_decode_str(data)
            .map(|byte| if byte == b' ' { b'+' } else { byte })
            .filter(|&byte| byte != b'=')
            .collect(),
    );
    BASE64_NOPAD.decode(&symbols).ok().map(Zeroizing::new)
}

fn parse_part(number: u64) -> Result<u32, FormatError> {
    let number = u32::try_from(number).ok().filter(|&number| number <= MAX_PARTS);
    number.ok_or(FormatError::Damaged("the migration code has an impossible number of parts"))
}

/// Decodes an account. Rejects one by its name if its parameters are unknown.
///
/// # Errors
/// `Damaged` if the encoding is malformed.
fn decode_account(bytes: &[u8]) -> Result<Result<Found, RejectedAccount>, FormatError> {
    let (mut raw, mut name, mut issuer) = (RawAccount::default(), String::new(), String::new());
    let mut digits = 0;
    for field in Fields::new(bytes) {
        match field? {
            (1, Value::Bytes(secret)) if !secret.is_empty() => {
                raw.secret = RawSecret::Bytes(Zeroizing::new(secret.to_vec()));
            }
            (2, Value::Bytes(text)) => name = String::from_utf8_lossy(text).into_owned(),
            (3, Value::Bytes(text)) => issuer = String::from_utf8_lossy(text).into_owned(),
            (4, Value::Number(code)) => raw.algorithm = algorithm_name(code),
            (5, Value::Number(code)) => digits = code,
            (6, Value::Number(code)) => raw.kind = kind_name(code),
            (7, Value::Number(counter)) => raw.counter = counter.into(),
            _ => {}
        }
    }
    let (issuer, name) = split_label(&issuer, &name);
    (raw.issuer, raw.account_name) = (issuer.into(), name.into());
    // proto3 omits a field that is 0.
    if matches!(raw.counter, Field::Missing) {
        raw.counter = 0.into();
    }
    raw.digits = match digits {
        0 | 1 => 6.into(),
        2 => 8.into(),
        unknown => return Ok(Err(raw.reject(format!("unsupported number of digits (code {unknown})")))),
    };
    Ok(raw.finish())
}

fn algorithm_name(code: u64) -> Field<'static> {
    match code {
        0 | 1 => "SHA1".into(),
        2 => "SHA256".into(),
        3 => "SHA512".into(),
        4 => "MD5".into(),
        unknown => format!("code {unknown}").into(),
    }
}

fn kind_name(code: u64) -> Field<'static> {
    match code {
        0 | 2 => "totp".into(),
        1 => "hotp".into(),
        unknown => format!("code {unknown}").into(),
    }
}

/// Returns issuer and account name.
///
/// The app stores the label of the scanned code, mostly `issuer:account`, as the name. An ARN has colons but is one name.
pub(in crate::formats) fn split_label<'a>(issuer: &'a str, name: &'a str) -> (String, String) {
    let (issuer, name) = (issuer.trim(), name.trim());
    let (issuer, name) = match name.strip_prefix(issuer).and_then(|rest| rest.strip_prefix(':')) {
        Some(rest) => (issuer, rest),
        None if issuer.is_empty() && !name.starts_with("arn:") => name.split_once(':').unwrap_or(("", name)),
        None => (issuer, name),
    };
    (issuer.trim().to_owned(), name.trim().to_owned())
}

/// Returns the accounts of all codes in the order of their exports, with a rejected account for each missing code.
///
/// # Errors
/// `Damaged` if more than 1000 codes are missing.
pub(in crate::formats) fn join(
    payloads: Vec<Payload>,
) -> Result<Vec<Result<Found, RejectedAccount>>, FormatError> {
    let mut accounts = Vec::new();
    for (payloads, missing) in group_exports(payloads)? {
        accounts.extend(payloads.into_iter().flat_map(|payload| payload.accounts));
        accounts.extend(missing.iter().map(|missing| Err(missing.to_rejected())));
    }
    Ok(accounts)
}

/// Like `join`, for callers that need each account: a missing code is only a warning.
///
/// # Errors
/// The first rejected account; `Damaged` if more than 1000 codes are missing.
pub(in crate::formats) fn join_all(payloads: Vec<Payload>) -> Result<Vec<Found>, FormatError> {
    let mut all = Vec::new();
    for (payloads, missing) in group_exports(payloads)? {
        let accounts = payloads.into_iter().flat_map(|payload| payload.accounts);
        let mut accounts: Vec<Found> = accounts.collect::<Result<_, _>>()?;
        if let Some(first) = accounts.first_mut() {
            first.warnings.extend(missing.iter().map(|missing| missing.to_warning()));
        }
        all.append(&mut accounts);
    }
    Ok(all)
}

/// The codes of an export, and its missing codes
type Export = (Vec<Payload>, Vec<MissingPart>);

/// Groups the codes by export, in order and without duplicates, and finds the missing codes.
fn group_exports(mut payloads: Vec<Payload>) -> Result<Vec<Export>, FormatError> {
    let mut seen = HashMap::new();
    for payload in &payloads {
        let next = seen.len();
        seen.entry(payload.id).or_insert(next);
    }
    payloads.sort_by_key(|payload| (seen[&payload.id], payload.index));
    payloads.dedup();
    let mut remaining = MAX_MISSING;
    let exports = payloads.chunk_by(|a, b| a.id == b.id).map(|export| {
        let missing = find_missing(export);
        remaining = remaining.checked_sub(missing.len()).ok_or(TOO_MANY_MISSING)?;
        Ok((export.to_vec(), missing))
    });
    exports.collect()
}

fn find_missing(export: &[Payload]) -> Vec<MissingPart> {
    let of = export.iter().map(|payload| payload.size).max().unwrap_or_default();
    let is_present = |index| export.iter().any(|payload| payload.index == index);
    (0..of).filter(|&index| !is_present(index)).map(|index| MissingPart { part: index + 1, of }).collect()
}

impl MissingPart {
    fn to_rejected(self) -> RejectedAccount {
        RejectedAccount {
            what: format!("code {} of {}", self.part, self.of),
            reason: "this code is missing, and the accounts in it".to_owned(),
        }
    }

    fn to_warning(self) -> Warning {
        Warning::PartMissing { part: self.part, of: self.of }
    }
}

#[cfg(test)]
mod tests;
