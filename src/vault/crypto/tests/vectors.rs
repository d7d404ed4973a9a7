//! `tests/fixtures/sealed`: made by another program from the format document alone.

use std::fs;
use std::path::PathBuf;

use data_encoding::BASE32_NOPAD;
use serde_json::Value as Json;

use super::*;

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/sealed").join(file)
}

fn read(file: &str) -> String {
    fs::read_to_string(path(file)).unwrap()
}

fn vectors() -> Vec<Json> {
    serde_json::from_str(&read("vectors.json")).unwrap()
}

fn text<'a>(vector: &'a Json, field: &str) -> &'a str {
    vector[field].as_str().unwrap()
}

/// The key of the first slot that opens; else why the last one does not
fn unlock(head: &VaultHeader, unlock: &DecryptWith<'_>) -> Result<DataKey, AgeError> {
    let mut answer = Err(AgeError::NoMatchingIdentity);
    for slot in &head.slots {
        match slot.open(head.id, unlock) {
            Ok(key) => return Ok(key),
            Err(error) => answer = Err(error),
        }
    }
    answer
}

fn spelled(finding: &TamperFinding) -> String {
    match finding {
        TamperFinding::OtherVault => "other-vault".to_owned(),
        TamperFinding::EntryEdited(name) => format!("entry-edited {name}"),
        TamperFinding::EntryMissing(name) => format!("entry-missing {name}"),
        TamperFinding::EntryAdded { name, with_key: false } => format!("entry-added {name}"),
        TamperFinding::EntryAdded { name, with_key: true } => format!("entry-added-with-key {name}"),
        TamperFinding::EntriesMoved => "entries-moved".to_owned(),
        TamperFinding::EntriesMixed => "entries-mixed".to_owned(),
        TamperFinding::ListEdited => "list-edited".to_owned(),
        TamperFinding::SlotsChanged => "slots-changed".to_owned(),
        TamperFinding::GenerationEdited => "generation-edited".to_owned(),
        TamperFinding::HeadEdited => "head-edited".to_owned(),
        TamperFinding::MarksEdited => "marks-edited".to_owned(),
        TamperFinding::MacEdited => "mac-edited".to_owned(),
    }
}

fn spelled_error(error: &AgeError) -> &'static str {
    match error {
        AgeError::WrongPassphrase => "wrong-passphrase",
        AgeError::Damaged => "damaged",
        AgeError::OfAnotherVault => "of-another-vault",
        AgeError::NotADataKey => "not-a-data-key",
        AgeError::TooCostly(_) => "too-costly",
        _ => "otherwise",
    }
}

#[test]
fn the_good_ones_open_with_the_secrets_that_are_expected() {
    let mut compared = 0;
    for vector in vectors().iter().filter(|vector| text(vector, "file").starts_with("good")) {
        let root = table(&read(text(vector, "file")));
        let head = VaultHeader::read(&root).unwrap();
        let key = unlock(&head, &DecryptWith::Passphrase(text(vector, "passphrase"))).unwrap();
        let keys = VaultKeys::derive(&key, head.id);
        assert_eq!(keys.verify(&root), [], "{}", vector["file"]);
        for (name, secret) in vector["secrets"].as_object().unwrap() {
            let found = opened(&keys, &root, name).unwrap();
            assert_eq!(BASE32_NOPAD.encode(found.expose()), secret.as_str().unwrap(), "{name}");
            assert!(keys.verifies_entry(&root, name), "{name}");
            compared += 1;
        }
    }
    assert_eq!(compared, 12);
}

#[test]
fn the_slot_for_keys_opens_with_each_of_them() {
    let vectors = vectors();
    let vector = vectors.iter().find(|vector| vector["identities"].is_array()).unwrap();
    let head = VaultHeader::read(&table(&read(text(vector, "file")))).unwrap();
    let expected = unlock(&head, &DecryptWith::Passphrase(text(vector, "passphrase"))).unwrap();
    for file in vector["identities"].as_array().unwrap() {
        let mut identities = Identities::default();
        identities.add(&read(file.as_str().unwrap()), &NoCallbacks).unwrap();
        let key = unlock(&head, &DecryptWith::Identities(&identities)).unwrap();
        assert_eq!(key.expose(), expected.expose(), "{file}");
    }
}

#[test]
fn the_bad_ones_fail_for_the_reason_that_is_written() {
    for vector in vectors().iter().filter(|vector| text(vector, "file").starts_with("bad")) {
        let file = text(vector, "file");
        let root = table(&read(file));
        let head = VaultHeader::read(&root).unwrap();
        match unlock(&head, &DecryptWith::Passphrase(text(vector, "passphrase"))) {
            Err(error) => assert_eq!(vector["opens"], spelled_error(&error), "{file}"),
            Ok(key) => {
                let keys = VaultKeys::derive(&key, head.id);
                let findings: Vec<_> = keys.verify(&root).iter().map(spelled).collect();
                assert_eq!(serde_json::json!(findings), vector["findings"], "{file}");
                for name in vector["does_not_open"].as_array().into_iter().flatten() {
                    assert!(opened(&keys, &root, name.as_str().unwrap()).is_err(), "{file}");
                }
            }
        }
    }
}

#[test]
fn every_file_of_the_folder_is_a_vector() {
    let listed: Vec<String> = vectors().iter().map(|vector| text(vector, "file").to_owned()).collect();
    for file in fs::read_dir(path("")).unwrap() {
        let file = file.unwrap().path();
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(
            file.extension() != Some("toml".as_ref()) || listed.iter().any(|listed| listed == name),
            "{name}"
        );
    }
}

#[test]
fn a_damaged_slot_says_so_without_its_passphrase() {
    let head = VaultHeader::read(&table(&read("bad-slot-bit.toml"))).unwrap();
    assert_eq!(unlock(&head, &DecryptWith::Passphrase("wrong")).unwrap_err(), AgeError::Damaged);
}
