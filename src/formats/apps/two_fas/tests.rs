//! What the fixtures do not have.

use serde_json::json;

use super::*;
use crate::otp::Parameters;

const ENCRYPTED: &str = include_str!("../../../../tests/fixtures/import/2fas/2fas-encrypted-v4.2fas");
const PASSWORD: &str = "correct horse battery";

fn open(file: &Value, password: &str) -> Result<ParsedFile, FormatError> {
    match read(&Probe::new(file.to_string().as_bytes()))? {
        Recognised::Plain(contents) => Ok(contents),
        Recognised::Encrypted(encrypted) => encrypted.open(password),
    }
}

fn encrypted() -> Value {
    serde_json::from_str(ENCRYPTED).unwrap()
}

#[test]
fn the_first_version_leaves_out_what_is_usual() {
    let service =
        json!({"name": "", "secret": "jbswy3dpehpk3pxp", "otp": {"issuer": "ACME", "label": "bob"}});
    let contents = open(&json!({"schemaVersion": 1, "services": [service]}), "").unwrap();
    let enrolment = &contents.found[0].enrolment;
    assert_eq!((enrolment.label.issuer.as_str(), enrolment.label.account_name.as_str()), ("ACME", "bob"));
    assert_eq!(enrolment.key.parameters(), Parameters::DEFAULT);
}

#[test]
fn what_cannot_be_taken_is_refused_by_name() {
    let service = |otp: Value| json!({"name": "ACME", "secret": "JBSWY3DPEHPK3PXP", "otp": otp});
    let services = [service(json!({"algorithm": "SHA224"})), service(json!({"digits": 5})), json!([])];
    let contents = open(&json!({"schemaVersion": 4, "services": services}), "").unwrap();
    let refused: Vec<String> = contents.refused.iter().map(ToString::to_string).collect();
    assert_eq!(
        refused,
        [
            "ACME: unsupported algorithm 'SHA224'",
            "ACME: 5 digits are not supported: a code has 6 to 8",
            "an account without a name: the secret key is missing",
        ]
    );
}

#[test]
fn a_newer_version_is_told() {
    assert_eq!(open(&json!({"schemaVersion": 5, "services": []}), "").unwrap_err(), NEWER);
}

#[test]
fn the_reference_tells_a_wrong_password_from_a_damaged_file() {
    let mut file = encrypted();
    assert_eq!(open(&file, "wrong").unwrap_err(), FormatError::WrongPassword);
    let services = file["servicesEncrypted"].as_str().unwrap().to_owned();
    let flipped = if services.starts_with('A') { "B" } else { "A" };
    file["servicesEncrypted"] = format!("{flipped}{}", &services[1..]).into();
    assert!(matches!(open(&file, PASSWORD), Err(FormatError::Damaged(_))));
    file["reference"] = Value::Null;
    assert_eq!(open(&file, PASSWORD).unwrap_err(), FormatError::WrongPasswordOrDamaged);
    for wrong in ["", "AAAA", "AAAA:AAAA", "AAAA:AAAA:AAAA", "§:§:§", "::"] {
        file["servicesEncrypted"] = wrong.into();
        assert!(matches!(open(&file, PASSWORD), Err(FormatError::Damaged(_))), "{wrong}");
    }
}
