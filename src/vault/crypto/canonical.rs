//! The canonical encoding of MAC input: a length precedes each field, so that no two lists of fields share an encoding.

use toml::Value;
use toml::value::{Datetime, Offset};

/// The encoding of every NaN (IEEE 754, binary64)
const QUIET_NAN: u64 = 0x7ff8_0000_0000_0000;

/// The input of a MAC, or the associated data of a cipher: fields, each after its length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MacInput(Vec<u8>);

impl MacInput {
    /// Begins an input for a purpose, named by `context`: no two purposes share one.
    pub(super) fn new(context: &str) -> Self {
        Self(Vec::new()).field(context.as_bytes())
    }

    /// Appends the number of bytes (eight bytes, big-endian), then the bytes.
    pub(super) fn field(mut self, bytes: &[u8]) -> Self {
        self.put_field(bytes);
        self
    }

    /// Appends a field of eight bytes, big-endian.
    pub(super) fn number(self, number: u64) -> Self {
        self.field(&number.to_be_bytes())
    }

    /// Appends the letter of a table, then the table without the `excluded` keys; the order of the keys makes no difference.
    pub(super) fn table_except(mut self, table: &toml::Table, excluded: &[&str]) -> Self {
        self.put_table(table, excluded);
        self
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    fn put_field(&mut self, bytes: &[u8]) {
        self.put_length(bytes.len());
        self.0.extend_from_slice(bytes);
    }

    fn put_length(&mut self, length: usize) {
        let length = u64::try_from(length).expect("memory has fewer than 2^64 bytes");
        self.0.extend_from_slice(&length.to_be_bytes());
    }

    fn put_value(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.put_typed(b's', text.replace("\r\n", "\n").as_bytes()),
            Value::Datetime(time) => self.put_typed(b'd', to_iso_8601(time).as_bytes()),
            Value::Boolean(yes) => self.put_fixed(b'b', &[u8::from(*yes)]),
            Value::Integer(number) => self.put_fixed(b'i', &number.to_be_bytes()),
            Value::Float(number) if number.is_nan() => self.put_fixed(b'f', &QUIET_NAN.to_be_bytes()),
            Value::Float(number) => self.put_fixed(b'f', &number.to_be_bytes()),
            Value::Array(values) => {
                self.0.push(b'a');
                self.put_length(values.len());
                for value in values {
                    self.put_value(value);
                }
            }
            Value::Table(table) => self.put_table(table, &[]),
        }
    }

    fn put_typed(&mut self, letter: u8, bytes: &[u8]) {
        self.0.push(letter);
        self.put_field(bytes);
    }

    fn put_fixed(&mut self, letter: u8, bytes: &[u8]) {
        self.0.push(letter);
        self.0.extend_from_slice(bytes);
    }

    fn put_table(&mut self, table: &toml::Table, excluded: &[&str]) {
        let mut entries: Vec<_> = table.iter().filter(|(key, _)| !excluded.contains(&key.as_str())).collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        self.0.push(b't');
        self.put_length(entries.len());
        for (key, value) in entries {
            self.put_field(key.as_bytes());
            self.put_value(value);
        }
    }
}

/// Formats a time like `2026-11-21T07:32:00.250000+00:00`: to the microsecond, without the fraction if it is zero.
fn to_iso_8601(time: &Datetime) -> String {
    let date = time.date.map(|date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day));
    let clock = time.time.map(|time| {
        let micros = time.nanosecond.unwrap_or(0) / 1000;
        let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
        format!("{:02}:{:02}:{:02}{fraction}", time.hour, time.minute, time.second.unwrap_or(0))
    });
    let offset = time.offset.map_or(String::new(), |offset| {
        let minutes = match offset {
            Offset::Z => 0,
            Offset::Custom { minutes } => minutes,
        };
        let sign = if minutes < 0 { '-' } else { '+' };
        format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
    });
    let parts: Vec<String> = date.into_iter().chain(clock).collect();
    parts.join("T") + &offset
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encode(toml: &str) -> Vec<u8> {
        let table: toml::Table = toml.parse().unwrap();
        MacInput::new("").table_except(&table, &[]).as_bytes()[8..].to_vec()
    }

    #[test]
    fn a_table_is_encoded_by_the_format() {
        let bytes = encode("b = -2\na = \"x\"");
        let mut expected = b"t\0\0\0\0\0\0\0\x02".to_vec();
        expected.extend(b"\0\0\0\0\0\0\0\x01as\0\0\0\0\0\0\0\x01x");
        expected.extend(b"\0\0\0\0\0\0\0\x01bi\xff\xff\xff\xff\xff\xff\xff\xfe");
        assert_eq!(bytes, expected);
    }

    #[test]
    fn similar_values_have_different_encodings() {
        let different = [
            "a = \"1\"",
            "a = 1",
            "a = 1.0",
            "a = true",
            "a = [\"1\"]",
            "a = [[\"1\"]]",
            "a = [\"1\", \"\"]",
            "a = { b = \"1\" }",
            "a = \"1\"\nb = \"\"",
            "ab = \"1\"",
            "a = 2026-11-21",
            "a = 2026-11-21T00:00:00",
            "a = 2026-11-21T00:00:00Z",
            "a = \"2026-11-21\"",
            "a = \"\"",
            "a = []",
            "a = {}",
            "",
            "a = 0.0",
            "a = -0.0",
        ];
        for (index, one) in different.iter().enumerate() {
            for other in &different[index + 1..] {
                assert_ne!(encode(one), encode(other), "{one} / {other}");
            }
        }
    }

    #[test]
    fn order_and_line_endings_make_no_difference() {
        assert_eq!(encode("a = 1\nb = 2"), encode("b = 2\na = 1"));
        assert_eq!(encode("a = \"x\\r\\ny\""), encode("a = \"x\\ny\""));
        assert_eq!(encode("a = nan"), encode("a = -nan"));
        assert_eq!(encode("a = 10:20:30.1234567"), encode("a = 10:20:30.1234561"));
    }

    #[test]
    fn times_are_written_as_iso_8601() {
        let table = [
            ("2026-11-21", "2026-11-21"),
            ("07:32:00", "07:32:00"),
            ("07:32:00.25", "07:32:00.250000"),
            ("2026-11-21 07:32:00", "2026-11-21T07:32:00"),
            ("2026-11-21T07:32:00Z", "2026-11-21T07:32:00+00:00"),
            ("2026-11-21T07:32:00-07:30", "2026-11-21T07:32:00-07:30"),
        ];
        for (text, expected) in table {
            assert_eq!(to_iso_8601(&text.parse().unwrap()), expected);
        }
    }

    proptest! {
        #[test]
        fn different_fields_have_different_encodings(
            one in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..12), 0..6),
            other in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..12), 0..6),
        ) {
            let input = |fields: &[Vec<u8>]| fields.iter().fold(MacInput::new("x"), |input, field| input.field(field));
            prop_assert_eq!(input(&one) == input(&other), one == other);
        }
    }
}
