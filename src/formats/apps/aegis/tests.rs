//! What the fixtures do not have.

use serde_json::json;

use super::*;

const ENCRYPTED: &str = include_str!("../../../../tests/fixtures/import/aegis/aegis-encrypted.json");
const PASSWORD: &str = "correct horse battery";

fn file(db: &Value) -> Result<ParsedFile, FormatError> {
    let file = json!({"version": 1, "header": {"slots": null, "params": null}, "db": db}).to_string();
    match read(&Probe::new(file.as_bytes()))? {
        Recognised::Plain(contents) => Ok(contents),
        Recognised::Encrypted(_) => panic!("it is open"),
    }
}

fn open(file: &Value, password: &str) -> Result<ParsedFile, FormatError> {
    match read(&Probe::new(file.to_string().as_bytes()))? {
        Recognised::Plain(_) => panic!("it is encrypted"),
        Recognised::Encrypted(encrypted) => encrypted.open(password),
    }
}

fn encrypted() -> Value {
    serde_json::from_str(ENCRYPTED).unwrap()
}

#[test]
fn what_cannot_be_taken_is_refused_by_name() {
    let entry = |kind: &str, algorithm: &str, secret: &str| {
        json!({"type": kind, "issuer": "ACME", "name": kind,
            "info": {"secret": secret, "algo": algorithm, "digits": 6, "period": 10, "pin": "1234"}})
    };
    let entries = [
        entry("motp", "MD5", "JBSWY3DPEHPK3PXP"),
        entry("yandex", "SHA256", "JBSWY3DPEHPK3PXP"),
        entry("totp", "MD5", "JBSWY3DPEHPK3PXP"),
        entry("totp", "SHA1", "0189"),
        json!(7),
    ];
    let contents = file(&json!({"version": 2, "entries": entries})).unwrap();
    assert!(contents.found.is_empty());
    let refused: Vec<String> = contents.refused.iter().map(ToString::to_string).collect();
    assert_eq!(
        refused,
        [
            "ACME:motp: unsupported type 'motp'",
            "ACME:yandex: unsupported type 'yandex'",
            "ACME:totp: unsupported algorithm 'MD5'",
            "ACME:totp: the secret key is not Base32: '0' at position 1",
            "an account without a name: the secret key is missing",
        ]
    );
}

#[test]
fn an_older_database_has_one_group_an_entry() {
    let entry = json!({"type": "totp", "name": "a", "group": "Work", "info": {"secret": "JBSWY3DPEHPK3PXP"}});
    let contents = file(&json!({"version": 2, "entries": [entry]})).unwrap();
    assert_eq!(contents.found[0].enrolment.tags, ["Work"]);
}

#[test]
fn a_newer_version_is_told() {
    assert_eq!(file(&json!({"version": 4, "entries": []})).unwrap_err(), NEWER);
    let newer = json!({"version": 2, "header": {}, "db": {"version": 3, "entries": []}}).to_string();
    assert_eq!(read(&Probe::new(newer.as_bytes())).unwrap_err(), NEWER);
    assert!(matches!(file(&json!({"version": 3})), Err(FormatError::Damaged(_))));
}

#[test]
fn a_wrong_password_and_a_damaged_file_are_told_apart() {
    assert_eq!(open(&encrypted(), "wrong").unwrap_err(), FormatError::WrongPassword);
    let mut tampered = encrypted();
    tampered["header"]["params"]["tag"] = "00".repeat(16).into();
    assert!(matches!(open(&tampered, PASSWORD), Err(FormatError::Damaged(_))));
    assert_eq!(open(&tampered, "wrong").unwrap_err(), FormatError::WrongPassword);
}

#[test]
fn a_password_that_old_versions_cut_short_is_told() {
    let mut old = encrypted();
    old["header"]["slots"][1]["repaired"] = false.into();
    let error = open(&old, &"x".repeat(65)).unwrap_err();
    assert!(matches!(error, FormatError::Unsupported(_)), "{error}");
    assert_eq!(open(&old, &"x".repeat(64)).unwrap_err(), FormatError::WrongPassword);
}

#[test]
fn what_a_file_may_ask_for_has_an_end() {
    let mut costly = encrypted();
    costly["header"]["slots"][1]["n"] = (1u64 << 40).into();
    assert_eq!(open(&costly, PASSWORD).unwrap_err(), FormatError::TooCostly("scrypt"));
    let mut many = encrypted();
    let slot = many["header"]["slots"][1].clone();
    many["header"]["slots"] = vec![slot; 9].into();
    assert_eq!(open(&many, PASSWORD).unwrap_err(), FormatError::TooCostly("scrypt"));
}

#[test]
fn a_header_that_lacks_something_is_damaged() {
    for (pointer, field) in [
        ("/header/slots/1", "n"),
        ("/header/slots/1", "salt"),
        ("/header/slots/1", "key_params"),
        ("/header/slots/1/key_params", "tag"),
        ("/header/params", "nonce"),
        ("/header", "params"),
    ] {
        for wrong in [json!(null), json!("xyz"), json!(-1), json!([])] {
            let mut file = encrypted();
            file.pointer_mut(pointer).unwrap()[field] = wrong;
            assert!(matches!(open(&file, PASSWORD), Err(FormatError::Damaged(_))), "{pointer}/{field}");
        }
    }
}
