//! Cases that no fixture covers.

use serde_json::json;

use super::*;

const ENCRYPTED: &str = include_str!("../../../../tests/fixtures/import/aegis/aegis-encrypted.json");
const PASSWORD: &str = "correct horse battery";

fn read_database(db: &Value) -> Result<ParsedFile, FormatError> {
    let file = json!({"version": 1, "header": {"slots": null, "params": null}, "db": db}).to_string();
    match read(&Probe::new(file.as_bytes()))? {
        Recognised::Plain(parsed) => Ok(parsed),
        Recognised::Encrypted(_) => panic!("the file is plain text"),
    }
}

fn open(file: &Value, password: &str) -> Result<ParsedFile, FormatError> {
    match read(&Probe::new(file.to_string().as_bytes()))? {
        Recognised::Plain(_) => panic!("the file is encrypted"),
        Recognised::Encrypted(encrypted) => encrypted.open(password),
    }
}

fn encrypted() -> Value {
    serde_json::from_str(ENCRYPTED).unwrap()
}

#[test]
fn unsupported_entry_is_rejected_by_name() {
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
    let parsed = read_database(&json!({"version": 2, "entries": entries})).unwrap();
    assert!(parsed.found.is_empty());
    let refused: Vec<String> = parsed.rejected.iter().map(ToString::to_string).collect();
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
fn group_of_an_older_database_becomes_a_tag() {
    let entry = json!({"type": "totp", "name": "a", "group": "Work", "info": {"secret": "JBSWY3DPEHPK3PXP"}});
    let parsed = read_database(&json!({"version": 2, "entries": [entry]})).unwrap();
    assert_eq!(parsed.found[0].enrolment.tags, ["Work"]);
}

#[test]
fn newer_version_is_rejected() {
    assert_eq!(read_database(&json!({"version": 4, "entries": []})).unwrap_err(), NEWER);
    let newer = json!({"version": 2, "header": {}, "db": {"version": 3, "entries": []}}).to_string();
    assert_eq!(read(&Probe::new(newer.as_bytes())).unwrap_err(), NEWER);
    assert!(matches!(read_database(&json!({"version": 3})), Err(FormatError::Damaged(_))));
}

#[test]
fn wrong_password_and_damage_are_different_errors() {
    assert_eq!(open(&encrypted(), "wrong").unwrap_err(), FormatError::WrongPassword);
    let mut tampered = encrypted();
    tampered["header"]["params"]["tag"] = "00".repeat(16).into();
    assert!(matches!(open(&tampered, PASSWORD), Err(FormatError::Damaged(_))));
    assert_eq!(open(&tampered, "wrong").unwrap_err(), FormatError::WrongPassword);
}

#[test]
fn truncated_password_of_an_old_version_is_reported() {
    let mut old = encrypted();
    old["header"]["slots"][1]["repaired"] = false.into();
    let error = open(&old, &"x".repeat(65)).unwrap_err();
    assert!(matches!(error, FormatError::Unsupported(_)), "{error}");
    assert_eq!(open(&old, &"x".repeat(64)).unwrap_err(), FormatError::WrongPassword);
}

#[test]
fn costs_beyond_the_limits_are_rejected() {
    let mut costly = encrypted();
    costly["header"]["slots"][1]["n"] = (1u64 << 40).into();
    assert_eq!(open(&costly, PASSWORD).unwrap_err(), FormatError::TooCostly("scrypt"));
    let mut many = encrypted();
    let slot = many["header"]["slots"][1].clone();
    many["header"]["slots"] = vec![slot; 9].into();
    assert_eq!(open(&many, PASSWORD).unwrap_err(), FormatError::TooCostly("scrypt"));
}

#[test]
fn incomplete_header_is_damaged() {
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
