//! Tests each file of `tests/fixtures/import` against its expected accounts or its expected error.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::*;
use crate::otp::{Enrolment, Kind, Warning};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/import");

/// The files with rejected accounts, and their number. All accounts of the other files are accepted.
const REJECTIONS: &[(&str, usize)] =
    &[("google-authenticator/migration-batch-missing.txt", 1), ("cxf/cxf-v1.json", 1)];

fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    entries.map(|name| name.into_string().unwrap()).collect()
}

/// Returns the folder, name and expectation of each file. Panics if a file or an expectation is missing.
fn files() -> Vec<(String, String, Value)> {
    let mut files = Vec::new();
    for app in names(Path::new(FIXTURES)) {
        let folder = PathBuf::from(FIXTURES).join(&app);
        let text = fs::read_to_string(folder.join("expected.json")).unwrap();
        let expected: Value = serde_json::from_str(&text).unwrap();
        let expected = expected["files"].as_object().unwrap();
        let mut there = names(&folder);
        there.remove("expected.json");
        assert_eq!(there, expected.keys().cloned().collect(), "{app}");
        files.extend(expected.iter().map(|(file, expected)| (app.clone(), file.clone(), expected.clone())));
    }
    files
}

fn bytes(app: &str, file: &str) -> Vec<u8> {
    fs::read(Path::new(FIXTURES).join(app).join(file)).unwrap()
}

/// Returns whether a file is a picture. Other tests read the pictures.
fn is_picture(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|ending| ending == "png")
}

fn contents(bytes: &[u8], expected: &Value) -> Result<ParsedFile, FormatError> {
    match recognise(bytes)? {
        Recognised::Plain(contents) => Ok(contents),
        Recognised::Encrypted(encrypted) => {
            if let Ok(opened) = encrypted.open("not the password") {
                panic!("{opened:?}");
            }
            encrypted.open(expected["password"].as_str().expect("it asks for a password"))
        }
    }
}

fn entry(found: &Found) -> Value {
    let Enrolment { label, tags, key, .. } = &found.enrolment;
    let parameters = key.parameters();
    let mut entry = json!({
        "type": parameters.kind().as_str(),
        "issuer": label.issuer,
        "name": label.account_name,
        "secret": *key.secret().to_base32(),
        "algorithm": parameters.algorithm().as_str(),
        "digits": parameters.digits(),
        "groups": tags,
    });
    match parameters.kind() {
        Kind::Hotp { counter } => entry["counter"] = counter.into(),
        _ => entry["period"] = parameters.period().into(),
    }
    entry
}

/// Returns the expected entry. An expectation without groups omits them.
fn expected_entry(entry: &Value) -> Value {
    let mut entry = entry.clone();
    let fields = entry.as_object_mut().unwrap();
    fields.remove("note");
    fields.entry("groups").or_insert(json!([]));
    entry
}

#[test]
fn every_file_has_its_expected_accounts() {
    for (app, file, expected) in files().iter().filter(|(_, file, _)| !is_picture(file)) {
        let path = format!("{app}/{file}");
        let contents = contents(&bytes(app, file), expected);
        if expected["error"].is_string() {
            assert!(contents.is_err(), "{path}: {contents:?}");
            continue;
        }
        let contents = contents.unwrap_or_else(|error| panic!("{path}: {error}"));
        let found: Vec<Value> = contents.found.iter().map(entry).collect();
        let entries: Vec<Value> =
            expected["entries"].as_array().unwrap().iter().map(expected_entry).collect();
        assert_eq!(found, entries, "{path}");
        let rejections = REJECTIONS.iter().find(|(file, _)| *file == path).map_or(0, |(_, count)| *count);
        assert_eq!(contents.rejected.len(), rejections, "{path}: {:?}", contents.rejected);
    }
}

#[test]
fn an_encrypted_file_rejects_a_wrong_password() {
    for (app, file, expected) in files().iter().filter(|(_, file, _)| !is_picture(file)) {
        if let (None, Ok(Recognised::Encrypted(encrypted))) =
            (expected["error"].as_str(), recognise(&bytes(app, file)))
        {
            for password in ["", "correct horse batterY"] {
                let error = encrypted.open(password).unwrap_err();
                let is_reported =
                    matches!(error, FormatError::WrongPassword | FormatError::WrongPasswordOrDamaged);
                assert!(is_reported, "{app}/{file}: {error}");
            }
        }
    }
}

#[test]
fn truncated_files_never_panic() {
    for (app, file, _) in files().iter().filter(|(_, file, _)| !is_picture(file)) {
        let bytes = bytes(app, file);
        for length in (0..bytes.len()).step_by(bytes.len() / 40 + 1) {
            let _ = recognise(&bytes[..length]);
        }
    }
}

#[test]
fn modified_files_never_panic() {
    for (app, file, _) in files().iter().filter(|(_, file, _)| !is_picture(file)) {
        let mut bytes = bytes(app, file);
        for at in (0..bytes.len()).step_by(bytes.len() / 25 + 1) {
            for changed in [bytes[at] ^ 1, b'\"', 0, 0xff] {
                let before = std::mem::replace(&mut bytes[at], changed);
                let _ = recognise(&bytes);
                bytes[at] = before;
            }
        }
    }
}

