//! Tables, XML and databases, as they are and as they would not be.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::formats::recognise;
use crate::otp::Kind;

const TABLE: &str = include_str!("../../../../tests/fixtures/import/keepass/keepassxc-export.csv");
const DATABASE: &[u8] = include_bytes!("../../../../tests/fixtures/import/keepass/keepass-synthetic.kdbx");
const PASSWORD: &str = "correct horse battery";

fn contents(file: &[u8]) -> Result<ParsedFile, FormatError> {
    match recognise(file)? {
        Recognised::Plain(contents) => Ok(contents),
        Recognised::Encrypted(encrypted) => encrypted.open(PASSWORD),
    }
}

#[test]
fn what_is_in_the_bin_is_passed_over_and_told() {
    let notes = contents(TABLE.as_bytes()).unwrap().notes;
    assert!(notes.len() == 1 && notes[0].contains("recycle bin"), "{notes:?}");
}

#[test]
fn groups_below_the_root_are_tags() {
    let table = TABLE.replacen("\"Root\"", "\"Root/Work/Servers\"", 1);
    assert_eq!(contents(table.as_bytes()).unwrap().found[0].enrolment.tags, ["Work/Servers"]);
}

#[test]
fn none_stands_for_no_user() {
    let uri = "otpauth://totp/ACME:none?secret=JBSWY3DPEHPK3PXP&amp;issuer=ACME";
    let of_entry = |user| {
        xml(&format!("<Entry>{}</Entry>", strings(&[("Title", "ACME"), ("UserName", user), ("otp", uri)])))
    };
    let of_row = |user| format!("Group,Title,Username,TOTP\nRoot,ACME,{user},{}\n", uri.replace("amp;", ""));
    for (user, expected) in [("", ""), ("none", "none")] {
        for file in [of_entry(user), of_row(user)] {
            let label = &contents(file.as_bytes()).unwrap().found[0].enrolment.label;
            assert_eq!((&*label.issuer, &*label.account_name), ("ACME", expected), "{file}");
        }
    }
}

fn xml(entries: &str) -> String {
    format!(
        "<?xml version=\"1.0\"?><KeePassFile><Meta><RecycleBinUUID>BIN=</RecycleBinUUID></Meta><Root><Group>\
         <UUID>a</UUID><Name>Root</Name><Group><UUID>b</UUID><Name>Work &amp; co</Name>{entries}</Group>\
         <Group><UUID>BIN=</UUID><Name>Papierkorb</Name>{entries}</Group></Group></Root></KeePassFile>"
    )
}

fn strings(fields: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (key, value) in fields {
        write!(text, "<String><Key>{key}</Key><Value ProtectInMemory=\"True\">{value}</Value></String>")
            .unwrap();
    }
    text
}

fn entry(fields: &[(&str, &str)]) -> String {
    let named = strings(&[("Title", "ACME"), ("UserName", "bob")]);
    let text = format!("<Entry><Tags>x;y</Tags>{named}{}", strings(fields));
    text + "<History><Entry><String><Key>otp</Key><Value>old</Value></String></Entry></History></Entry>"
}

