//! What Google Authenticator shows to move its accounts: `otpauth-migration://offline?data=…`, several codes an export.
//!
//! Nobody has specified it; field numbers and rules are those that the apps agree on (Google's own, Aegis, Stratum,
//! Ente).

mod encode;
mod wire;

pub(crate) use encode::Migration;

use std::collections::HashMap;

use data_encoding::BASE64_NOPAD;
use percent_encoding::percent_decode_str;
use zeroize::Zeroizing;

use crate::formats::{
    Field, Format, FormatError, Found, Probe, RawAccount, RawSecret, Recognised, RejectedAccount, uri_list,
};
use crate::otp::Warning;
use wire::{Fields, Value};

pub(in crate::formats) const FORMAT: Format = Format {
    app: "Google Authenticator",
    detect: |probe| probe.text().is_some_and(is_migration) && probe.json().is_none(),
    read,
};

const SCHEME: &str = "otpauth-migration://";

/// More codes than anybody has accounts for; an export names its missing ones one by one
const MAX_PARTS: u32 = 1000;

/// In all exports of a file: each code may say that a thousand others belong to it
const MAX_MISSING: usize = 1000;

const TOO_MANY_MISSING: FormatError = FormatError::Damaged("its migration codes name too many others");

/// Whether a text is, or holds, a payload
pub(crate) fn is_migration(text: &str) -> bool {
    text.to_ascii_lowercase().contains(SCHEME)
}

/// One code of an export
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Payload {
    pub(crate) accounts: Vec<Result<Found, RejectedAccount>>,
    /// The same in all codes of an export; any number
    id: u64,
    /// From 0
    index: u32,
    /// How many codes the export has
    size: u32,
}

/// A code of an export that is not there
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct MissingPart {
    /// From 1
    part: u32,
    of: u32,
}

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    uri_list::contents(probe, FORMAT.app).map(Recognised::Plain)
}

/// Reads one payload.
///
/// # Errors
/// `Damaged` where it is none; an account in it that cannot be taken is no error.
pub(crate) fn decode(text: &str) -> Result<Payload, FormatError> {
    let bytes = bytes(text).ok_or(FormatError::Damaged("the data of the migration code is not Base64"))?;
    let mut payload = Payload { accounts: Vec::new(), id: 0, index: 0, size: 1 };
    for field in Fields::of(&bytes) {
        match field? {
            (1, Value::Bytes(bytes)) => payload.accounts.push(account(bytes)?),
            (3, Value::Number(size)) => payload.size = part(size)?.max(1),
            (4, Value::Number(index)) => payload.index = part(index)?,
            (5, Value::Number(id)) => payload.id = id,
            _ => {}
        }
    }
    if payload.accounts.is_empty() {
        return Err(FormatError::Damaged("the migration code holds no account"));
    }
    Ok(payload)
}

/// The payload of the first code in a text; form decoding may have made its `+` blanks, and padding is optional
fn bytes(text: &str) -> Option<Zeroizing<Vec<u8>>> {
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

fn part(number: u64) -> Result<u32, FormatError> {
    let number = u32::try_from(number).ok().filter(|&number| number <= MAX_PARTS);
    number.ok_or(FormatError::Damaged("the migration code has an impossible number of parts"))
}

/// An account; one that the app made, and nobody else understands, is refused by its name
fn account(bytes: &[u8]) -> Result<Result<Found, RejectedAccount>, FormatError> {
    let (mut draft, mut name, mut issuer) = (RawAccount::default(), String::new(), String::new());
    let mut digits = 0;
    for field in Fields::of(bytes) {
        match field? {
            (1, Value::Bytes(secret)) if !secret.is_empty() => {
                draft.secret = RawSecret::Bytes(Zeroizing::new(secret.to_vec()));
            }
            (2, Value::Bytes(text)) => name = String::from_utf8_lossy(text).into_owned(),
            (3, Value::Bytes(text)) => issuer = String::from_utf8_lossy(text).into_owned(),
            (4, Value::Number(code)) => draft.algorithm = algorithm(code),
            (5, Value::Number(code)) => digits = code,
            (6, Value::Number(code)) => draft.kind = kind(code),
            (7, Value::Number(counter)) => draft.counter = counter.into(),
            _ => {}
        }
    }
    let (issuer, name) = names(&issuer, &name);
    (draft.issuer, draft.account_name) = (issuer.into(), name.into());
    // proto3 leaves out what is 0
    if matches!(draft.counter, Field::Missing) {
        draft.counter = 0.into();
    }
    draft.digits = match digits {
        0 | 1 => 6.into(),
        2 => 8.into(),
        unknown => return Ok(Err(draft.refused(format!("unsupported number of digits (code {unknown})")))),
    };
    Ok(draft.finish())
}

fn algorithm(code: u64) -> Field<'static> {
    match code {
        0 | 1 => "SHA1".into(),
        2 => "SHA256".into(),
        3 => "SHA512".into(),
        4 => "MD5".into(),
        unknown => format!("code {unknown}").into(),
    }
}

