//! Payloads that the app writes, and malformed ones.

use proptest::prelude::*;

use super::encode::{Migration, UnsupportedByTarget};
use super::wire::{put_bytes, put_number};
use super::*;
use crate::formats::export::ExportLimitation;
use crate::otp::{Account, Algorithm, Enrolment, Key, Label, Parameters, Secret};

/// Returns a payload of one account with these numbers.
fn payload(numbers: &[(u8, u64)], name: &str, issuer: &str) -> String {
    let mut account = Vec::new();
    put_bytes(&mut account, 1, b"Hello!\xDE\xAD\xBE\xEF");
    put_bytes(&mut account, 2, name.as_bytes());
    put_bytes(&mut account, 3, issuer.as_bytes());
    for &(field, number) in numbers {
        put_number(&mut account, field, number);
    }
    let mut payload = Vec::new();
    put_bytes(&mut payload, 1, &account);
    uri(&payload)
}

fn uri(payload: &[u8]) -> String {
    format!("otpauth-migration://offline?data={}", BASE64_NOPAD.encode(payload))
}

fn decode_only(uri: &str) -> Result<Found, RejectedAccount> {
    decode(uri).unwrap().accounts.remove(0)
}

#[test]
fn unspecified_field_has_the_default_of_the_app() {
    for numbers in [&[][..], &[(4, 0), (5, 0), (6, 0)], &[(4, 1), (5, 1), (6, 2), (7, 9), (99, 1)]] {
        let found = decode_only(&payload(numbers, "bob", "ACME")).unwrap();
        assert_eq!(found.enrolment.key.parameters(), Parameters::DEFAULT, "{numbers:?}");
        assert_eq!(found.warnings, []);
    }
    let hotp = decode_only(&payload(&[(4, 3), (5, 2), (6, 1)], "bob", "ACME")).unwrap();
    assert_eq!(hotp.enrolment.key.parameters(), Parameters::hotp(Algorithm::Sha512, 8, 0).unwrap());
    assert_eq!(hotp.warnings, []);
}

#[test]
fn unknown_code_is_rejected_by_name() {
    for (numbers, reason) in [
        ((4, 4), "unsupported algorithm 'MD5'"),
        ((4, 9), "unsupported algorithm 'code 9'"),
        ((5, 3), "unsupported number of digits (code 3)"),
        ((6, 7), "unsupported type 'code 7'"),
    ] {
        let rejected = RejectedAccount { what: "ACME:bob".to_owned(), reason: reason.to_owned() };
        assert_eq!(decode_only(&payload(&[numbers], "bob", "ACME")), Err(rejected));
    }
    let negative = payload(&[(6, 1), (7, u64::MAX)], "bob", "ACME");
    assert!(decode_only(&negative).unwrap_err().reason.contains("counter"));
    let without_secret = decode(&uri(&[0x0a, 0])).unwrap().accounts.remove(0).unwrap_err();
    assert_eq!(without_secret.to_string(), "an account without a name: the secret key is missing");
}

#[test]
fn label_in_the_name_is_split() {
    let arn = "arn:aws:iam::123456789012:mfa/bob";
    for (issuer, name, expected) in [
        ("ACME", "ACME:bob", ("ACME", "bob")),
        ("ACME", "ACME: bob", ("ACME", "bob")),
        ("ACME", "acme:bob", ("ACME", "acme:bob")),
        ("ACME", "a:b", ("ACME", "a:b")),
        ("", "ACME:bob:x", ("ACME", "bob:x")),
        ("", ":bob", ("", "bob")),
        ("", arn, ("", arn)),
        ("", "", ("", "")),
    ] {
        let label = decode_only(&payload(&[], name, issuer)).unwrap().enrolment.label;
        assert_eq!((label.issuer.as_str(), label.account_name.as_str()), expected, "{issuer} {name}");
    }
}

#[test]
fn malformed_payload_is_damaged() {
    for text in [
        "otpauth-migration://offline".to_owned(),
        "otpauth-migration://offline?".to_owned(),
        "otpauth-migration://offline?data=".to_owned(),
        "otpauth-migration://offline?data=XXXX".to_owned(),
        "otpauth-migration://offline?data=X".to_owned(),
        "otpauth-migration://offline?data=§".to_owned(),
        uri(&[0x10, 1]),
        uri(&[0x0a, 0, 0x18, 0xe9, 0x07]),
        uri(&[0x0a, 0, 0x20, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]),
        uri(&[0x0a, 2, 0x0a, 9]),
    ] {
        assert!(matches!(decode(&text), Err(FormatError::Damaged(_))), "{text}");
    }
}

