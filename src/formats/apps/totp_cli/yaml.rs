//! Reads the YAML of a totp-cli dump: a list of namespaces with lists of accounts, one field per line.

use std::fmt::Write as _;

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::formats::FormatError;
use crate::formats::codec::json::Json;

const DAMAGED: FormatError = FormatError::Damaged("it is not a dump of totp-cli");

/// Returns whether a text begins like a dump.
pub(super) fn is_dump(text: &str) -> bool {
    text.starts_with("- name:") && text.contains("\n  accounts:")
        || text.starts_with("- accounts:") && text.contains("\n  name:")
}

/// Converts a dump to the JSON that the database holds.
///
/// # Errors
/// `InLine` with the number of the malformed line.
pub(super) fn parse(text: &str) -> Result<Json, FormatError> {
    let mut parser = DumpParser::default();
    for (number, line) in (1..).zip(text.lines()) {
        let is_blank = line.trim().is_empty() || line.trim_start().starts_with('#') || line == "---";
        if !is_blank {
            let in_line = FormatError::InLine { line: number, error: Box::new(DAMAGED) };
            parser.take(line).ok_or(in_line)?;
        }
    }
    Json::parse(&Zeroizing::new(Value::from(parser.namespaces).to_string()))
}

/// Collects the namespaces line by line
#[derive(Default)]
struct DumpParser {
    namespaces: Vec<Value>,
    /// Indentation of the accounts of the current namespace, after its first one
    indent: Option<usize>,
}

impl DumpParser {
    /// Adds a line, or returns `None` if it is malformed.
    fn take(&mut self, line: &str) -> Option<()> {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        let (is_first, content) = match content.strip_prefix("- ") {
            Some(content) => (true, content.trim_start()),
            None => (false, content),
        };
        let (key, value) = content.split_once(':')?;
        let (key, value) = (key.trim(), value.trim());
        if indent == 0 && is_first {
            self.namespaces.push(Map::new().into());
            self.indent = None;
        }
        let namespace = self.namespaces.last_mut()?.as_object_mut()?;
        let is_account = indent > 0 && (is_first || self.indent.is_some_and(|accounts| indent > accounts));
        if !is_account {
            let value = if key == "accounts" { parse_accounts(value)? } else { parse_scalar(value)? };
            return namespace.insert(key.to_owned(), value).is_none().then_some(());
        }
        let accounts = namespace.get_mut("accounts")?.as_array_mut()?;
        if is_first {
            accounts.push(Map::new().into());
            self.indent = Some(indent);
        }
        let account = accounts.last_mut()?.as_object_mut()?;
        account.insert(key.to_owned(), parse_scalar(value)?).is_none().then_some(())
    }
}

fn parse_accounts(value: &str) -> Option<Value> {
    matches!(value, "" | "[]").then(|| Value::Array(Vec::new()))
}

/// Parses a quoted text, a number or a plain text.
///
/// Returns `None` if the value continues on the next line or refers to another one.
fn parse_scalar(value: &str) -> Option<Value> {
    if value.starts_with('"') {
        return serde_json::from_str(&to_json_escapes(value)?).ok();
    }
    if let Some(inner) = value.strip_prefix('\'') {
        let inner = inner.strip_suffix('\'')?;
        return (!inner.replace("''", "").contains('\'')).then(|| inner.replace("''", "'").into());
    }
    let is_plain =
        !value.starts_with(['|', '>', '&', '*', '!', '%', '@', '`', '{', '[']) && !value.contains(" #");
    is_plain.then(|| value.parse::<u64>().map_or_else(|_| value.into(), Value::from))
}

/// Replaces the escapes that only YAML has with those of JSON.
fn to_json_escapes(quoted: &str) -> Option<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::with_capacity(quoted.len() * 6));
    let mut rest = quoted.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        let escape = rest.next()?;
        let code = match escape {
            'x' => parse_hex(&mut rest, 2)?,
            'U' => parse_hex(&mut rest, 8)?,
            '0' => 0,
            'a' => 7,
            'v' => 0x0b,
            'e' => 0x1b,
            ' ' => 0x20,
            'N' => 0x85,
            '_' => 0xa0,
            'L' => 0x2028,
            'P' => 0x2029,
            _ => {
                text.extend(['\\', escape]);
                continue;
            }
        };
        for unit in char::from_u32(code)?.encode_utf16(&mut [0; 2]) {
            write!(text, "\\u{unit:04x}").ok()?;
        }
    }
    Some(text)
}

fn parse_hex(rest: &mut std::str::Chars<'_>, digits: usize) -> Option<u32> {
    let digits: String = rest.take(digits).collect();
    u32::from_str_radix(&digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dump_is_read_with_any_indentation_and_quotes() {
        for text in [
            "- name: A\n  accounts:\n    - name: 'it''s'\n      length: 6\n- name: \"\\x42\\u00e9\\U0001F980\"\n  accounts: []\n",
            "---\n- accounts:\n  - length: 6\n    name: it's\n  name: A\n# two\n- name: Bé🦀\n  accounts: []\n",
        ] {
            let json = parse(text).unwrap();
            assert_eq!(json[0]["name"], "A", "{text}");
            let account = &json[0]["accounts"][0];
            assert_eq!((&account["name"], &account["length"]), (&"it's".into(), &6.into()), "{text}");
            assert_eq!(json[1]["name"], "Bé🦀", "{text}");
        }
    }

    #[test]
    fn malformed_line_is_reported_by_number() {
        for text in [
            "- name: |\n    x",
            "- name: A\n- name\n",
            "name: A",
            "- name: A\n  name: B",
            "- name: A\n    - token: x",
            "- name: \"\\q\"",
            "- name: 'a'b'",
            "- name: *a",
        ] {
            assert!(matches!(parse(text), Err(FormatError::InLine { .. })), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "[-a: '\"\\\\xuU0-9\n\\[|#]{0,60}") {
            let _ = parse(&text);
        }
    }
}