#[test]
fn every_program_keeps_its_keys_in_fields_of_its_own() {
    let secret = "JBSWY3DPEHPK3PXP";
    for (fields, algorithm, digits, kind) in [
        (
            &[("otp", "key=JBSWY3DPEHPK3PXP&amp;step=60&amp;size=8&amp;otpHashMode=Sha256")][..],
            "SHA256",
            8,
            Kind::Totp { period: 60 },
        ),
        (
            &[("otp", "key=JBSWY3DPEHPK3PXP%3d&amp;type=Hotp&amp;counter=3")],
            "SHA1",
            6,
            Kind::Hotp { counter: 3 },
        ),
        (
            &[("TOTP Seed", "jbsw y3dp ehpk 3pxp"), ("TOTP Settings", "15;7;https://a.example")],
            "SHA1",
            7,
            Kind::Totp { period: 15 },
        ),
        (&[("TOTP Seed", secret), ("TOTP Settings", "30;S")], "SHA1", 5, Kind::Steam),
        (
            &[
                ("TimeOtp-Secret-Hex", "48656c6c6f21deadbeef"),
                ("TimeOtp-Algorithm", "HMAC-SHA-512"),
                ("TimeOtp-Length", "8"),
            ],
            "SHA512",
            8,
            Kind::Totp { period: 30 },
        ),
        (
            &[("TimeOtp-Secret-Base64", "SGVsbG8h3q2+7w=="), ("TimeOtp-Period", "10")],
            "SHA1",
            6,
            Kind::Totp { period: 10 },
        ),
        (
            &[("HmacOtp-Secret-Base32", secret), ("HmacOtp-Counter", "42")],
            "SHA1",
            6,
            Kind::Hotp { counter: 42 },
        ),
        (
            &[("otp", "otpauth://totp/ACME:bob?secret=JBSWY3DPEHPK3PXP"), ("TOTP Seed", secret)],
            "SHA1",
            6,
            Kind::Totp { period: 30 },
        ),
    ] {
        let contents = contents(xml(&entry(fields)).as_bytes()).unwrap();
        assert_eq!(
            (contents.found.len(), contents.refused.len(), contents.notes.len()),
            (1, 0, 1),
            "{fields:?}"
        );
        let enrolment = &contents.found[0].enrolment;
        let parameters = enrolment.key.parameters();
        assert_eq!(
            (parameters.algorithm().as_str(), parameters.digits(), parameters.kind()),
            (algorithm, digits, kind)
        );
        assert_eq!(*enrolment.key.secret().to_base32(), secret);
        assert_eq!((enrolment.label.issuer.as_str(), enrolment.label.account_name.as_str()), ("ACME", "bob"));
        assert_eq!(enrolment.tags, ["Work & co", "x", "y"]);
    }
}

#[test]
fn a_field_that_is_not_understood_is_refused_by_name() {
    let contents = contents(xml(&entry(&[("otp", "what is this")])).as_bytes()).unwrap();
    assert_eq!(contents.refused[0].to_string(), "ACME:bob: the secret key is missing");
}

#[test]
fn xml_that_is_not_whole_is_damaged() {
    let whole = xml(&entry(&[]));
    for broken in
        [&whole[..whole.len() - 20], &whole.replace("&amp;", "&evil;"), &xml(&"<Group>".repeat(500))]
    {
        assert!(matches!(contents(broken.as_bytes()), Err(FormatError::Damaged(_))), "{broken}");
    }
}

#[test]
fn a_name_of_a_group_is_not_copied_without_end() {
    let group = format!("<Group><Name>{}</Name>{}</Group>", "x".repeat(1 << 20), "<Entry/>".repeat(20));
    let file = xml(&group);
    let error = contents(file.as_bytes()).unwrap_err();
    assert_eq!(error, FormatError::Damaged("its groups have too long names"));
}

#[test]
fn a_database_that_was_changed_is_told_from_a_wrong_password() {
    let open = |file: &[u8], password: &str| match recognise(file)? {
        Recognised::Encrypted(encrypted) => encrypted.open(password).map(|_| ()),
        Recognised::Plain(_) => panic!("it is encrypted"),
    };
    assert_eq!(open(DATABASE, PASSWORD), Ok(()));
    assert_eq!(open(DATABASE, "x"), Err(FormatError::WrongPassword));
    let mut changed = DATABASE.to_vec();
    changed[60] ^= 1;
    assert!(matches!(open(&changed, PASSWORD), Err(FormatError::Damaged(_))));
    let mut changed = DATABASE.to_vec();
    let last = changed.len() - 60;
    changed[last] ^= 1;
    assert!(matches!(open(&changed, PASSWORD), Err(FormatError::Damaged(_))));
    let first: Vec<u8> = [b"\x03\xd9\xa2\x9a\x65\xfb\x4b\xb5", &DATABASE[8..]].concat();
    assert!(matches!(open(&first, PASSWORD), Err(FormatError::Unsupported(_))));
}

proptest! {
    #[test]
    fn no_header_panics(at in 8..300usize, byte in any::<u8>()) {
        let mut changed = DATABASE.to_vec();
        changed[at] = byte;
        let _ = recognise(&changed);
    }

    #[test]
    fn no_xml_panics(text in "[<>/&;a \"=A-Z]{0,80}") {
        let _ = xml::entries(&text, &mut |_| {});
    }
}
