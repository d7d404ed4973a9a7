//! Damaged records and files: which error they give, and that they keep their text.

use super::*;

#[test]
fn one_damaged_record_does_not_lock_the_others_in() {
    let text = r#"version = 1
[accounts]
flat = "JBSWY3DPEHPK3PXP"
[accounts.good]
secret = "JBSWY3DPEHPK3PXP"
[accounts.no-secret]
issuer = "x"
[accounts.bad-secret]
secret = "JBSWY3DP0HPK3PXP"
[accounts.number]
secret = 12345
[accounts.md5]
secret = "JBSWY3DPEHPK3PXP"
algorithm = "MD5"
[accounts.nine]
secret = "JBSWY3DPEHPK3PXP"
digits = 9
[accounts.slow]
secret = "JBSWY3DPEHPK3PXP"
period = -1
[accounts.yandex]
type = "yaotp"
secret = "JBSWY3DPEHPK3PXP"

[accounts.hotp]
secret = "JBSWY3DPEHPK3PXP"
type = "hotp"
[accounts.arn]
secret = "JBSWY3DPEHPK3PXP"
serial = "x"
[accounts."a b"]
secret = "JBSWY3DPEHPK3PXP"
"#;
    let vault = parse(text.as_bytes()).unwrap();
    let good: Vec<&str> = vault.entries().map(|entry| entry.name.as_str()).collect();
    assert_eq!(good, ["good"]);
    let wrong = |field, expected| Problem::WrongType { field, expected };
    let bad: Vec<(&str, Problem)> = vault.damaged().map(|(name, problem)| (name, problem.clone())).collect();
    assert_eq!(
        bad,
        [
            ("flat", Problem::NotATable),
            ("no-secret", Problem::Missing("secret")),
            ("bad-secret", Problem::Secret(SecretError::NotBase32 { character: '0', position: 9 })),
            ("number", wrong("secret", "a string")),
            ("md5", Problem::Algorithm),
            ("nine", Problem::Key(KeyError::Digits(9))),
            ("slow", wrong("period", "a whole number")),
            ("yandex", Problem::UnknownType),
            ("hotp", Problem::Missing("counter")),
            ("arn", Problem::Serial),
            ("a b", Problem::Name(NameError::Character("a b".to_owned()))),
        ]
    );

    let after = edit(text, |vault| vault.insert(account("acme")).unwrap()).unwrap();
    assert!(after.starts_with(text), "a rewrite keeps the damaged records unchanged: {after}");
}

#[test]
fn a_number_beyond_64_bits_damages_only_its_record() {
    let secret = "secret = \"JBSWY3DPEHPK3PXP\"\n";
    let text =
        format!("version = 1\n[accounts.good]\n{secret}[accounts.huge]\n{secret}digits = 6{:020}\n", 0);
    let vault = parse(text.as_bytes()).unwrap();
    let good: Vec<&str> = vault.entries().map(|entry| entry.name.as_str()).collect();
    assert_eq!(good, ["good"]);
    let bad: Vec<(&str, Problem)> = vault.damaged().map(|(name, problem)| (name, problem.clone())).collect();
    assert_eq!(bad, [("huge", Problem::WrongType { field: "digits", expected: "a whole number" })]);
    let error = edit(&text, |vault| vault.insert(account("acme")).unwrap()).unwrap_err();
    assert_eq!(error, DocumentError::Syntax { line: 6, column: 10 });
}

#[test]
fn a_text_that_is_not_a_vault_is_named_by_place_only() {
    for (text, error) in [
        (&b""[..], DocumentError::Empty),
        (b" \n\t\n", DocumentError::Empty),
        (b"\0\0\0\0", DocumentError::Empty),
        (b"version = 1\n\xff\xfe", DocumentError::NotUtf8(13)),
        (b"[accounts.x]\nsecret = \"JBSWY3DPEHPK3PXP\"\n", DocumentError::NoVersion),
        (b"version = 4\n", DocumentError::NewerVersion(4)),
        (b"version = 3\n", DocumentError::VaultHeader(HeaderError::NoVault)),
        (b"version = 2\n", DocumentError::OldVersion),
        (b"version = 0\n", DocumentError::BadVersion),
        (b"version = \"1\"\n", DocumentError::BadVersion),
        (b"version = 1\naccounts = 3\n", DocumentError::AccountsNotATable),
    ] {
        assert_eq!(parse(text).map(|_| ()), Err(error), "{:?}", String::from_utf8_lossy(text));
    }
    let broken = b"version = 1\n[accounts.x]\nsecret = \"JBSWY3DPEHPK3PXP\n";
    let error = parse(broken).unwrap_err();
    assert!(matches!(error, DocumentError::Syntax { line: 3, .. }), "{error:?}");
    assert!(!format!("{error} {error:?}").contains("JBSWY"));
}
