//! The scan against the parser: it gives the same record, or none.

mod encrypted;

use std::io::{self, Read};

use proptest::prelude::*;

use super::chunks::CHUNK_LEN;
use super::*;
use crate::vault::record::Record;
use crate::vault::{MatchKind, Vault, document};

/// A reader that returns few bytes at a time, and is interrupted now and then.
struct SlowReader<'a> {
    bytes: &'a [u8],
    size: usize,
    calls: usize,
}

impl Read for SlowReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.calls += 1;
        if self.calls.is_multiple_of(3) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let length = self.size.min(buffer.len()).min(self.bytes.len());
        let (now, later) = self.bytes.split_at(length);
        buffer[..length].copy_from_slice(now);
        self.bytes = later;
        Ok(length)
    }
}

fn scan(text: &str, name: &str) -> Option<Record> {
    find_record(text.as_bytes(), text.len(), name).unwrap()
}

/// Returns the records with this name as the parser reads them.
fn parse_records(text: &str, name: &str) -> Vec<Record> {
    let whole = document::parse(text.as_bytes()).expect("the scan accepts only vaults");
    whole.records.into_iter().filter(|record| record.key == name).collect()
}

const VAULT: &str = r#"# mine
version = 1

[accounts.a]
issuer = "A"
secret = "AAAAAAAAAAAAAAAA"
# of two
[accounts."b.c@d"]
digits = 8
tags = ["x", "y z"]
secret = "BBBBBBBBBBBBBBBB"
"#;

#[test]
fn the_scan_finds_the_record_that_the_parser_reads() {
    for name in ["a", "b.c@d"] {
        assert_eq!([scan(VAULT, name).unwrap()], parse_records(VAULT, name)[..]);
    }
    let b = scan(VAULT, "b.c@d").unwrap().entry.unwrap();
    assert_eq!((b.tags, b.parameters.digits()), (vec!["x".to_owned(), "y z".to_owned()], 8));
    assert!(scan(VAULT.trim_end(), "b.c@d").is_some(), "the last line needs no line ending");
    assert_eq!(scan(VAULT, "c"), None);
}

#[test]
fn comments_do_not_stop_the_scan() {
    let comments = [
        ("version = 1", "version = 1 # one"),
        ("[accounts.a]", "[accounts.a]\t# \"mine\" = [accounts.z]"),
        ("issuer = \"A\"", "issuer = \"A\"#"),
        ("digits = 8", "digits = 8 \t"),
        ("[\"x\", \"y z\"]", "[\"x\", \"y z\"] # é"),
        ("# of two", " \t# of two"),
        ("# of two", "\t"),
    ];
    for (from, to) in comments {
        let text = VAULT.replacen(from, to, 1);
        for name in ["a", "b.c@d"] {
            let found = scan(&text, name).unwrap_or_else(|| panic!("{to:?}"));
            assert_eq!([found], parse_records(&text, name)[..], "{to:?}");
        }
    }
}

#[test]
fn lines_that_mfa_does_not_write_stop_the_scan() {
    let changes = [
        ("version = 1", "version = 2"),
        ("version = 1\n", ""),
        ("version = 1", "version = 1\nversion = 1"),
        ("version = 1", "accounts.z.secret = \"CCCCCCCCCCCCCCCC\"\nversion = 1"),
        ("# mine", "\u{feff}# mine"),
        ("# mine", "# mine\u{7}"),
        ("[accounts.a]", "[accounts]\n[accounts.a]"),
        ("[accounts.a]", "[ accounts.a ]"),
        ("[accounts.a]", "[accounts.'a']"),
        ("[accounts.a]", "[accounts.a.b]"),
        ("[accounts.a]", "[[accounts.a]]"),
        ("[accounts.a]", "[accounts.\"\\u0061\"]"),
        ("[accounts.a]", "[accounts.\"b.c@d\"]"),
        ("[accounts.a]", "[other]"),
        ("[accounts.a]", "[accounts.a] issuer = \"A\""),
        ("issuer = \"A\"", "issuer = \"A\" B # C"),
        ("issuer = \"A\"", "issuer = \"A\" # \u{b}"),
        ("issuer = \"A\"", "issuer = 'A'"),
        ("issuer = \"A\"", "issuer = \"\"\"A\"\"\""),
        ("issuer = \"A\"", "issuer = \"\\u0041\""),
        ("issuer = \"A\"", "issuer = \"A"),
        ("issuer = \"A\"", "issuer = \"A\nissuer = \"B\""),
        ("issuer = \"A\"", "issuer = A"),
        ("issuer = \"A\"", "issuer=\"A\""),
        ("issuer = \"A\"", "issuer.x = \"A\""),
        ("issuer = \"A\"", "\"issuer\" = \"A\""),
        ("issuer = \"A\"", "issuer = \"A\"\nissuer = \"A\""),
        ("issuer = \"A\"", "issuer = \"A\"\r"),
        ("issuer = \"A\"", "issuer = \"A\" = \"B\""),
        ("issuer = \"A\"", "url = \"A\""),
        ("issuer = \"A\"", "issuer = {}"),
        ("digits = 8", "digits = 08"),
        ("digits = 8", "digits = -8"),
        ("digits = 8", "digits = 0x8"),
        ("digits = 8", "digits = 8888888888888888888"),
        ("digits = 8", "digits = "),
        ("[\"x\", \"y z\"]", "[]"),
        ("[\"x\", \"y z\"]", "[\"x\", \"y z\"]]"),
        ("[\"x\", \"y z\"]", "[\"x\", \"y z\", ]"),
        ("[\"x\", \"y z\"]", "[\"x\", 8]"),
        ("[\"x\", \"y z\"]", "[\"x\""),
        ("[\"x\", \"y z\"]", "[\"x\",\n\"y z\"]"),
        ("[\"x\", \"y z\"]", "[\"x\" \"y z\"]"),
    ];
    for (from, to) in changes {
        assert!(VAULT.contains(from), "{from}");
        assert_eq!(scan(&VAULT.replacen(from, to, 1), "b.c@d"), None, "{to:?}");
    }
}

