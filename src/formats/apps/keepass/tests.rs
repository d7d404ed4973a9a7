//! Tables, XML and databases, and malformed ones.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::formats::recognise;
use crate::otp::Kind;

const TABLE: &str = include_str!("../../../../tests/fixtures/import/keepass/keepassxc-export.csv");
const DATABASE: &[u8] = include_bytes!("../../../../tests/fixtures/import/keepass/keepass-synthetic.kdbx");
const PASSWORD: &str = "correct horse battery";

fn read_file(file: &[u8]) -> Result<ParsedFile, FormatError> {
    match recognise(file)? {
        Recognised::Plain(parsed) => Ok(parsed),
        Recognised::Encrypted(encrypted) => encrypted.open(PASSWORD),
    }
}

#[test]
fn entry_in_the_bin_is_skipped_with_a_note() {
    let notes = read_file(TABLE.as_bytes()).unwrap().notes;
    assert!(notes.len() == 1 && notes[0].contains("recycle bin"), "{notes:?}");
}

#[test]
fn groups_below_the_root_become_tags() {
    let table = TABLE.replacen("\"Root\"", "\"Root/Work/Servers\"", 1);
    assert_eq!(read_file(table.as_bytes()).unwrap().found[0].enrolment.tags, ["Work/Servers"]);
}

#[test]
fn account_name_none_is_removed_without_a_user() {
    let uri = "otpauth://totp/ACME:none?secret=JBSWY3DPEHPK3PXP&amp;issuer=ACME";
    let entry_of = |user| {
        xml(&format!("<Entry>{}</Entry>", strings(&[("Title", "ACME"), ("UserName", user), ("otp", uri)])))
    };
    let row_of = |user| format!("Group,Title,Username,TOTP\nRoot,ACME,{user},{}\n", uri.replace("amp;", ""));
    for (user, expected) in [("", ""), ("none", "none")] {
        for file in [entry_of(user), row_of(user)] {
            let label = &read_file(file.as_bytes()).unwrap().found[0].enrolment.label;
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
fn keys_of_each_program_are_read() {
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
        let parsed = read_file(xml(&entry(fields)).as_bytes()).unwrap();
        assert_eq!((parsed.found.len(), parsed.rejected.len(), parsed.notes.len()), (1, 0, 1), "{fields:?}");
        let enrolment = &parsed.found[0].enrolment;
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
fn malformed_field_is_rejected_by_name() {
    let parsed = read_file(xml(&entry(&[("otp", "what is this")])).as_bytes()).unwrap();
    assert_eq!(parsed.rejected[0].to_string(), "ACME:bob: the secret key is missing");
}

#[test]
fn malformed_xml_is_damaged() {
    let whole = xml(&entry(&[]));
    for broken in
        [&whole[..whole.len() - 20], &whole.replace("&amp;", "&evil;"), &xml(&"<Group>".repeat(500))]
    {
        assert!(matches!(read_file(broken.as_bytes()), Err(FormatError::Damaged(_))), "{broken}");
    }
}

#[test]
fn total_length_of_group_names_is_limited() {
    let group = format!("<Group><Name>{}</Name>{}</Group>", "x".repeat(1 << 20), "<Entry/>".repeat(20));
    let file = xml(&group);
    let error = read_file(file.as_bytes()).unwrap_err();
    assert_eq!(error, FormatError::Damaged("the names of its groups are too long"));
}

#[test]
fn changed_database_and_wrong_password_are_different_errors() {
    let open = |file: &[u8], password: &str| match recognise(file)? {
        Recognised::Encrypted(encrypted) => encrypted.open(password).map(|_| ()),
        Recognised::Plain(_) => panic!("the file is encrypted"),
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
        let _ = xml::parse(&text, &mut |_| {});
    }
}
