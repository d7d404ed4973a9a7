//! Tests that exports can be read, and that they report what they lose.

use proptest::prelude::*;

use super::*;
use crate::formats::{ParsedFile, Recognised, recognise};
use crate::otp::{Account, Algorithm, Enrolment, Key, Kind, Label, MfaArn, Name, Note, Parameters, Secret};
use crate::text::has_unsafe;

const PASSWORD: &str = "pässwörd of an export";

fn text() -> impl Strategy<Value = String> {
    let tricky =
        prop::sample::select(vec!["", "a:b", ":", " - ", "\"q\\", "例え", "🦀", "steam", "{}", "a\u{a0}b"]);
    prop_oneof![tricky.prop_map(str::to_owned), "\\PC{0,20}"]
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("a stored text holds nothing unsafe", |text| !has_unsafe(text))
}

fn tags() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(text(), 0..4).prop_map(|texts| {
        let mut tags: Vec<String> = Vec::new();
        for tag in texts.into_iter().filter(|tag| !tag.is_empty()) {
            if !tags.contains(&tag) {
                tags.push(tag);
            }
        }
        tags
    })
}

fn parameters() -> impl Strategy<Value = Parameters> {
    let algorithm = prop::sample::select(vec![Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512]);
    let period = prop_oneof![prop::sample::select(vec![10, 30, 60, 90]), 1_u32..=86_400];
    let counter = prop_oneof![0..=2_147_483_648_u64, 0..=Parameters::MAX_COUNTER];
    (algorithm, 6_u8..=8, period, counter, 0..3).prop_map(|(algorithm, digits, period, counter, kind)| {
        match kind {
            0 => Parameters::new(algorithm, digits, period).unwrap(),
            1 => Parameters::hotp(algorithm, digits, counter).unwrap(),
            _ => Parameters::STEAM,
        }
    })
}

fn serial() -> impl Strategy<Value = Option<MfaArn>> {
    prop::sample::select(vec![None, Some("arn:aws:iam::123456789012:mfa/ops/bob")])
        .prop_map(|arn| arn.map(|arn| arn.parse().unwrap()))
}

prop_compose! {
    fn account()(
        issuer in text(),
        account_name in text(),
        serial in serial(),
        tags in tags(),
        secret in prop::collection::vec(any::<u8>(), 1..400),
        parameters in parameters(),
        note in samples::note(),
    ) -> Account {
        let key = Key::new(Secret::from_bytes(secret).unwrap(), parameters);
        let label = Label { issuer, account_name, serial };
        Account { name: "x".parse().unwrap(), label, tags, note, key }
    }
}

/// A few accounts with different names
fn accounts() -> impl Strategy<Value = Vec<Account>> {
    prop::collection::vec(account(), 0..4).prop_map(|mut accounts| {
        for (account, number) in accounts.iter_mut().zip(1..) {
            account.name = account.name.numbered(number);
        }
        accounts
    })
}

fn read(export: &Export, password: Option<&str>) -> Vec<Enrolment> {
    let contents: ParsedFile = match (recognise(export.text.as_bytes()).unwrap(), password) {
        (Recognised::Plain(contents), None) => contents,
        (Recognised::Encrypted(encrypted), Some(password)) => encrypted.open(password).unwrap(),
        (other, _) => panic!("{other:?}"),
    };
    assert_eq!((contents.rejected, contents.notes), (vec![], vec![]));
    contents.found.into_iter().map(|found| found.enrolment).collect()
}

/// Returns the accounts of the file, without the data that the export reports as lost.
fn kept(accounts: &[Account], export: &Export) -> Vec<Enrolment> {
    let is_in = |account: &&Account| !export.left_out.iter().any(|(name, _)| *name == account.name);
    let enrolment = |account: &Account| {
        let Account { name, mut label, mut tags, mut note, key } = account.clone();
        for (_, loss) in export.reduced.iter().filter(|(reduced, _)| *reduced == name) {
            match loss {
                ExportLimitation::Tags { kept, .. } => tags = vec![kept.clone()],
                ExportLimitation::Issuer(_) => label.issuer = name.as_str().to_owned(),
                ExportLimitation::Serial(_) => label.serial = None,
                ExportLimitation::Note(_) => note = Note::default(),
                other => panic!("{other}"),
            }
        }
        Enrolment { label, tags, note, key }
    };
    accounts.iter().filter(is_in).map(enrolment).collect()
}

