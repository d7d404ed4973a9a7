//! Cases that no fixture covers.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::formats::ParsedFile;
use crate::otp::{Kind, Parameters};

const BACKUP: &[u8] =
    include_bytes!("../../../../tests/fixtures/import/freeotp/freeotp2-sha1-bare-octets.xml");
const PASSWORD: &str = "correct horse battery";

fn token(fields: &Value) -> Value {
    let mut token = json!({"issuerExt": "ACME", "label": "bob", "secret": [72, 101, -34]});
    token.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    token
}

fn preferences(token: &Value) -> Result<ParsedFile, FormatError> {
    let text = token.to_string().replace('"', "&quot;");
    preferences::parse(&format!(
        "<?xml version='1.0'?><map><int name=\"x\" value=\"1\" /><string name=\"a\">{text}</string>\
         <string name=\"tokenOrder\">[]</string></map>"
    ))
}

#[test]
fn name_that_the_user_set_takes_precedence() {
    let renamed = token(&json!({"issuerAlt": "Work", "labelAlt": "me", "category": "Team"}));
    let enrolment = preferences(&renamed).unwrap().found.remove(0).enrolment;
    assert_eq!((enrolment.label.issuer.as_str(), enrolment.label.account_name.as_str()), ("Work", "me"));
    assert_eq!(enrolment.tags, ["Team"]);
    assert_eq!(enrolment.key.secret().expose(), [72, 101, 222]);
}

#[test]
fn issuer_steam_gives_steam_codes() {
    let steam = token(&json!({"issuerExt": "Steam", "type": "TOTP", "digits": 5}));
    let enrolment = preferences(&steam).unwrap().found.remove(0).enrolment;
    assert_eq!(enrolment.key.parameters(), Parameters::STEAM);
}

#[test]
fn stored_counter_is_one_before_the_next() {
    for (stored, next) in [(json!(41), 42), (json!(-1), 0), (json!(null), 0)] {
        let hotp = token(&json!({"type": "HOTP", "counter": stored}));
        let found = preferences(&hotp).unwrap().found.remove(0);
        assert_eq!(found.enrolment.key.parameters().kind(), Kind::Hotp { counter: next }, "{stored}");
    }
    for wrong in [json!(i64::MAX), json!(-2), json!("x")] {
        let hotp = token(&json!({"type": "HOTP", "counter": wrong}));
        assert_eq!(preferences(&hotp).unwrap().rejected.len(), 1, "{wrong}");
    }
}

#[test]
fn unsupported_token_is_rejected_by_name() {
    for (fields, reason) in [
        (json!({"algo": "SHA224"}), "unsupported algorithm 'SHA224'"),
        (json!({"algo": "MD5"}), "unsupported algorithm 'MD5'"),
        (json!({"secret": [300]}), "the secret key is not a list of bytes"),
        (json!({"secret": null}), "the secret key is missing"),
        (json!({"type": "MOTP"}), "unsupported type 'MOTP'"),
    ] {
        let refused = preferences(&token(&fields)).unwrap().rejected;
        assert_eq!(refused[0].to_string(), format!("ACME:bob: {reason}"));
    }
    let text = "<map><string name=\"ACME:bob\">no JSON</string></map>";
    assert_eq!(preferences::parse(text).unwrap().rejected[0].what, "ACME:bob");
}

#[test]
fn only_predefined_entities_are_resolved() {
    let doctype = "<!DOCTYPE map [<!ENTITY a \"x\"><!ENTITY b \"&a;&a;\">]>";
    for text in [
        format!("{doctype}<map><string name=\"tokenOrder\">&b;</string></map>"),
        "<map><string name=\"tokenOrder\">&b;</string></map>".to_owned(),
        "<map><string name=\"&b;\"></string></map>".to_owned(),
        "<map><string name=\"a\">&#0;</string></map>".to_owned(),
        "<map><string>x</string></map>".to_owned(),
        "<map><string name=\"a\"><string name=\"b\">x</string></string></map>".to_owned(),
        "<map><string name=\"a\">x</map>".to_owned(),
        "<map><string name=\"tokenOrder\">[]</string>".to_owned(),
    ] {
        assert!(matches!(preferences::parse(&text), Err(FormatError::Damaged(_))), "{text}");
    }
    let text = "<map><string name=\"tokenOrder\">&lt;&gt;&amp;&apos;&quot;&#x41;&#66;</string></map>";
    assert!(preferences::parse(text).is_ok());
}

/// Decrypts the backup after changing some preferences.
fn decrypt_changed(change: impl Fn(&mut String, &mut String)) -> Result<ParsedFile, FormatError> {
    let mut pairs = java::parse_string_map(BACKUP).unwrap();
    for (name, text) in &mut pairs {
        change(name, text);
    }
    EncryptedBackup::parse(&pairs)?.decrypt(PASSWORD)
}

#[test]
fn damaged_token_does_not_affect_the_others() {
    let last = |name: &str, ending: &str| name.ends_with(ending);
    let secret = decrypt_changed(|name, text| {
        if last(name, "0001") {
            *text = text.replace("HmacSHA256", "HmacSHA512");
        }
    });
    assert_eq!(
        secret.unwrap().rejected[0].to_string(),
        "ACME Co:john.doe@example.org: its secret key is damaged"
    );
    let alone = decrypt_changed(|name, _| {
        if last(name, "0001-token") {
            name.insert(0, 'x');
        }
    });
    let reasons: Vec<String> = alone.unwrap().rejected.into_iter().map(|refused| refused.reason).collect();
    assert_eq!(reasons, ["its description is missing", "its secret key is damaged"]);
}

#[test]
fn missing_algorithm_of_a_token_comes_from_its_key() {
    let contents = decrypt_changed(|_, text| *text = text.replace("\"algo\": \"SHA256\", ", "")).unwrap();
    assert_eq!(contents.found[1].enrolment.key.parameters().algorithm().as_str(), "SHA256");
}

#[test]
fn malformed_master_key_is_an_error() {
    let with = |from: &str, to: &str| decrypt_changed(|_, text| *text = text.replace(from, to)).unwrap_err();
    for (from, to) in [
        ("withHmacSHA1", "withHmacMD5"),
        ("\"mSalt\"", "\"salt\""),
        ("GCM", "CBC"),
        ("\"mIterations\": 100000", "\"mIterations\": 0"),
    ] {
        assert!(matches!(with(from, to), FormatError::Damaged(_)), "{from}");
    }
    assert_eq!(with("100000", "1000000000"), FormatError::TooCostly("PBKDF2"));
    assert_eq!(with("\"AES\"", "\"AES2\""), FormatError::WrongPassword);
    assert!(matches!(EncryptedBackup::parse(&[]), Err(FormatError::Damaged(_))));
}

proptest! {
    #[test]
    fn no_preferences_panic(xml in "(<map>|</map>|<string name=\"a\">|</string>|&lt;|&#x?[0-9]{1,3};|<!--|\\]\\]>|[a-z<>&;\"{}:=/]){0,12}") {
        let _ = preferences::parse(&xml);
    }
}
