//! Cases that no fixture covers.

use serde_json::json;

use super::*;

const ENCRYPTED: &str =
    include_str!("../../../../tests/fixtures/import/ente-auth/ente-encrypted-final-tag.json");
const PASSWORD: &str = "correct horse battery";
const URI: &str = "otpauth://totp/ACME:bob?secret=JBSWY3DPEHPK3PXP&codeDisplay=";

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
fn code_display_holds_tags_and_trash() {
    let uris = format!(
        "{URI}%7B%22tags%22%3A%5B%22My+%2B+Work%22%5D%7D\n\n{URI}%7B%22trashed%22%3Atrue%7D\n{URI}not%20JSON"
    );
    let parsed = parse_uris(&uris);
    let tags: Vec<&[String]> = parsed.found.iter().map(|found| &*found.enrolment.tags).collect();
    assert_eq!(tags, [&["My + Work".to_owned()][..], &[]]);
    assert_eq!(parsed.notes, ["skipped 'ACME:bob': it is in the trash"]);
}

#[test]
fn unsupported_uri_is_rejected_by_its_line() {
    let parsed = parse_uris(&format!("\n{}%7B%7D", URI.replace("secret", "algorithm=MD5&secret")));
    assert_eq!(parsed.rejected[0].to_string(), "line 2: unsupported algorithm 'MD5'");
}

#[test]
fn other_lists_of_uris_are_not_detected() {
    for text in [
        "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP".to_owned(),
        format!("{URI}%7B%7D\notpauth-migration://offline?data=x"),
        format!("Title,Username,OTPAuth\nA,bob,{URI}%7B%7D\nB,eve,JBSWY3DPEHPK3PXP"),
        format!("hunter2\ntotp: JBSWY3DPEHPK3PXP\n{URI}%7B%7D"),
        "codeDisplay=1".to_owned(),
    ] {
        assert!(!(FORMAT.detect)(&Probe::new(text.as_bytes())), "{text}");
    }
    assert!((FORMAT.detect)(&Probe::new(format!("{URI}%7B%7D").as_bytes())));
}

#[test]
fn malformed_field_is_an_error() {
    let with = |pointer: &str, value: Value| {
        let mut file = encrypted();
        *file.pointer_mut(pointer).unwrap() = value;
        open(&file, PASSWORD).unwrap_err()
    };
    assert!(matches!(with("/version", json!(2)), FormatError::Unsupported(_)));
    assert!(matches!(with("/kdfParams", json!({})), FormatError::Damaged(_)));
    assert!(matches!(with("/kdfParams/salt", json!("AAAA")), FormatError::Damaged(_)));
    assert!(matches!(with("/encryptionNonce", json!("AAAA")), FormatError::Damaged(_)));
    assert!(matches!(with("/encryptedData", json!("§")), FormatError::Damaged(_)));
    assert_eq!(with("/encryptedData", json!("AAAA")), FormatError::WrongPasswordOrDamaged);
    assert_eq!(with("/kdfParams/memLimit", json!(1_u64 << 31)), FormatError::TooCostly("Argon2"));
    assert_eq!(with("/kdfParams/opsLimit", json!(u64::MAX)), FormatError::TooCostly("Argon2"));
}