proptest! {
    #[test]
    fn aegis_keeps_everything(accounts in accounts()) {
        let export = Export::aegis(&accounts);
        prop_assert_eq!((&export.left_out[..], &export.reduced[..]), (&[][..], &[][..]));
        prop_assert_eq!(read(&export, None), kept(&accounts, &export));
    }

    #[test]
    fn two_fas_keeps_all_but_the_reported_losses(accounts in accounts()) {
        let export = Export::two_fas(&accounts, 1_700_000_000);
        prop_assert_eq!(read(&export, None), kept(&accounts, &export));
        for account in &accounts {
            let kind = account.key.parameters().kind();
            let is_right = match loss(account, &export.left_out) {
                None | Some(ExportLimitation::SecretLength(1..4 | 513..)) => true,
                Some(ExportLimitation::Period(period)) => kind == Kind::Totp { period: *period },
                Some(ExportLimitation::Counter(counter)) => kind == Kind::Hotp { counter: *counter },
                Some(_) => false,
            };
            prop_assert!(is_right);
        }
    }

    #[test]
    fn bitwarden_keeps_all_but_the_reported_losses(accounts in accounts()) {
        let export = Export::bitwarden(&accounts);
        prop_assert_eq!(read(&export, None), kept(&accounts, &export));
        for account in &accounts {
            let is_hotp = matches!(account.key.parameters().kind(), Kind::Hotp { .. });
            prop_assert_eq!(is_hotp, loss(account, &export.left_out) == Some(&ExportLimitation::Hotp("Bitwarden")));
        }
    }
}

fn loss<'a>(account: &Account, losses: &'a [(Name, ExportLimitation)]) -> Option<&'a ExportLimitation> {
    losses.iter().find(|(name, _)| *name == account.name).map(|(_, loss)| loss)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn encrypted_aegis_keeps_everything(accounts in accounts()) {
        let export = Export::aegis_encrypted(&accounts, PASSWORD);
        prop_assert_eq!(read(&export, Some(PASSWORD)), kept(&accounts, &export));
        let is_open = |account: &Account| {
            let secret = account.key.secret();
            secret.expose().len() >= 10 && export.text.contains(secret.to_base32().as_str())
        };
        prop_assert!(!accounts.iter().any(is_open));
    }
}

fn example(issuer: &str, account_name: &str, secret: usize, parameters: Parameters) -> Account {
    let label = Label { issuer: issuer.to_owned(), account_name: account_name.to_owned(), serial: None };
    let key = Key::new(Secret::from_bytes(vec![7; secret]).unwrap(), parameters);
    Enrolment::new(label, key).named("handle".parse().unwrap())
}

#[test]
fn accounts_that_2fas_misreads_are_left_out() {
    let sha1 = Algorithm::Sha1;
    for (parameters, secret, why) in [
        (
            Parameters::new(sha1, 6, 45).unwrap(),
            20,
            "its period is 45 s, but 2FAS supports only 10, 30, 60 and 90 s",
        ),
        (
            Parameters::hotp(sha1, 6, 1 << 31).unwrap(),
            20,
            "its counter is 2147483648, but 2FAS supports at most 2147483647",
        ),
        (Parameters::DEFAULT, 1, "its secret key has 2 characters, but 2FAS supports 4 to 512"),
        (Parameters::DEFAULT, 321, "its secret key has 514 characters, but 2FAS supports 4 to 512"),
    ] {
        let account = example("ACME", "bob", secret, parameters);
        let export = Export::two_fas([&account], 0);
        let left_out: Vec<String> = export.left_out.iter().map(|(_, loss)| loss.to_string()).collect();
        assert_eq!((left_out, read(&export, None)), (vec![why.to_owned()], vec![]));
    }
}

#[test]
fn limitations_of_the_app_are_reported() {
    let mut account = example("ACME", "bob", 20, Parameters::DEFAULT);
    account.tags = vec!["Work".to_owned(), "AWS".to_owned()];
    account.label.serial = Some("arn:aws:iam::123456789012:mfa/bob".parse().unwrap());
    let reasons =
        |export: Export| export.reduced.iter().map(|(_, loss)| loss.to_string()).collect::<Vec<String>>();
    assert_eq!(
        reasons(Export::two_fas([&account], 0)),
        [
            "2FAS supports only one group for each account: the file has its tag 'Work'",
            "2FAS does not support the ARN of its MFA device",
        ]
    );
    assert_eq!(
        reasons(Export::bitwarden([&account])),
        ["Bitwarden supports only one folder for each account: the file has its tag 'Work'"]
    );
    let nameless = [example("", "bob", 20, Parameters::STEAM), example("", "", 20, Parameters::DEFAULT)];
    for account in &nameless {
        assert_eq!(
            reasons(Export::bitwarden([account])),
            ["Bitwarden requires an issuer: the file has its name instead"]
        );
    }
}

#[test]
fn accounts_that_bitwarden_rejects_are_left_out() {
    let long = "例".repeat(60);
    let export = Export::bitwarden([&example(&long, &long, 20, Parameters::DEFAULT)]);
    assert_eq!((export.left_out.len(), export.reduced.len()), (0, 0));
    assert_eq!(read(&export, None)[0].label.issuer, long);

    for account in [
        example("ACME", "bob", 500, Parameters::DEFAULT),
        example(&"a".repeat(688), "", 20, Parameters::STEAM),
    ] {
        assert_eq!(Export::bitwarden([&account]).left_out, [(account.name, ExportLimitation::TooLong)]);
    }
}

#[test]
fn a_uuid_has_version_4() {
    let uuid = uuid();
    let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
    assert_eq!(lengths, [8, 4, 4, 4, 12]);
    assert_eq!(uuid.as_bytes()[14], b'4');
    assert!(b"89ab".contains(&uuid.as_bytes()[19]));
}
