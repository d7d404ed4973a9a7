//! One record out of a large vault, without parsing the others: a vault of 10 000 accounts takes the parser 30 times as
//! long as the rest of `mfa code`.
//!
//! A search for `[accounts.NAME]` would be wrong: that line may stand in a text of several lines. So every line is read,
//! and must be one of the few kinds that mfa itself writes, remarks aside. Whatever else there is, and whatever is an error,
//! makes the scan give up: then the whole is parsed, and that alone decides.

use std::hash::BuildHasher as _;
use std::io::{self, Read};

use foldhash::fast::FixedState;
use memchr::{memchr, memchr2};
use toml::Value;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use crate::vault::record::Record;

/// Bytes that are read at once; no line is as long
const CHUNK: usize = 32 * 1024;

/// The fields of a record, as mfa begins their lines
const FIELDS: [&str; 10] = [
    "secret = ",
    "issuer = ",
    "account = ",
    "algorithm = ",
    "digits = ",
    "period = ",
    "serial = ",
    "tags = ",
    "type = ",
    "counter = ",
];

/// What is between a field and its value
const EQUALS: &str = " = ";

/// What stands above the first record
const VERSION: &[u8] = b"version = 1";

/// Digits of a number that fits into 64 bits, whatever they are
const DIGITS: usize = 18;

/// The one record with this name in a vault of `size` bytes; none where it takes a parser to tell: the text has other
/// lines than mfa writes, is damaged, or has no such record.
///
/// # Errors
/// Those of the reader.
pub(super) fn record(vault: impl Read, size: usize, name: &str) -> io::Result<Option<Record>> {
    if !name.is_ascii() {
        return Ok(None);
    }
    let mut scan = Scan::of(name);
    let is_taken = each_chunk(vault, CHUNK.min(size + 1), |lines| scan.take(lines))?;
    Ok(if is_taken { scan.found() } else { None })
}

/// Reads whole lines, many at a time, as long as `take` takes them all
fn each_chunk(
    mut reader: impl Read,
    size: usize,
    mut take: impl FnMut(&[u8]) -> Option<()>,
) -> io::Result<bool> {
    let mut buffer = Zeroizing::new(vec![0; size]);
    let mut filled = 0;
    loop {
        let read = match reader.read(&mut buffer[filled..]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        filled += read;
        if read == 0 {
            // the last line may have no end; one that fills the buffer may go on
            return Ok(filled < size && take(&buffer[..filled]).is_some());
        }
        let end = buffer[..filled].iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        if take(&buffer[..end]).is_none() {
            return Ok(false);
        }
        buffer.copy_within(end..filled, 0);
        filled -= end;
    }
}

/// What was seen of a vault
struct Scan<'a> {
    name: &'a str,
    has_version: bool,
    /// Hashes of the names: two that are alike may be one name twice
    names: Vec<u64>,
    hasher: FixedState,
    /// Of the record at hand: its fields, a bit each, and whether it is the one
    fields: u16,
    is_wanted: bool,
    /// The one
    wanted: Option<Vec<(&'static str, Value)>>,
}

impl<'a> Scan<'a> {
    fn of(name: &'a str) -> Self {
        Self {
            name,
            has_version: false,
            names: Vec::new(),
            hasher: FixedState::default(),
            fields: 0,
            is_wanted: false,
            wanted: None,
        }
    }

    /// None where a line is none that is known
    fn take(&mut self, lines: &[u8]) -> Option<()> {
        // to look at all, many at a time, is faster than to look for one
        let (mut is_odd, mut all) = (0, 0);
        for &byte in lines {
            is_odd |= odd(byte);
            all |= byte;
        }
        if is_odd != 0 || !(all.is_ascii() || std::str::from_utf8(lines).is_ok()) {
            return None;
        }
        let mut rest = lines;
        while !rest.is_empty() {
            rest = self.take_line(rest)?;
        }
        Some(())
    }

    /// Takes the first line, and gives what follows it
    fn take_line<'t>(&mut self, text: &'t [u8]) -> Option<&'t [u8]> {
        let rest = match text.first()? {
            b'\n' | b'#' | b' ' | b'\t' => text,
            b'[' => self.take_header(text)?,
            b'v' if !self.has_version && self.names.is_empty() => {
                self.has_version = true;
                text.strip_prefix(VERSION)?
            }
            _ => self.take_field(text)?,
        };
        match rest {
            [] => Some(rest),
            [b'\n', next @ ..] => Some(next),
            _ => after_remark(rest),
        }
    }

    fn take_header<'t>(&mut self, line: &'t [u8]) -> Option<&'t [u8]> {
        let key = line.strip_prefix(b"[accounts.")?;
        let (key, rest) = match key.iter().position(|&byte| !IS_BARE[usize::from(byte)])? {
            0 => quoted(key)?,
            length => key.split_at(length),
        };
        let is_other = || Some(!std::str::from_utf8(key).ok()?.nfc().eq(self.name.chars()));
        if !self.has_version || !(key.is_ascii() || is_other()?) {
            return None;
        }
        self.names.push(self.hasher.hash_one(key));
        self.fields = 0;
        self.is_wanted = key == self.name.as_bytes();
        if self.is_wanted {
            self.wanted = Some(Vec::new());
        }
        rest.strip_prefix(b"]")
    }

    fn take_field<'t>(&mut self, line: &'t [u8]) -> Option<&'t [u8]> {
        let read = |(place, field): (usize, &str)| Some((place, line.strip_prefix(field.as_bytes())?));
        let (place, value) = FIELDS.into_iter().enumerate().find_map(read)?;
        let bit = 1 << place;
        if self.names.is_empty() || self.fields & bit != 0 {
            return None;
        }
        self.fields |= bit;
        let (value, rest) = Canonical::read(value)?;
        if let Some(wanted) = self.wanted.as_mut().filter(|_| self.is_wanted) {
            wanted.push((FIELDS[place].trim_end_matches(EQUALS), value.parse()?));
        }
        Some(rest)
    }

    /// The one, if the whole is a vault and its names are all different
    fn found(mut self) -> Option<Record> {
        self.names.sort_unstable();
        let is_sound = self.has_version && !self.names.windows(2).any(|pair| pair[0] == pair[1]);
        let wanted = self.wanted.filter(|_| is_sound)?;
        Some(Record::of_fields(self.name, &wanted))
    }
}