#[test]
fn an_unknown_file_is_an_unrecognised_format() {
    let error = |bytes: &[u8]| recognise(bytes).unwrap_err();
    for bytes in [&b"a text of some words"[..], b"\x00\x01\xff", b"<html></html>", b"{}", b"[1]", b"a,b\n1,2"]
    {
        assert_eq!(error(bytes), FormatError::UnknownFile);
    }
    assert!(FormatError::UnknownFile.hint().is_some_and(|hint| hint.contains("mfa help import")));
    assert_eq!(error(b" \r\n"), FormatError::Empty);
    assert_eq!(error(b"\xef\xbb\xbf"), FormatError::Empty);
    assert!(matches!(error(b"{\"a\": 1"), FormatError::Json { line: 1, .. }));
}

#[test]
fn a_password_entry_may_begin_like_xml() {
    let text = "<hunter2\notpauth://totp/a?secret=JBSWY3DPEHPK3PXP";
    for text in [text, "<hunter2\nuser: bob\ntotp: JBSWY3DPEHPK3PXP"] {
        let Ok(Recognised::Plain(contents)) = recognise(text.as_bytes()) else { panic!("{text}") };
        assert_eq!(contents.found.len(), 1, "{text}");
    }
}

#[test]
fn a_line_in_another_encoding_is_reported() {
    let text = b"hunter2\nh\xfcnter2\notpauth://totp/a?secret=JBSWY3DPEHPK3PXP\n";
    assert_eq!(recognise(text).unwrap_err(), FormatError::NotUtf8(2));
}

#[test]
fn a_rejected_account_does_not_reject_the_others() {
    let text =
        "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP\nx\notpauth://totp/b?secret=JBSWY3DPEHPK3PXP&algorithm=MD5";
    let Ok(Recognised::Plain(contents)) = recognise(text.as_bytes()) else { panic!() };
    assert_eq!(contents.found.len(), 1);
    let rejected =
        RejectedAccount { what: "line 3".to_owned(), reason: "unsupported algorithm 'MD5'".to_owned() };
    assert_eq!(contents.rejected, [rejected]);
    assert!(matches!(read(text), Err(FormatError::InLine { line: 3, .. })));
}

/// The note of an account in each format that has one; the files follow the apps' formats, not our writers.
#[test]
fn notes_are_read() {
    let secret = "JBSWY3DPEHPK3PXP";
    let uri = format!("otpauth://totp/A:b?secret={secret}");
    let files = [
        format!(
            r#"{{"version": 1, "header": {{}}, "db": {{"version": 3, "entries": [{{"type": "totp", "name": "b",
                "issuer": "A", "note": "NOTE", "info": {{"secret": "{secret}"}}}}]}}}}"#
        ),
        format!("{uri}&codeDisplay=%7B%22note%22%3A%22NOTE%22%7D"),
        format!(
            r#"{{"version": 1, "entries": [{{"content": {{"uri": "{uri}", "entry_type": "Totp", "name": "b"}},
                "note": "NOTE"}}]}}"#
        ),
        format!(
            r#"{{"format": "mfa-export", "version": 1, "accounts": [{{"name": "x", "secret": "{secret}",
                "note": "NOTE"}}]}}"#
        ),
        format!(
            r#"{{"encrypted": false, "items": [{{"type": 1, "name": "A", "notes": "NOTE", "deletedDate": null,
                "login": {{"totp": "{secret}"}}}}]}}"#
        ),
        format!(
            "folder,favorite,type,name,notes,fields,login_uri,login_username,login_password,login_totp\n\
                 ,,login,A,NOTE,,,b,,{secret}\n"
        ),
        format!("url,username,password,totp,extra,name,grouping,fav\n,b,,{secret},NOTE,A,,0\n"),
        format!("Title,Url,Username,Password,OTPAuth,Favorite,Archived,Tags,Notes\nA,,b,,{secret},,,,NOTE\n"),
        format!(
            "\"Group\",\"Title\",\"Username\",\"Password\",\"URL\",\"Notes\",\"TOTP\"\n\
                 \"Root\",\"A\",\"b\",\"\",\"\",\"NOTE\",\"{uri}\"\n"
        ),
        format!(
            "<KeePassFile><Root><Group><Entry><String><Key>Title</Key><Value>A</Value></String>\
             <String><Key>Notes</Key><Value>NOTE</Value></String>\
             <String><Key>otp</Key><Value>{uri}</Value></String></Entry></Group></Root></KeePassFile>"
        ),
        format!(
            r#"{{"version": {{"major": 1, "minor": 0}}, "exporterRpId": "x", "exporterDisplayName": "y", "accounts":
                [{{"collections": [], "items": [{{"id": "a", "title": "A", "credentials": [
                {{"type": "totp", "secret": "{secret}"}},
                {{"type": "note", "content": {{"fieldType": "string", "value": "NOTE"}}}}]}}]}}]}}"#
        ),
    ];
    for file in files {
        let note_of = |text: &str| match recognise(file.replace("NOTE", text).as_bytes()) {
            Ok(Recognised::Plain(parsed)) if parsed.found.len() == 1 => parsed.found[0].clone(),
            other => panic!("{file}: {other:?}"),
        };
        assert_eq!(note_of("old phone").enrolment.note.expose(), "old phone", "{file}");
        let long = note_of(&"x".repeat(8193));
        assert!(long.enrolment.note.is_empty() && long.warnings.contains(&Warning::NoteLost), "{file}");
        if !file.contains("mfa-export") {
            let device = note_of("arn:aws:iam::123456789012:mfa/bob").enrolment;
            assert!(device.note.is_empty() && device.label.serial.is_some(), "{file}");
        }
    }
}