#[test]
fn code_is_read_in_any_encoding_of_its_text() {
    let plain = payload(&[], "b?>b", "~~~");
    let (start, data) = plain.split_once('=').unwrap();
    assert!(data.contains('+') && data.contains('/'), "{data}");
    let expected = decode(&plain).unwrap();
    for text in [
        format!("QR-Code:{plain}"),
        format!("\"{plain}==\""),
        format!("{start}={}", data.replace('+', " ")),
        format!("{start}={}", data.replace('+', "%2B").replace('/', "%2f")),
        plain.replace("otpauth-migration://offline?", "OTPAUTH-MIGRATION://offline?x=1&") + "&y=2",
    ] {
        assert_eq!(decode(&text), Ok(expected.clone()), "{text}");
    }
}

fn accounts(count: usize) -> Vec<Account> {
    let account = |number: usize| {
        let secret = Secret::from_bytes(vec![u8::try_from(number).unwrap() + 1; 20]).unwrap();
        let label = Label { account_name: format!("user-{number}"), ..Label::default() };
        Enrolment::new(label, Key::new(secret, Parameters::DEFAULT))
            .named(format!("n{number}").parse().unwrap())
    };
    (0..count).map(account).collect()
}

fn labels(accounts: Vec<Result<Found, RejectedAccount>>) -> Vec<String> {
    let label = |account: Result<Found, RejectedAccount>| match account {
        Ok(found) => found.enrolment.label.account_name,
        Err(rejected) => rejected.what,
    };
    accounts.into_iter().map(label).collect()
}

#[test]
fn export_has_ten_accounts_per_code_and_is_joined_again() {
    let accounts = accounts(21);
    let Migration { uris, left_out, reduced } = Migration::from_accounts(&accounts, -77);
    assert_eq!((uris.len(), left_out, reduced), (3, vec![], vec![]));
    let [a, b, c] = [0, 1, 2].map(|part: usize| decode(&uris[part]).unwrap());
    assert_eq!((c.accounts.len(), c.index, c.size), (1, 2, 3));
    let all: Vec<String> = accounts.iter().map(|account| account.label.account_name.clone()).collect();
    assert_eq!(labels(join(vec![c.clone(), a.clone(), b.clone(), a.clone()]).unwrap()), all);
    assert_eq!(join_all(vec![b.clone(), c.clone(), a.clone()]).unwrap().len(), 21);

    assert_eq!(labels(join(vec![c.clone()]).unwrap()), ["user-20", "code 1 of 3", "code 2 of 3"]);
    let warnings = join_all(vec![c, a]).unwrap().remove(0).warnings;
    assert_eq!(warnings, [Warning::PartMissing { part: 2, of: 3 }]);
    assert_eq!(Migration::from_accounts(&[], 1).uris.len(), 0);
}

#[test]
fn code_fits_into_a_picture() {
    let mut accounts = accounts(21);
    for account in &mut accounts {
        account.label.issuer = "例え".repeat(40);
        account.key = Key::new(Secret::from_bytes(vec![0xff; 200]).unwrap(), Parameters::DEFAULT);
    }
    accounts[4].label.account_name = "x".repeat(3000);
    let Migration { uris, left_out, .. } = Migration::from_accounts(&accounts, -1);
    assert_eq!(left_out, [("n4".parse().unwrap(), UnsupportedByTarget::TooLong)]);
    assert!(uris.len() > 3 && uris.iter().all(|uri| uri.len() <= 2953));
    let parts = uris.iter().map(|uri| decode(uri).unwrap()).collect();
    assert_eq!(labels(join(parts).unwrap()).len(), 20);
}

#[test]
fn exports_do_not_mix() {
    let accounts = accounts(22);
    let (one, two) =
        (Migration::from_accounts(&accounts[..11], 1), Migration::from_accounts(&accounts[11..], 2));
    let mixed = [&two.uris[1], &one.uris[1], &two.uris[0], &one.uris[0]].map(|uri| decode(uri).unwrap());
    let expected: Vec<String> = (11..22).chain(0..11).map(|number| format!("user-{number}")).collect();
    assert_eq!(labels(join(mixed.to_vec()).unwrap()), expected);
}

