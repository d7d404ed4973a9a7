//! As much of YAML as the dump of totp-cli has: a list of namespaces, each a list of accounts, each field on a line.

use std::fmt::Write as _;

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::formats::FormatError;
use crate::formats::codec::json::Json;

const DAMAGED: FormatError = FormatError::Damaged("it is not as totp-cli writes a dump");

/// Whether a text begins like a dump
pub(super) fn is_dump(text: &str) -> bool {
    text.starts_with("- name:") && text.contains("\n  accounts:")
        || text.starts_with("- accounts:") && text.contains("\n  name:")
}

/// The dump as the JSON that the database holds.
///
/// # Errors
/// The line that is not understood, by its number.
pub(super) fn parse(text: &str) -> Result<Json, FormatError> {
    let mut dump = Dump::default();
    for (number, line) in (1..).zip(text.lines()) {
        let is_blank = line.trim().is_empty() || line.trim_start().starts_with('#') || line == "---";
        if !is_blank {
            let in_line = FormatError::InLine { line: number, error: Box::new(DAMAGED) };
            dump.take(line).ok_or(in_line)?;
        }
    }
    Json::parse(&Zeroizing::new(Value::from(dump.namespaces).to_string()))
}

#[derive(Default)]
struct Dump {
    namespaces: Vec<Value>,
    /// How far the accounts are indented, once one was there
    indent: Option<usize>,
}

impl Dump {
    /// None where the line is not understood
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
            let value = if key == "accounts" { accounts(value)? } else { scalar(value)? };
            return namespace.insert(key.to_owned(), value).is_none().then_some(());
        }
        let accounts = namespace.get_mut("accounts")?.as_array_mut()?;
        if is_first {
            accounts.push(Map::new().into());
            self.indent = Some(indent);
        }
        let account = accounts.last_mut()?.as_object_mut()?;
        account.insert(key.to_owned(), scalar(value)?).is_none().then_some(())
    }
}

fn accounts(value: &str) -> Option<Value> {
    matches!(value, "" | "[]").then(|| Value::Array(Vec::new()))
}

/// One value: quoted, a number, or as it stands; none where it goes on in the next line or refers to another one
fn scalar(value: &str) -> Option<Value> {
    if value.starts_with('"') {
        return serde_json::from_str(&json_escapes(value)?).ok();
    }
    if let Some(inner) = value.strip_prefix('\'') {
        let inner = inner.strip_suffix('\'')?;
        return (!inner.replace("''", "").contains('\'')).then(|| inner.replace("''", "'").into());
    }
    let is_plain =
        !value.starts_with(['|', '>', '&', '*', '!', '%', '@', '`', '{', '[']) && !value.contains(" #");
    is_plain.then(|| value.parse::<u64>().map_or_else(|_| value.into(), Value::from))
}

/// The escapes of YAML that JSON does not have, as it has them
fn json_escapes(quoted: &str) -> Option<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::with_capacity(quoted.len() * 6));
    let mut rest = quoted.chars();
    while let Some(character) = rest.next() {
        if character != '\\' {
            text.push(character);
            continue;
        }
        let escape = rest.next()?;
        let code = match escape {
            'x' => hex(&mut rest, 2)?,
            'U' => hex(&mut rest, 8)?,
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

fn hex(rest: &mut std::str::Chars<'_>, digits: usize) -> Option<u32> {
    let digits: String = rest.take(digits).collect();
    u32::from_str_radix(&digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_dump_is_read_however_it_is_indented_and_quoted() {
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
    fn what_is_not_understood_is_told_by_its_line() {
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
