//! The pictures of `tests/fixtures/qr` against `expected.json`.

use std::fs;
use std::path::PathBuf;

use mfa::qr::{ReadError, is_image, read};
use serde_json::Value;

use crate::wanted;

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "fixtures", "qr"].iter().collect()
}

fn picture(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap()
}

/// Returns the secrets in a picture's texts, in order.
fn secrets(name: &str) -> Vec<String> {
    let found = read(&picture(name), wanted).unwrap_or_else(|error| panic!("{name}: {error}"));
    let secret = |text: &str| {
        let (_, rest) = text.split_once("secret=").expect("a URI has a secret");
        rest.split('&').next().unwrap_or_default().to_owned()
    };
    found.iter().map(|found| secret(&found.text)).collect()
}

#[test]
fn pictures_with_accounts_give_their_secrets() {
    let expected: Value = serde_json::from_slice(&picture("expected.json")).unwrap();
    let files = expected["files"].as_object().unwrap();
    assert_eq!(files.len(), 21);
    for (name, picture) in files {
        let entries = picture["entries"].as_array().unwrap();
        let expected: Vec<&str> = entries.iter().filter_map(|entry| entry["secret"].as_str()).collect();
        if !expected.is_empty() {
            assert_eq!(secrets(name), expected, "{name}");
        }
    }
}

#[test]
fn letters_beyond_ascii_are_preserved() {
    let found = read(&picture("unicode-label.png"), wanted).unwrap();
    assert!(found[0].text.contains("zo") && !found[0].text.contains('\u{fffd}'));
}

#[test]
fn other_kinds_of_codes_are_returned() {
    let found = read(&picture("not-otpauth.png"), wanted).unwrap();
    assert!(found.len() == 1 && !wanted(&found[0].text));
}

#[test]
fn unreadable_files_give_the_reason() {
    let error = |name: &str| read(&picture(name), wanted).unwrap_err();
    assert_eq!(error("no-qr.png"), ReadError::NoCode);
    assert_eq!(error("truncated.png"), ReadError::Damaged);
    assert_eq!(error("not-an-image.png"), ReadError::NotAnImage);
    assert!(!is_image(&picture("not-an-image.png")));
}
