//! The line scanner.

use std::hash::BuildHasher as _;
use std::io::{self, Read};

use foldhash::fast::FixedState;
use memchr::memchr;
use toml::Value;
use unicode_normalization::UnicodeNormalization as _;

use super::chunks::accept_all_lines;
use super::value::{RawValue, split_quoted};
use crate::vault::record::{Record, RecordForm};

/// The fields of a record, as mfa begins their lines
const FIELDS: [&str; 11] = [
    "secret = ",
    "issuer = ",
    "account = ",
    "algorithm = ",
    "digits = ",
    "period = ",
    "serial = ",
    "tags = ",
    "note = ",
    "type = ",
    "counter = ",
];

const EQUALS: &str = " = ";

/// The line above the first record
const VERSION_LINE: &[u8] = b"version = 1";

/// Finds the record with this name in a plain-text vault of `file_len` bytes.
///
/// Returns `None` if only the parser can tell: the file has lines that mfa does not write, is damaged, or has no such
/// record.
///
/// # Errors
/// The errors of the reader.
pub(in crate::vault) fn find_record(
    vault: impl Read,
    file_len: usize,
    name: &str,
) -> io::Result<Option<Record>> {
    if !name.is_ascii() {
        return Ok(None);
    }
    let mut scanner = Scanner::new(name);
    let is_accepted = accept_all_lines(vault, file_len, |lines| scanner.scan_lines(lines))?;
    Ok(if is_accepted { scanner.into_record() } else { None })
}

/// The state of a scan. Its methods return `None` at text that only the parser can judge.
struct Scanner<'a> {
    name: &'a str,
    has_version: bool,
    /// Hashes of the names so far: two equal ones may be a duplicate name
    names: Vec<u64>,
    hasher: FixedState,
    /// The fields of the current record so far, a bit each
    fields: u16,
    is_current_wanted: bool,
    /// The fields of the wanted record
    wanted: Option<Vec<(&'static str, Value)>>,
}

impl<'a> Scanner<'a> {
    fn new(name: &'a str) -> Self {
        Self {
            name,
            has_version: false,
            names: Vec::new(),
            hasher: FixedState::default(),
            fields: 0,
            is_current_wanted: false,
            wanted: None,
        }
    }

    fn scan_lines(&mut self, lines: &[u8]) -> Option<()> {
        require_supported(lines)?;
        let mut rest = lines;
        while !rest.is_empty() {
            rest = self.scan_line(rest)?;
        }
        Some(())
    }

    /// Scans the first line of a text. Returns the lines after it.
    fn scan_line<'t>(&mut self, text: &'t [u8]) -> Option<&'t [u8]> {
        let rest = match text.first()? {
            b'\n' | b'#' | b' ' | b'\t' => text,
            b'[' => self.scan_header(text)?,
            b'v' if !self.has_version && self.names.is_empty() => {
                self.has_version = true;
                text.strip_prefix(VERSION_LINE)?
            }
            _ => self.scan_field(text)?,
        };
        skip_line_end(rest)
    }

    fn scan_header<'t>(&mut self, line: &'t [u8]) -> Option<&'t [u8]> {
        let (key, rest) = split_record_key(line)?;
        let is_other = || Some(!std::str::from_utf8(key).ok()?.nfc().eq(self.name.chars()));
        if !self.has_version || !(key.is_ascii() || is_other()?) {
            return None;
        }
        self.names.push(self.hasher.hash_one(key));
        self.fields = 0;
        self.is_current_wanted = key == self.name.as_bytes();
        if self.is_current_wanted {
            self.wanted = Some(Vec::new());
        }
        Some(rest)
    }

    fn scan_field<'t>(&mut self, line: &'t [u8]) -> Option<&'t [u8]> {
        let strip = |(index, field): (usize, &str)| Some((index, line.strip_prefix(field.as_bytes())?));
        let (index, value) = FIELDS.into_iter().enumerate().find_map(strip)?;
        let bit = 1 << index;
        if self.names.is_empty() || self.fields & bit != 0 {
            return None;
        }
        self.fields |= bit;
        let (value, rest) = RawValue::split_from(value)?;
        if let Some(wanted) = self.wanted.as_mut().filter(|_| self.is_current_wanted) {
            wanted.push((FIELDS[index].trim_end_matches(EQUALS), value.parse()?));
        }
        Some(rest)
    }

    /// Returns the wanted record, if the file has a version and no duplicate names.
    fn into_record(mut self) -> Option<Record> {
        self.names.sort_unstable();
        let is_valid = self.has_version && !self.names.windows(2).any(|pair| pair[0] == pair[1]);
        let wanted = self.wanted.filter(|_| is_valid)?;
        Some(Record::from_fields(self.name, &wanted, RecordForm::Plain))
    }
}

/// Returns `None` if a text is not UTF-8, or has a byte that is not supported.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call costs 1 % of the instructions for each account")]
pub(super) fn require_supported(lines: &[u8]) -> Option<()> {
    // One branch-free pass over the chunk vectorises; an early exit does not.
    let (mut unsupported, mut all) = (0, 0);
    for &byte in lines {
        unsupported |= unsupported_bit(byte);
        all |= byte;
    }
    (unsupported == 0 && (all.is_ascii() || std::str::from_utf8(lines).is_ok())).then_some(())
}

/// Splits the line `[accounts.KEY]`. Returns the key and the text after the bracket.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call costs 1 % of the instructions for each account")]
pub(super) fn split_record_key(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let key = line.strip_prefix(b"[accounts.")?;
    let (key, rest) = match key.iter().position(|&byte| !IS_BARE[usize::from(byte)])? {
        0 => split_quoted(key)?,
        length => key.split_at(length),
    };
    Some((key, rest.strip_prefix(b"]")?))
}

/// Skips the rest of a line after its value: a line end, blanks or a comment. Returns the lines after it.
#[inline(always)]
#[expect(clippy::inline_always, reason = "a call costs 1 % of the instructions for each account")]
pub(super) fn skip_line_end(rest: &[u8]) -> Option<&[u8]> {
    match rest {
        [] => Some(rest),
        [b'\n', next @ ..] => Some(next),
        _ => skip_comment(rest),
    }
}

/// Skips blanks and a comment up to the end of the line. Returns the lines after it.
fn skip_comment(line: &[u8]) -> Option<&[u8]> {
    let (line, next) = line.split_at(memchr(b'\n', line).map_or(line.len(), |at| at + 1));
    matches!(line.trim_ascii_start(), [] | [b'#', ..]).then_some(next)
}

/// Returns 1 for a byte that TOML forbids, that mfa writes nowhere, or that begins an escape sequence; else 0.
fn unsupported_bit(byte: u8) -> u8 {
    let is_control = u8::from(byte < b' ') & u8::from(byte != b'\n') & u8::from(byte != b'\t');
    is_control | u8::from(byte == 0x7f) | u8::from(byte == b'\\')
}

/// Whether a key without quotes may contain the byte
const IS_BARE: [bool; 256] = {
    let mut is_bare = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        is_bare[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        byte += 1;
    }
    is_bare
};
