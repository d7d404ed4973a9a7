//! Tests the parser against the table of deviations, and against the writer.

use proptest::prelude::*;
use serde_json::Value;

use super::*;
use crate::otp::{
    Account, Algorithm, Enrolment, Key, KeyError, Kind, Label, Name, Parameters, Secret, SecretError,
};
use crate::text::has_unsafe;

/// 120 URIs from real services and apps, each with the expected account and warnings, or the expected error
const DEVIATIONS: &str = include_str!("../../../tests/fixtures/otpauth-uris/deviations.json");

/// Returns the spelling of the table: `secret-trailing-bits` for `SecretTrailingBits`.
fn kebab(debug: &str) -> String {
    let variant = debug.split(|c: char| !c.is_alphanumeric()).next().unwrap();
    let mut kebab = String::new();
    for c in variant.chars() {
        if c.is_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.extend(c.to_lowercase());
    }
    kebab.replace("not-utf-8", "not-utf8").replace("base-32", "base32")
}

fn error_code(error: &UriError) -> String {
    match error {
        UriError::Secret(SecretError::Missing) => "missing-secret".into(),
        UriError::Secret(SecretError::TooShort) => "secret-too-short".into(),
        UriError::Secret(_) => "bad-base32".into(),
        UriError::Key(KeyError::UnsupportedAlgorithm(_)) => "unsupported-algorithm".into(),
        other => kebab(&format!("{other:?}")),
    }
}

fn account_json(uri: &OtpauthUri) -> Value {
    let mut json = serde_json::json!({
        "issuer": uri.issuer,
        "name": uri.account_name,
        "secret": *uri.secret.to_base32(),
        "algorithm": uri.algorithm.as_str(),
        "digits": uri.digits,
    });
    let (field, value) = match uri.kind {
        Kind::Totp { period } => ("period", period.into()),
        Kind::Hotp { counter } => ("counter", counter),
        Kind::Steam => ("period", 30),
    };
    json["type"] = uri.kind.as_str().into();
    json[field] = value.into();
    json
}

/// Searching all parameters for each one would take hours.
#[test]
fn many_parameters_are_parsed_in_linear_time() {
    let list =
        |text: &str| (0..200_000).map(|number| format!("&{text}{number}")).collect::<Vec<_>>().concat();
    let uri = format!("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP{}{}", list("x"), list("tags=x"));
    assert_eq!(OtpauthUri::parse(&uri).unwrap().0.tags.len(), 200_000);
}

#[test]
fn every_row_of_the_table_has_its_expected_outcome() {
    let table: Value = serde_json::from_str(DEVIATIONS).unwrap();
    let rows = table["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 120);
    for row in rows {
        let input = row["input"].as_str().unwrap();
        match OtpauthUri::parse(input) {
            Ok((uri, warnings)) => {
                assert_eq!(account_json(&uri), row["expect"], "{input}");
                let mut codes: Vec<String> = warnings.iter().map(|w| kebab(&format!("{w:?}"))).collect();
                codes.sort();
                let mut expected: Vec<&str> =
                    row["warnings"].as_array().unwrap().iter().map(|w| w.as_str().unwrap()).collect();
                expected.sort_unstable();
                assert_eq!(codes, expected, "{input}");
            }
            Err(error) => assert_eq!(error_code(&error), row["error"], "{input}"),
        }
    }
}

#[test]
fn every_kind_round_trips() {
    for (uri, parameters) in [
        ("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP", Parameters::DEFAULT),
        (
            "otpauth://hotp/a?secret=JBSWY3DPEHPK3PXP&counter=42",
            Parameters::hotp(Algorithm::Sha1, 6, 42).unwrap(),
        ),
        ("otpauth://steam/a?secret=JBSWY3DPEHPK3PXP", Parameters::STEAM),
    ] {
        let enrolment = Enrolment::try_from(OtpauthUri::parse(uri).unwrap().0).unwrap();
        assert_eq!(enrolment.key.parameters(), parameters);
        assert_eq!(*enrolment.named("a".parse().unwrap()).to_uri(), uri);
    }
}

#[test]
fn escapes_and_overrides_in_a_label_are_rejected() {
    for (label, part) in [
        ("Exam%1B%5B31mple:alice", "the issuer"),
        ("Example:al%E2%80%AEice", "the account name"),
        ("Example:al%C2%9Bice", "the account name"),
        ("Example:al%0Aice", "the account name"),
    ] {
        let uri = format!("otpauth://totp/{label}?secret=JBSWY3DPEHPK3PXP");
        assert_eq!(OtpauthUri::parse(&uri), Err(UriError::UnsafeText(part)), "{label}");
    }
}

#[test]
fn errors_never_hold_the_secret() {
    for uri in [
        "otpauth://totp/a?secret=JBSWY3DPEHPK3PX!",
        "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&secret=GEZDGNBVGY3TQOJQ",
        "otpauth://totp/a?secret=JBSWY3DPEHPK3PXP&digits=12",
    ] {
        let error = OtpauthUri::parse(uri).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("JBSWY"), "{error:?}");
    }
}

