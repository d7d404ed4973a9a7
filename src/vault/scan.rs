//! One record out of a large vault, without parsing the others: a vault of 10 000 accounts takes the parser 30 times as
//! long as the rest of `mfa code`.
//!
//! A search for `[accounts.NAME]` would be wrong: that line may stand in a text of several lines. So every line is read,
//! and must be one of the few kinds that mfa itself writes. Whatever else there is, down to a blank behind a value, and
//! whatever is an error, makes the scan give up: then the whole is parsed, and that alone decides.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{self, Read};

use memchr::memchr;
use toml::Value;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::record::Record;

/// Bytes that are read at once; no line is as long
const CHUNK: usize = 64 * 1024;

/// What stands above the first record
const VERSION: &str = "version = 1";

/// The fields of a record
const FIELDS: [&str; 10] =
    ["secret", "issuer", "account", "algorithm", "digits", "period", "serial", "tags", "type", "counter"];

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
    /// Of the record at hand: its fields, a bit each, and whether it is the one
    fields: u16,
    is_wanted: bool,
    /// The one
    wanted: Option<Vec<(&'static str, Value)>>,
}

impl<'a> Scan<'a> {
    fn of(name: &'a str) -> Self {
        Self { name, has_version: false, names: Vec::new(), fields: 0, is_wanted: false, wanted: None }
    }

    /// None where a line is none of those that mfa writes
    fn take(&mut self, lines: &[u8]) -> Option<()> {
        // to look at all, many at a time, is faster than to look for one
        if lines.iter().fold(0, |any, &byte| any | odd(byte)) != 0 {
            return None;
        }
        let mut rest = std::str::from_utf8(lines).ok()?;
        while !rest.is_empty() {
            let end = memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
            self.take_line(&rest[..end])?;
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        Some(())
    }

    fn take_line(&mut self, line: &str) -> Option<()> {
        match line.as_bytes().first() {
            None | Some(b'#') => Some(()),
            Some(b'[') => self.take_header(line),
            _ if line == VERSION && !self.has_version && self.names.is_empty() => {
                self.has_version = true;
                Some(())
            }
            _ => self.take_field(line),
        }
    }

    fn take_header(&mut self, line: &str) -> Option<()> {
        let key = line.strip_prefix("[accounts.")?.strip_suffix(']')?;
        let key = if is_bare(key) { key } else { text(key)? };
        if !self.has_version || (!key.is_ascii() && key.nfc().eq(self.name.chars())) {
            return None;
        }
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        self.names.push(hasher.finish());
        self.fields = 0;
        self.is_wanted = key == self.name;
        if self.is_wanted {
            self.wanted = Some(Vec::with_capacity(FIELDS.len()));
        }
        Some(())
    }

    fn take_field(&mut self, line: &str) -> Option<()> {
        let (field, value) = line.split_at(memchr(b' ', line.as_bytes())?);
        let value = value.strip_prefix(" = ")?;
        let place = FIELDS.iter().position(|known| *known == field)?;
        let bit = 1 << place;
        if self.names.is_empty() || self.fields & bit != 0 {
            return None;
        }
        self.fields |= bit;
        let value = Canonical::of(value)?;
        if let Some(wanted) = self.wanted.as_mut().filter(|_| self.is_wanted) {
            wanted.push((FIELDS[place], value.into()));
        }
        Some(())
    }

    /// The one, if the whole is a vault and its names are all different
    fn found(mut self) -> Option<Record> {
        self.names.sort_unstable();
        let is_sound = self.has_version && !self.names.windows(2).any(|pair| pair[0] == pair[1]);
        let wanted = self.wanted.filter(|_| is_sound)?;
        Some(Record::of_fields(self.name, &wanted))
    }
}

/// A value as mfa writes it
enum Canonical<'a> {
    Text(&'a str),
    Number(i64),
    /// Texts, as they stand between the first quote and the last
    List(&'a str),
}

/// What is between two texts of a list
const BETWEEN: &str = "\", \"";

impl<'a> Canonical<'a> {
    fn of(value: &'a str) -> Option<Self> {
        let list = || value.strip_prefix("[\"")?.strip_suffix("\"]");
        if let Some(text) = text(value) {
            Some(Self::Text(text))
        } else if is_number(value) {
            value.parse().ok().map(Self::Number)
        } else {
            list().filter(|texts| texts.split(BETWEEN).all(has_no_quote)).map(Self::List)
        }
    }
}

impl From<Canonical<'_>> for Value {
    fn from(value: Canonical<'_>) -> Self {
        match value {
            Canonical::Text(text) => text.into(),
            Canonical::Number(number) => number.into(),
            Canonical::List(texts) => texts.split(BETWEEN).map(Self::from).collect::<Vec<_>>().into(),
        }
    }
}

/// What TOML allows nowhere, what mfa does not write at the ends of lines, and what makes a text mean something else
fn odd(byte: u8) -> u8 {
    let is_control = u8::from(byte < b' ') & u8::from(byte != b'\n') & u8::from(byte != b'\t');
    is_control | u8::from(byte == 0x7f) | u8::from(byte == b'\\')
}

/// Whether a key needs no quotes
fn is_bare(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// What stands between quotes, as it stands there
fn text(value: &str) -> Option<&str> {
    value.strip_prefix('"')?.strip_suffix('"').filter(|text| has_no_quote(text))
}

fn has_no_quote(text: &str) -> bool {
    memchr(b'"', text.as_bytes()).is_none()
}

/// A number that is not negative
fn is_number(value: &str) -> bool {
    let is_canonical = value == "0" || !value.starts_with('0');
    (1..=DIGITS).contains(&value.len()) && is_canonical && value.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