/// What is between two texts of a list
const BETWEEN: &str = "\", \"";

/// A value as mfa writes it
enum Canonical<'t> {
    Text(&'t [u8]),
    Number(&'t [u8]),
    /// Texts, as they stand between the first quote and the last
    List(&'t [u8]),
}

impl<'t> Canonical<'t> {
    /// The value that a text begins with, and what follows it
    fn read(text: &'t [u8]) -> Option<(Self, &'t [u8])> {
        match text.first()? {
            b'"' => quoted(text).map(|(text, rest)| (Self::Text(text), rest)),
            b'[' => list(text),
            _ => number(text),
        }
    }

    fn parse(self) -> Option<Value> {
        let (Self::Text(bytes) | Self::Number(bytes) | Self::List(bytes)) = self;
        let text = std::str::from_utf8(bytes).ok()?;
        Some(match self {
            Self::Text(_) => text.into(),
            Self::Number(_) => text.parse::<i64>().ok()?.into(),
            Self::List(_) => text.split(BETWEEN).collect::<Vec<_>>().into(),
        })
    }
}

/// What stands between the quotes that a text begins with, all in one line, and what follows
fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = text.strip_prefix(b"\"")?;
    let end = memchr2(b'"', b'\n', text)?;
    (text[end] == b'"').then(|| (&text[..end], &text[end + 1..]))
}

/// Texts in brackets, a comma and a blank between two
fn list(text: &[u8]) -> Option<(Canonical<'_>, &[u8])> {
    let first = text.strip_prefix(b"[")?;
    let (_, mut rest) = quoted(first)?;
    while let Some(next) = rest.strip_prefix(b", ") {
        (_, rest) = quoted(next)?;
    }
    let texts = &first[1..first.len() - rest.len() - 1];
    Some((Canonical::List(texts), rest.strip_prefix(b"]")?))
}

/// A number that is not negative
fn number(text: &[u8]) -> Option<(Canonical<'_>, &[u8])> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = text.split_at(length);
    let is_canonical = length == 1 || digits.first() != Some(&b'0');
    ((1..=DIGITS).contains(&length) && is_canonical).then_some((Canonical::Number(digits), rest))
}

/// What follows a line of which blanks and a remark are left
fn after_remark(line: &[u8]) -> Option<&[u8]> {
    let (line, next) = line.split_at(memchr(b'\n', line).map_or(line.len(), |at| at + 1));
    matches!(line.trim_ascii_start(), [] | [b'#', ..]).then_some(next)
}

/// What TOML allows nowhere, what mfa does not write at the ends of lines, and what makes a text mean something else
fn odd(byte: u8) -> u8 {
    let is_control = u8::from(byte < b' ') & u8::from(byte != b'\n') & u8::from(byte != b'\t');
    is_control | u8::from(byte == 0x7f) | u8::from(byte == b'\\')
}

/// Whether a key may have it without quotes
const IS_BARE: [bool; 256] = {
    let mut is_bare = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        is_bare[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
        byte += 1;
    }
    is_bare
};

#[cfg(test)]
mod tests;