#[test]
fn a_name_in_another_unicode_form_stops_the_scan() {
    // The kelvin sign is normalised to K.
    assert_eq!(scan(&VAULT.replace("[accounts.a]", "[accounts.\"\u{212a}\"]"), "K"), None);
    assert!(scan(&VAULT.replace("[accounts.a]", "[accounts.\"日本\"]"), "b.c@d").is_some());
}

#[test]
fn a_line_longer_than_a_chunk_stops_the_scan() {
    let long = VAULT.replace("# mine", &format!("#{}", "x".repeat(CHUNK_LEN)));
    assert_eq!(scan(&long, "a"), None);
    let many = VAULT.replace("# mine", &"# mine\n".repeat(CHUNK_LEN));
    assert!(scan(&many, "a").is_some());
}

/// Lines and parts of lines that a user, an editor or an attacker may write
const PARTS: [&str; 36] = [
    "[accounts.a]\n",
    "[accounts.a]\n",
    "[accounts.b]\n",
    "[accounts.\"a\"]\n",
    "[accounts.'a']\n",
    "[accounts.\"\u{212a}\"]\n",
    "[accounts.K]\n",
    "[accounts]\n",
    "[accounts.a.b]\n",
    "[other]\n",
    "[[accounts.a]]\n",
    "[accounts.a]",
    "secret = \"AAAAAAAAAAAAAAAA\"\n",
    "secret = \"BBBBBBBBBBBBBBBB\"\n",
    "secret = \"CCCCCCCCCCCCCCCC\"\n",
    "secret = \"\"\"\n",
    "\"\"\"\n",
    "issuer = '''\n",
    "'''\n",
    "issuer = \"x\"\n",
    "issuer = \"x\\\"\n",
    "issuer = [\n",
    "]\n",
    "tags = [\"a\", \"b\"]\n",
    "a.secret = \"DDDDDDDDDDDDDDDD\"\n",
    "accounts.a.secret = \"EEEEEEEEEEEEEEEE\"\n",
    "accounts = { a = { secret = \"FFFFFFFFFFFFFFFF\" } }\n",
    "digits = 8\n",
    "digits = 99\n",
    "period = 60\n",
    "version = 1\n",
    "# [accounts.a]\n",
    " # \"\n",
    "\t",
    "\r\n",
    "\n",
];

/// Generates lines in the form that mfa writes.
fn canonical_lines() -> impl Strategy<Value = Vec<String>> {
    let name = proptest::sample::select(&["a", "b", "K", "\"c.d\"", "\"日本\"", "e", "f"][..]);
    let field = proptest::sample::select(
        &[
            "issuer = \"x # y\"",
            "digits = 8",
            "period = 60",
            "tags = [\"a\", \"b\"]",
            "note = \"old phone\"",
            "note = [\"1\", \"\", \"2\"]",
            "# c",
            "",
            "algorithm = \"MD5\"",
            "period = 60\t# \"x\"",
        ][..],
    );
    let record = (name, proptest::collection::btree_set(field, 0..4), "[A-D]{16}").prop_map(
        |(name, fields, secret)| {
            let head = format!("[accounts.{name}]\n");
            let fields = fields.into_iter().map(|field| format!("{field}\n"));
            let secret = format!("secret = \"{secret}\"\n");
            std::iter::once(head).chain(fields).chain([secret]).collect::<Vec<_>>()
        },
    );
    let records = proptest::collection::vec(record, 0..4).prop_map(|records| records.concat());
    records.prop_map(|records| std::iter::once("version = 1\n".to_owned()).chain(records).collect())
}

/// Generates canonical lines with up to three changes.
fn hostile_text() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        8 => proptest::sample::select(&PARTS[..]).prop_map(str::to_owned),
        1 => "[ -~\t\u{80}\u{feff}é]{0,6}",
    ];
    let change = (any::<proptest::sample::Index>(), proptest::option::of(part));
    (canonical_lines(), proptest::collection::vec(change, 0..4)).prop_map(|(mut lines, changes)| {
        for (at, part) in changes {
            let at = at.index(lines.len().max(1));
            match part {
                Some(part) => lines.insert(at, part),
                None => drop((at < lines.len()).then(|| lines.remove(at))),
            }
        }
        lines.concat()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn the_scan_agrees_with_the_parser_or_gives_up(text in hostile_text(), size in 1..40_usize) {
        for name in ["a", "b", "K"] {
            let Some(found) = scan(&text, name) else { continue };
            prop_assert_eq!(std::slice::from_ref(&found), &parse_records(&text, name)[..]);
            let reader = SlowReader { bytes: text.as_bytes(), size, calls: 0 };
            let again = find_record(reader, text.len(), name).unwrap().expect("the result does not depend on the reader");
            prop_assert_eq!(&again, &found);
            let whole = document::parse(text.as_bytes()).unwrap();
            let only = Vault::new(vec![found]);
            prop_assert_eq!(only.find(name, MatchKind::Exact), whole.find(name, MatchKind::Exact));
        }
    }
}
