//! Cases that no fixture covers.

use proptest::prelude::*;
use serde_json::json;

use super::*;

const PBKDF2: &str =
    include_str!("../../../../tests/fixtures/import/bitwarden/bitwarden-encrypted-pbkdf2.json");
const PASSWORD: &str = "correct horse battery";

fn open(file: &Value, password: &str) -> Result<ParsedFile, FormatError> {
    match read(&Probe::new(file.to_string().as_bytes()))? {
        Recognised::Plain(parsed) => Ok(parsed),
        Recognised::Encrypted(encrypted) => encrypted.open(password),
    }
}

fn encrypted() -> Value {
    serde_json::from_str(PBKDF2).unwrap()
}

fn item(totp: &str) -> Value {
    json!({"type": 1, "name": "ACME", "login": {"username": "bob", "totp": totp}})
}

fn plain(items: &[Value]) -> ParsedFile {
    parse_vault(&json!({"items": items})).unwrap()
}

#[test]
fn item_name_is_the_issuer_unless_a_uri_has_one() {
    for (totp, kind, issuer, name) in [
        ("jbsw y3dp ehpk 3pxp", "totp", "ACME", "bob"),
        ("STEAM://JBSWY3DPEHPK3PXP", "steam", "ACME", "bob"),
        ("otpauth://totp/carol?secret=JBSWY3DPEHPK3PXP", "totp", "", "carol"),
        ("otpauth://totp/?secret=JBSWY3DPEHPK3PXP", "totp", "ACME", "bob"),
    ] {
        let enrolment = plain(&[item(totp)]).found.remove(0).enrolment;
        let label = &enrolment.label;
        assert_eq!((label.issuer.as_str(), label.account_name.as_str()), (issuer, name), "{totp}");
        assert_eq!(enrolment.key.parameters().kind().as_str(), kind);
    }
}

#[test]
fn items_without_key_or_in_the_trash_are_skipped() {
    let note = json!({"type": 2, "name": "note"});
    let mut deleted = item("JBSWY3DPEHPK3PXP");
    deleted["deletedDate"] = "2026-01-01T00:00:00.000Z".into();
    let parsed = plain(&[note, item(" "), item("0189"), deleted]);
    assert!(parsed.found.is_empty());
    assert_eq!(parsed.rejected.len(), 1);
    assert_eq!(parsed.rejected[0].what, "ACME:bob");
    assert_eq!(parsed.notes, ["skipped 'ACME': it is in the trash"]);
}

#[test]
fn collections_of_an_organisation_become_tags() {
    let mut both = item("JBSWY3DPEHPK3PXP");
    both["folderId"] = "1".into();
    both["collectionIds"] = json!(["2", "3", "4"]);
    let list = json!([{"id": "2", "name": "Ops"}, {"id": "3", "name": "Work"}]);
    let vault = json!({"folders": [{"id": "1", "name": "Work"}], "collections": list, "items": [both]});
    assert_eq!(parse_vault(&vault).unwrap().found[0].enrolment.tags, ["Work", "Ops"]);

    let table =
        "collections,type,name,login_username,login_totp\n\"Work,Ops\",login,ACME,bob,JBSWY3DPEHPK3PXP\n";
    assert_eq!(table::parse(table).unwrap().found[0].enrolment.tags, ["Work", "Ops"]);
}

#[test]
fn table_columns_are_found_by_their_names() {
    let table =
        "login_totp,name,notes\n,GitHub,\nJBSWY3DPEHPK3PXP,ACME,\"a\nnote\"\nJBSWY3DPEHPK3PXP\n0189,x";
    let parsed = table::parse(table).unwrap();
    let issuers: Vec<&str> = parsed.found.iter().map(|found| found.enrolment.label.issuer.as_str()).collect();
    assert_eq!(issuers, ["ACME", ""]);
    assert_eq!(parsed.rejected[0].what, "x");
}

/// Searching the header again in each row took minutes.
#[test]
fn table_with_many_columns_is_read_fast() {
    let table = format!("{}login_totp\n{}", ",".repeat(100_000), "x\n".repeat(100_000));
    assert_eq!(table::parse(&table).unwrap().found.len(), 0);
}

#[test]
fn wrong_password_and_damage_are_different_errors() {
    assert_eq!(open(&encrypted(), "wrong").unwrap_err(), FormatError::WrongPassword);
    let mut file = encrypted();
    file["data"] = file["encKeyValidation_DO_NOT_EDIT"].clone();
    assert!(matches!(open(&file, PASSWORD), Err(FormatError::Json { .. })));
    file["data"] = "2.AAAAAAAAAAAAAAAAAAAAAA==|AAAAAAAAAAAAAAAAAAAAAA==|AAAA".into();
    assert!(matches!(open(&file, PASSWORD), Err(FormatError::Damaged(_))));
}

#[test]
fn malformed_field_is_an_error() {
    let with = |field: &str, value: Value| {
        let mut file = encrypted();
        file[field] = value;
        open(&file, PASSWORD).unwrap_err()
    };
    for field in ["salt", "kdfType", "kdfIterations", "data", "encKeyValidation_DO_NOT_EDIT"] {
        assert!(matches!(with(field, json!([])), FormatError::Damaged(_)), "{field}");
    }
    assert!(matches!(with("kdfType", json!(2)), FormatError::Unsupported(_)));
    assert!(matches!(with("kdfType", json!(1)), FormatError::Damaged(_)));
    assert!(matches!(with("data", json!("0.AAAA|AAAA")), FormatError::Damaged(_)));
    assert_eq!(with("kdfIterations", json!(u64::MAX)), FormatError::TooCostly("PBKDF2"));
}

proptest! {
    #[test]
    fn no_table_panics(rows in "(login_totp|name|folder|[a-z,\"\n]){0,5}\n[a-z,\"\n:/]{0,60}") {
        let _ = table::parse(&rows);
    }
}