fn kind(code: u64) -> Field<'static> {
    match code {
        0 | 2 => "totp".into(),
        1 => "hotp".into(),
        unknown => format!("code {unknown}").into(),
    }
}

/// Issuer and account name; the app keeps the label of the code that was scanned, mostly `issuer:account`, as the name.
/// An ARN is full of colons, and one name.
pub(crate) fn names<'a>(issuer: &'a str, name: &'a str) -> (String, String) {
    let (issuer, name) = (issuer.trim(), name.trim());
    let (issuer, name) = match name.strip_prefix(issuer).and_then(|rest| rest.strip_prefix(':')) {
        Some(rest) => (issuer, rest),
        None if issuer.is_empty() && !name.starts_with("arn:") => name.split_once(':').unwrap_or(("", name)),
        None => (issuer, name),
    };
    (issuer.trim().to_owned(), name.trim().to_owned())
}

/// The accounts of all codes in the order of their exports, an account in a code that is not there refused
///
/// # Errors
/// More codes that are not there than anybody has.
pub(crate) fn join(payloads: Vec<Payload>) -> Result<Vec<Result<Found, RejectedAccount>>, FormatError> {
    let mut accounts = Vec::new();
    for (payloads, missing) in exports(payloads)? {
        accounts.extend(payloads.into_iter().flat_map(|payload| payload.accounts));
        accounts.extend(missing.iter().map(|missing| Err(missing.refused())));
    }
    Ok(accounts)
}

/// The same for one who has this code only, and may have the others elsewhere: what is missing is a warning.
///
/// # Errors
/// The first account that cannot be taken; more codes that are not there than anybody has.
pub(crate) fn join_all(payloads: Vec<Payload>) -> Result<Vec<Found>, FormatError> {
    let mut all = Vec::new();
    for (payloads, missing) in exports(payloads)? {
        let accounts = payloads.into_iter().flat_map(|payload| payload.accounts);
        let mut accounts: Vec<Found> = accounts.collect::<Result<_, _>>()?;
        if let Some(first) = accounts.first_mut() {
            first.warnings.extend(missing.iter().map(|missing| missing.warning()));
        }
        all.append(&mut accounts);
    }
    Ok(all)
}

/// Its codes, and those that are not there
type Export = (Vec<Payload>, Vec<MissingPart>);

/// The codes of each export in their order, each once, and those that are not there
fn exports(mut payloads: Vec<Payload>) -> Result<Vec<Export>, FormatError> {
    let mut seen = HashMap::new();
    for payload in &payloads {
        let next = seen.len();
        seen.entry(payload.id).or_insert(next);
    }
    payloads.sort_by_key(|payload| (seen[&payload.id], payload.index));
    payloads.dedup();
    let mut room = MAX_MISSING;
    let exports = payloads.chunk_by(|a, b| a.id == b.id).map(|export| {
        let missing = missing(export);
        room = room.checked_sub(missing.len()).ok_or(TOO_MANY_MISSING)?;
        Ok((export.to_vec(), missing))
    });
    exports.collect()
}

fn missing(export: &[Payload]) -> Vec<MissingPart> {
    let of = export.iter().map(|payload| payload.size).max().unwrap_or_default();
    let is_there = |index| export.iter().any(|payload| payload.index == index);
    (0..of).filter(|&index| !is_there(index)).map(|index| MissingPart { part: index + 1, of }).collect()
}

impl MissingPart {
    fn refused(self) -> RejectedAccount {
        RejectedAccount {
            what: format!("code {} of {}", self.part, self.of),
            reason: "it is not there, nor are its accounts".to_owned(),
        }
    }

    fn warning(self) -> Warning {
        Warning::PartMissing { part: self.part, of: self.of }
    }
}

#[cfg(test)]
mod tests;
