//! An unknown file with its bytes, its text and its JSON, each decoded once.

use encoding_rs::Encoding;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::formats::FormatError;
use crate::formats::codec::json::Json;

const ZIP: &[u8] = b"PK\x03\x04";

/// The beginnings of the XML files that can be imported
const XML: [&str; 3] = ["<?xml", "<map", "<KeePassFile"];

/// The limit for TOML, whose tree takes many times the memory of its text
const MAX_TOML_BYTES: usize = 16 * 1024 * 1024;

/// The decoded views of a file by which formats are detected
pub(super) struct Probe<'a> {
    bytes: &'a [u8],
    text: Option<Zeroizing<String>>,
    json: Option<Result<Json, FormatError>>,
}

impl<'a> Probe<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let text = decode_text(bytes);
        let json = text.as_deref().map(|text| trim(text)).filter(|text| text.starts_with(['{', '[']));
        let json = json.map(Json::parse);
        Self { bytes, text, json }
    }

    /// Returns the raw bytes of the file.
    pub(super) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Returns the text without surrounding blanks, or `None` if the file is not text.
    pub(super) fn text(&self) -> Option<&str> {
        self.text.as_deref().map(|text| trim(text))
    }

    /// Returns the JSON, or `None` if the file is not a JSON object or array.
    pub(super) fn json(&self) -> Option<&Value> {
        self.json.as_ref()?.as_ref().ok().map(|json| &**json)
    }

    /// Returns the syntax error if the file begins like JSON but is invalid.
    pub(super) fn json_error(&self) -> Option<&FormatError> {
        self.json.as_ref()?.as_ref().err()
    }

    /// Returns whether the file has nothing but blanks.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty() || self.text().is_some_and(str::is_empty)
    }

    /// Returns whether the file is a JSON object with all these keys.
    pub(super) fn has_keys(&self, keys: &[&str]) -> bool {
        self.json().is_some_and(|json| keys.iter().all(|key| json.get(key).is_some()))
    }

    /// Returns whether the file is a JSON array with an object that has all these keys.
    pub(super) fn lists_objects_with(&self, keys: &[&str]) -> bool {
        let objects = self.json().and_then(Value::as_array);
        objects.is_some_and(|objects| {
            objects.iter().any(|object| keys.iter().all(|key| object.get(key).is_some()))
        })
    }

    /// Returns the TOML table, or `None` if the file is not TOML or is too large.
    pub(super) fn toml(&self) -> Option<toml::Table> {
        let text = self.text().filter(|text| text.len() <= MAX_TOML_BYTES && text.contains('='))?;
        if self.json().is_some() || self.is_xml() { None } else { text.parse().ok() }
    }

    /// Returns whether the file begins with these bytes.
    pub(super) fn starts_with(&self, magic: &[u8]) -> bool {
        self.bytes.starts_with(magic)
    }

    /// Returns whether the file begins like a zip archive.
    pub(super) fn is_zip(&self) -> bool {
        self.starts_with(ZIP)
    }

    /// Returns whether the file begins like a known XML file. A `<` alone may begin a password.
    pub(super) fn is_xml(&self) -> bool {
        self.text().is_some_and(|text| XML.iter().any(|start| text.starts_with(start)))
    }

    /// Returns the number of the first line that is not UTF-8, or `None` if the file has control characters.
    pub(super) fn first_line_not_utf8(&self) -> Option<usize> {
        let is_text = !self.bytes.iter().any(|byte| byte.is_ascii_control() && !byte.is_ascii_whitespace());
        let lines = self.bytes.split(|&byte| byte == b'\n');
        let line = (1..).zip(lines).find(|(_, line)| std::str::from_utf8(line).is_err());
        line.filter(|_| is_text).map(|(number, _)| number)
    }

    /// Returns whether the first line names all these columns of a CSV table.
    pub(super) fn has_columns(&self, names: &[&str]) -> bool {
        let first = self.text().and_then(|text| text.lines().next()).unwrap_or_default();
        let columns: Vec<&str> = first.split(',').map(|column| column.trim().trim_matches('"')).collect();
        names.iter().all(|name| columns.contains(name))
    }
}

/// Decodes UTF-8, or the encoding of the byte order mark: PowerShell writes UTF-16.
pub(crate) fn decode_text(bytes: &[u8]) -> Option<Zeroizing<String>> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..])?;
        return Some(Zeroizing::new(text.into_owned()));
    }
    std::str::from_utf8(bytes).ok().map(|text| Zeroizing::new(text.to_owned()))
}

pub(super) fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probe_detects_json_csv_xml_and_zip() {
        let utf_16: Vec<u8> =
            "\u{feff}{\"a\": 1, \"b\": 2}\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let probe = Probe::new(&utf_16);
        assert_eq!(probe.text(), Some(r#"{"a": 1, "b": 2}"#));
        assert!(probe.has_keys(&["a", "b"]) && !probe.has_keys(&["a", "c"]));

        let array = Probe::new(br#" [1, {"x": 1, "y": null}] "#);
        assert!(array.lists_objects_with(&["x", "y"]) && !array.lists_objects_with(&["z"]));
        let table = Probe::new(b"\"Group\",\"TOTP\", name\n1,2,3");
        assert!(table.has_columns(&["TOTP", "name"]) && !table.has_columns(&["Title"]));
        assert!(Probe::new(b"<?xml ?><map/>").is_xml());
        assert!(!Probe::new(b"<password\nuser: bob").is_xml());
        assert!(Probe::new(b"PK\x03\x04\xff").is_zip());
        assert!(Probe::new(b"\xff\xff").text().is_none());
        assert!(Probe::new(b" \n").is_empty() && Probe::new(b"").is_empty());
        assert!(matches!(Probe::new(b"{").json_error(), Some(FormatError::Json { .. })));
    }
}
