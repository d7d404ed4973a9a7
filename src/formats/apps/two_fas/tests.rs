//! Cases that no fixture covers.

use serde_json::json;

use super::*;
use crate::otp::Parameters;

const ENCRYPTED: &str = include_str!("../../../../tests/fixtures/import/2fas/2fas-encrypted-v4.2fas");
const PASSWORD: &str = "correct horse battery";

fn open(file: &Value, password: &str) -> Result<ParsedFile, FormatError> {
    match read(&Probe::new(file.to_string().as_bytes()))? {
        Recognised::Plain(parsed) => Ok(parsed),
        Recognised::Encrypted(encrypted) => encrypted.open(password),
    }
}

fn encrypted() -> Value {
    serde_json::from_str(ENCRYPTED).unwrap()
}

#[test]
fn missing_parameters_have_their_defaults() {
    let service =
        json!({"name": "", "secret": "jbswy3dpehpk3pxp", "otp": {"issuer": "ACME", "label": "bob"}});
    let parsed = open(&json!({"schemaVersion": 1, "services": [service]}), "").unwrap();
    let enrolment = &parsed.found[0].enrolment;
    assert_eq!((enrolment.label.issuer.as_str(), enrolment.label.account_name.as_str()), ("ACME", "bob"));
    assert_eq!(enrolment.key.parameters(), Parameters::DEFAULT);
}

#[test]
fn unsupported_service_is_rejected_by_name() {
    let service = |otp: Value| json!({"name": "ACME", "secret": "JBSWY3DPEHPK3PXP", "otp": otp});
    let services = [service(json!({"algorithm": "SHA224"})), service(json!({"digits": 5})), json!([])];
    let parsed = open(&json!({"schemaVersion": 4, "services": services}), "").unwrap();
    let rejected: Vec<String> = parsed.rejected.iter().map(ToString::to_string).collect();
    assert_eq!(
        rejected,
        [
            "ACME: unsupported algorithm 'SHA224'",
            "ACME: 5 digits are not supported: a code has 6 to 8",
            "an account without a name: the secret key is missing",
        ]
    );
}

#[test]
fn newer_version_is_rejected() {
    assert_eq!(open(&json!({"schemaVersion": 5, "services": []}), "").unwrap_err(), NEWER);
}

#[test]
fn reference_distinguishes_wrong_password_and_damage() {
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
