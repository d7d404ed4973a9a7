//! Strategies for accounts of all kinds, for property tests of exports.

use proptest::prelude::*;

use crate::formats::Found;
use crate::otp::{Account, Algorithm, Enrolment, Key, Label, Name, Note, Parameters, Secret};
use crate::text::sanitize;

/// A text in any script, as services use in labels
pub(in crate::formats) fn text() -> impl Strategy<Value = String> {
    let tricky = prop::sample::select(vec![
        "",
        "a:b",
        "a:a:b",
        ":",
        "a=b&c",
        "Disney+",
        "\"q\", 'q'; \\",
        "例え",
        "🦀",
        "%41%zz",
        "#x",
        "line/two",
        "arn:aws:iam::123456789012:mfa/bob",
        "=1+1",
        "otpauth://totp/x",
        "<&>",
    ]);
    let any = any::<String>().prop_map(|text| sanitize(&text).trim().to_owned());
    prop_oneof![tricky.prop_map(str::to_owned), any, "[a-zé ]{0,8}".prop_map(|text| text.trim().to_owned())]
}

pub(in crate::formats) fn parameters() -> impl Strategy<Value = Parameters> {
    let algorithm = prop::sample::select(vec![Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512]);
    prop_oneof![
        (algorithm.clone(), 6..=8u8, 1..=Parameters::MAX_PERIOD)
            .prop_map(|(algorithm, digits, period)| Parameters::new(algorithm, digits, period).unwrap()),
        (algorithm, 6..=8u8, 0..=Parameters::MAX_COUNTER).prop_map(|(algorithm, digits, counter)| {
            Parameters::hotp(algorithm, digits, counter).unwrap()
        }),
        Just(Parameters::STEAM),
    ]
}

pub(in crate::formats) fn account() -> impl Strategy<Value = Account> {
    let secret = prop::collection::vec(any::<u8>(), 1..80);
    let serial = prop::sample::select(vec![None, Some("arn:aws:iam::123456789012:mfa/a/b")]);
    let tags = prop::collection::btree_set(text().prop_filter("", |tag| !tag.is_empty()), 0..3);
    let name = "[\\p{L}][\\p{L}0-9._@+-]{0,20}".prop_filter_map("", |name| name.parse::<Name>().ok());
    (name, text(), text(), serial, tags, secret, parameters(), note()).prop_map(
        |(name, issuer, account_name, serial, tags, secret, parameters, note)| {
            let serial = serial.map(|arn| arn.parse().unwrap());
            let label = Label { issuer, account_name, serial };
            let key = Key::new(Secret::from_bytes(secret).unwrap(), parameters);
            Enrolment { label, tags: tags.into_iter().collect(), note, key }.named(name)
        },
    )
}

/// A note of a few lines, or none. Its first line is no ARN, which would be the serial number.
pub(in crate::formats) fn note() -> impl Strategy<Value = Note> {
    let lines = prop_oneof![text(), Just(String::new()), Just("\u{1b}[31m'''\"\"\"\u{202e}".to_owned())];
    let lines = prop::collection::vec(lines, 0..4);
    let lines = lines.prop_filter("an ARN", |lines| !lines.iter().any(|line| line.starts_with("arn:")));
    prop_oneof![Just(Note::default()), lines.prop_map(|lines| Note::new(lines.join("\n").trim()).unwrap())]
}

/// Returns the accounts with their suggested names, or `x`.
pub(in crate::formats) fn imported(found: Vec<Found>) -> Vec<Account> {
    let name = |name: Option<Name>| name.unwrap_or_else(|| "x".parse().unwrap());
    found.into_iter().map(|found| found.enrolment.named(name(found.suggested_name))).collect()
}
