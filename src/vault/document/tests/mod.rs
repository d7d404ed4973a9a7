//! The text of a vault, edited by hand and by mfa.

mod damage;

use proptest::prelude::*;

use super::*;
use crate::otp::{
    Account, Algorithm, Key, KeyError, Kind, Label, Name, NameError, Note, Parameters, Secret, SecretError,
};
use crate::vault::Vault;
use crate::vault::crypto::HeaderError;
use crate::vault::record::Problem;

const HAND_WRITTEN: &str = r#"# my vault
version = 1   # do not touch

# work
[accounts.github]   # the company's
issuer = "GitHub"
account = "alice"
secret = "jbsw y3dp ehpk 3pxp"  # rotated in May
tags = ["work"]
colour = "red"

[accounts.aws-root]
issuer = "Amazon Web Services"
account = "root-account-mfa-device@123456789012"
secret = "JBSWY3DPEHPK3PXP"
algorithm = "SHA256"
digits = 8
period = 60
added = 2026-11-21

[future]
setting = true
"#;

fn account(name: &str) -> Account {
    Account {
        name: name.parse().unwrap(),
        label: Label { issuer: "ACME".to_owned(), account_name: "bob".to_owned(), serial: None },
        tags: Vec::new(),
        note: Note::default(),
        key: Key::new(Secret::from_bytes(b"12345678901234567890".to_vec()).unwrap(), Parameters::DEFAULT),
    }
}

fn edit(text: &str, change: impl FnOnce(&mut Vault)) -> Result<String, DocumentError> {
    let mut vault = parse(text.as_bytes())?;
    change(&mut vault);
    render(Some(text.as_bytes()), &vault)
}

#[test]
fn a_new_vault_is_short_and_readable() {
    let mut vault = Vault::default();
    vault.insert(account("acme")).unwrap();
    assert_eq!(
        render(None, &vault).unwrap(),
        "# The accounts of mfa. Anyone who can read this file can generate your codes.\nversion = 1\n\n\
         [accounts.acme]\nissuer = \"ACME\"\naccount = \"bob\"\nsecret = \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"\n"
    );
}

#[test]
fn an_insertion_changes_no_other_line() {
    let after = edit(HAND_WRITTEN, |vault| vault.insert(account("acme")).unwrap()).unwrap();
    let added = "\n[accounts.acme]\nissuer = \"ACME\"\naccount = \"bob\"\nsecret = \"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"\n";
    assert!(after.contains(added), "{after}");
    assert_eq!(after.replace(added, ""), HAND_WRITTEN);
}