fn label_part() -> impl Strategy<Value = String> {
    let tricky = prop::sample::select(vec![
        "",
        "a:b",
        ":",
        "::",
        "a+b",
        "a%3Ab",
        "100%",
        "a#b",
        "a?b&c=d",
        "Disney+",
        "é",
        "例え",
        "🦀",
        "steam",
        "a/../b",
        "arn:aws:iam::123456789012:mfa/x",
        "\"q\"",
        "a\u{a0}b",
    ]);
    prop_oneof![tricky.prop_map(str::to_owned), "\\PC{0,20}".prop_map(|text| text.trim().to_owned()),]
        .prop_filter("a stored label holds no unsafe text", |text| !has_unsafe(text))
}

fn parameters() -> impl Strategy<Value = Parameters> {
    let algorithm = prop::sample::select(vec![Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512]);
    let numbers = (algorithm, 6u8..=8, 1u32..=86_400, 0..=Parameters::MAX_COUNTER);
    (numbers, 0..3).prop_map(|((algorithm, digits, period, counter), kind)| match kind {
        0 => Parameters::new(algorithm, digits, period).unwrap(),
        1 => Parameters::hotp(algorithm, digits, counter).unwrap(),
        _ => Parameters::STEAM,
    })
}

prop_compose! {
    fn account()(
        issuer in label_part(),
        account_name in label_part(),
        secret in prop::collection::vec(any::<u8>(), 1..100),
        parameters in parameters(),
    ) -> Account {
        let key = Key::new(Secret::from_bytes(secret).unwrap(), parameters);
        Enrolment::new(Label { issuer, account_name, serial: None }, key).named("x".parse::<Name>().unwrap())
    }
}

proptest! {
    #[test]
    fn an_emitted_uri_parses_to_the_same_account(account in account()) {
        let (uri, _) = OtpauthUri::parse(&account.to_uri()).unwrap();
        let again = Enrolment::try_from(uri).unwrap().named(account.name.clone());
        prop_assert_eq!(again, account);
    }

    #[test]
    fn an_emitted_uri_is_unreserved_ascii(account in account()) {
        let uri = account.to_uri();
        prop_assert!(uri.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~:/?=&%".contains(&b)), "{}", *uri);
    }

    #[test]
    fn parsing_a_text_never_panics(text in any::<String>()) {
        let _ = OtpauthUri::parse(&text);
    }

    #[test]
    fn parsing_a_uri_never_panics(rest in "(totp|hotp|steam|x)?/?[a-z%:+#?&=;0-9A\u{e4}\u{ff}-]{0,60}") {
        let _ = OtpauthUri::parse(&format!("otpauth://{rest}"));
    }
}