#[test]
fn codes_with_too_many_missing_are_damaged() {
    let account = decode(&payload(&[], "bob", "")).unwrap();
    let payloads = (0..2).map(|id| Payload { id, size: MAX_PARTS, ..account.clone() });
    assert_eq!(join(payloads.clone().take(1).collect()).unwrap().len(), 1000);
    assert_eq!(join(payloads.clone().collect()), Err(TOO_MANY_MISSING));
    assert_eq!(join_all(payloads.collect()), Err(TOO_MANY_MISSING));
}

#[test]
fn first_code_contains_its_index() {
    let uri = Migration::from_accounts(&accounts(1), 0).uris.remove(0);
    let bytes = decode_data(&uri).unwrap();
    assert!(bytes.ends_with(&[0x10, 1, 0x18, 1, 0x20, 0, 0x28, 0]), "{bytes:?}");
}

#[test]
fn unsupported_account_is_left_out_by_name() {
    let sha1 = Algorithm::Sha1;
    let mut accounts = accounts(4);
    for (account, parameters) in accounts.iter_mut().zip([
        Parameters::new(sha1, 6, 60).unwrap(),
        Parameters::new(sha1, 7, 30).unwrap(),
        Parameters::STEAM,
        Parameters::hotp(sha1, 6, 42).unwrap(),
    ]) {
        account.key = Key::new(account.key.secret().clone(), parameters);
    }
    accounts[3].tags = vec!["Work".to_owned()];
    accounts[3].label.serial = Some("arn:aws:iam::123456789012:mfa/alice".parse().unwrap());
    let Migration { uris, left_out, reduced } = Migration::from_accounts(&accounts, 1);
    let unsupported: Vec<(&str, UnsupportedByTarget)> =
        left_out.iter().map(|(name, why)| (name.as_str(), *why)).collect();
    assert_eq!(
        unsupported,
        [
            ("n0", UnsupportedByTarget::Period(60)),
            ("n1", UnsupportedByTarget::Digits(7)),
            ("n2", UnsupportedByTarget::Steam)
        ]
    );
    let reduced: Vec<(&str, ExportLimitation)> =
        reduced.iter().map(|(name, limitation)| (name.as_str(), limitation.clone())).collect();
    assert_eq!(
        reduced,
        [("n3", ExportLimitation::NoTags), ("n3", ExportLimitation::Serial("Google Authenticator"))]
    );
    assert_eq!(labels(decode(&uris[0]).unwrap().accounts), ["user-3"]);
}

fn label_part() -> impl Strategy<Value = String> {
    let tricky =
        prop::sample::select(vec!["", "a", "a:b", "a:a:b", "a: b", ":", "arn:aws:x", "例え", "Disney+"]);
    prop_oneof![tricky.prop_map(str::to_owned), "[a-z:é]{0,8}"]
}

fn supported_parameters() -> impl Strategy<Value = Parameters> {
    let algorithm = prop::sample::select(vec![Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512]);
    let counter = prop::option::of(0..=Parameters::MAX_COUNTER);
    (algorithm, prop::sample::select(vec![6, 8]), counter).prop_map(|(algorithm, digits, counter)| {
        match counter {
            Some(counter) => Parameters::hotp(algorithm, digits, counter),
            None => Parameters::new(algorithm, digits, 30),
        }
        .unwrap()
    })
}

proptest! {
    #[test]
    fn account_round_trips(
        issuer in label_part(),
        account_name in label_part(),
        secret in prop::collection::vec(any::<u8>(), 1..100),
        parameters in supported_parameters(),
        id in any::<i32>(),
    ) {
        let key = Key::new(Secret::from_bytes(secret).unwrap(), parameters);
        let account = Enrolment::new(Label { issuer, account_name, serial: None }, key).named("x".parse().unwrap());
        let uri = Migration::from_accounts([&account], id).uris.remove(0);
        prop_assert_eq!(decode_only(&uri).unwrap().enrolment.named(account.name.clone()), account);
    }

    #[test]
    fn no_payload_panics(bytes in prop::collection::vec(any::<u8>(), 0..100), text in any::<String>()) {
        let _ = decode(&uri(&bytes)).map(|payload| join(vec![payload]));
        let _ = decode(&format!("otpauth-migration://{text}"));
    }
}