#[test]
fn a_replacement_changes_only_the_fields_that_change() {
    let after = edit(HAND_WRITTEN, |vault| {
        vault.replace(Account { tags: vec!["work".to_owned()], ..account("github") });
    })
    .unwrap();
    let expected = HAND_WRITTEN
        .replace("\"GitHub\"", "\"ACME\"")
        .replace("\"alice\"", "\"bob\"")
        .replace("jbsw y3dp ehpk 3pxp", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    assert_eq!(after, expected);
}

#[test]
fn fields_of_an_encrypted_record_are_the_users_own_in_a_plain_vault() {
    let text = "version = 1\n[accounts.a]\nlabel = \"mine\"\ngeneration = 1\ntag = \"x\"\nsecret = \"JBSWY3DPEHPK3PXP\"\n";
    let after = edit(text, |vault| vault.replace(account("a"))).unwrap();
    for kept in ["label = \"mine\"\n", "generation = 1\n", "tag = \"x\"\n"] {
        assert!(after.contains(kept), "{kept}: {after}");
    }
}

#[test]
fn a_field_with_the_same_value_keeps_its_text() {
    let text = "version = 1\n[accounts.a]\ntype = 'hotp'\nissuer = 'ACME' # who\nsecret = \"gezd gnbv gy3t qojq\" # key\n\
                algorithm = 'sha-1' # letter\ndigits = 6 # six\ncounter = 1\ntags = [] # empty\n";
    let counted = |counter| {
        let mut vault = parse(text.as_bytes()).unwrap();
        let account = vault.accounts().next().unwrap();
        let parameters = Parameters::from_kind(Kind::Hotp { counter }, Algorithm::Sha1, 6).unwrap();
        vault.replace(Account { key: Key::new(account.key.secret().clone(), parameters), ..account });
        render(Some(text.as_bytes()), &vault).unwrap()
    };
    assert_eq!(counted(1), text);
    assert_eq!(counted(2), text.replace("counter = 1", "counter = 2"));
}

#[test]
fn a_trailing_comment_stays_below_the_last_record() {
    let before = "version = 1\n[accounts.a]\nsecret = \"JBSWY3DPEHPK3PXP\"\n# end of a\n";
    let after = edit(before, |vault| vault.insert(account("b")).unwrap()).unwrap();
    assert!(after.starts_with(&format!("{before}\n[accounts.b]\n")), "{after}");
}

#[test]
fn a_trailing_comment_stays_last_when_records_are_not() {
    for (head, end) in [
        ("accounts = { a = { secret = \"JBSWY3DPEHPK3PXP\" } }\n", "# last words\n"),
        ("[accounts.a]\nsecret = \"JBSWY3DPEHPK3PXP\"\n", "\n[other]\nx = 1\n# last words\n"),
    ] {
        let before = format!("version = 1\n{head}{end}");
        let after = edit(&before, |vault| vault.insert(account("b")).unwrap()).unwrap();
        assert!(after.ends_with(end), "{after}");
    }
}

#[test]
fn a_heading_stays_when_its_record_is_removed() {
    let record = |name: &str| format!("[accounts.{name}]\nsecret = \"JBSWY3DPEHPK3PXP\"\n");
    let heading = "\n# ==== work ====\n";
    let (a, b) = (format!("\n# about a\n{}", record("a")), format!("# about b\n{}", record("b")));
    let without = |text: &str, names: &[&str]| {
        edit(text, |vault| names.iter().for_each(|name| assert!(vault.remove(name)))).unwrap()
    };
    let text = format!("version = 1\n{heading}{a}\n{b}\n[other]\nx = 1\n# end\n");
    assert_eq!(without(&text, &["a"]), format!("version = 1\n{heading}\n{b}\n[other]\nx = 1\n# end\n"));
    assert_eq!(without(&text, &["b", "a"]), format!("version = 1\n{heading}\n[other]\nx = 1\n# end\n"));
    assert_eq!(without(&text, &["b"]), text.replace(&format!("\n{b}"), ""));
    let narrow = format!("version = 1\n{heading}{a}{}", record("b"));
    assert_eq!(without(&narrow, &["a"]), format!("version = 1\n{heading}\n{}", record("b")));
    let last = format!("version = 1\n{heading}{a}# end of a\n");
    assert_eq!(without(&last, &["a"]), format!("version = 1\n{heading}\n# end of a\n"));
}

#[test]
fn a_duplicate_table_is_named_by_its_line() {
    let text = b"version = 1\n[accounts.a]\nsecret = \"JBSWY3DP\"\n[accounts.a]\nsecret = \"JBSWY3DP\"\n";
    assert_eq!(parse(text).map(|_| ()), Err(DocumentError::Duplicate { line: 4, column: 11 }));
}

#[test]
fn default_parameters_remove_their_fields() {
    let after = edit(HAND_WRITTEN, |vault| vault.replace(account("aws-root"))).unwrap();
    for gone in ["algorithm", "digits", "period"] {
        assert!(!after.contains(gone), "{gone}: {after}");
    }
    assert!(after.contains("added = 2026-11-21"));
}

#[test]
fn other_notations_of_tables_are_parsed_and_edited() {
    for text in [
        "version = 1\naccounts.a.secret = \"JBSWY3DPEHPK3PXP\"\n",
        "version = 1\naccounts = { a = { secret = \"JBSWY3DPEHPK3PXP\" } }\n",
        "version = 1\n[accounts]\na = { secret = \"JBSWY3DPEHPK3PXP\" }\n",
        "version = 1\n[\"accounts\".'a']\nsecret = '''JBSWY3DPEHPK3PXP'''\n",
        "version = 1\r\n[accounts.a]\r\nsecret = \"JBSWY3DPEHPK3PXP\"\r\n",
        "\u{feff}version = 1\n[accounts.a]\nsecret = \"JBSWY3DPEHPK3PXP\"",
    ] {
        let inserted = edit(text, |vault| vault.insert(account("b")).unwrap()).unwrap();
        let names = |text: &str| {
            let vault = parse(text.as_bytes()).unwrap();
            vault.accounts().map(|a| a.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(names(&inserted), ["a", "b"], "{text:?} became {inserted:?}");
        let expected = if text.contains("\r\n") { inserted.matches('\n').count() } else { 0 };
        assert_eq!(inserted.matches("\r\n").count(), expected, "{inserted:?}");
        let replaced = edit(text, |vault| vault.replace(account("a"))).unwrap();
        assert_eq!(names(&replaced), ["a"], "{text:?} became {replaced:?}");
    }
}

proptest! {
    #[test]
    fn inserted_accounts_are_read_back(
        names in prop::collection::hash_set("[\\p{L}\\p{N}._@+]{1,20}", 1..8),
        issuer in "\\PC{0,30}",
        account_name in "\\PC{0,30}",
        secret in prop::collection::vec(any::<u8>(), 1..80),
        period in 1u32..=86_400,
    ) {
        let mut vault = Vault::default();
        for name in names {
            let Ok(name) = name.parse::<Name>() else { continue };
            let parameters = Parameters::new(Algorithm::Sha512, 7, period).unwrap();
            let key = Key::new(Secret::from_bytes(secret.clone()).unwrap(), parameters);
            let label = Label { issuer: issuer.clone(), account_name: account_name.clone(), serial: None };
            let _ = vault.insert(Account { name, label, tags: Vec::new(), note: Note::default(), key });
        }
        let text = render(None, &vault).unwrap();
        let again = parse(text.as_bytes()).unwrap();
        prop_assert_eq!(again.records, vault.records);
    }

    #[test]
    fn arbitrary_bytes_do_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn a_damaged_vault_does_not_panic(
        at in 0..HAND_WRITTEN.len(),
        byte in any::<u8>(),
    ) {
        let mut bytes = HAND_WRITTEN.as_bytes().to_vec();
        bytes[at] = byte;
        let _ = parse(&bytes);
        let _ = edit(&String::from_utf8_lossy(&bytes), |vault| { let _ = vault.insert(account("acme")); });
    }
}
