//! Generated files: each account comes back, and each change is detected.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

const ENCRYPT_FOR: EncryptFor<'_> = EncryptFor::Passphrase { passphrase: "x", work_factor: 1 };

static VAULT: LazyLock<(String, VaultKeys)> = LazyLock::new(|| {
    let account = |name: &str, digits, period| {
        (name.to_owned(), key(b"12345678901234567890", Algorithm::Sha1, digits, period))
    };
    encrypted_vault(
        &[account("aws-root", 6, 30), account("github", 8, 30), account("mail", 6, 60)],
        &ENCRYPT_FOR,
    )
});

/// Returns the findings for a text, or `None` if it is no longer a vault.
fn findings(text: &str) -> Option<Vec<TamperFinding>> {
    let root: Table = text.parse().ok()?;
    let header = VaultHeader::read(&root).ok()?;
    let keys = VAULT.1.clone();
    let keys = if header.id == keys.id { keys } else { VaultKeys::derive(&DataKey::generate(), header.id) };
    Some(verify(&keys, &root))
}

fn verify(keys: &VaultKeys, root: &Table) -> Vec<TamperFinding> {
    [keys.verify_file(root), keys.verify_records(root)].concat()
}

/// Returns each text that differs from the vault's in one bit of `part`.
fn flipped(part: &str) -> impl Iterator<Item = String> {
    let text = &VAULT.0;
    let start = text.find(part).unwrap();
    (start..start + part.len()).flat_map(|place| (0..7).map(move |bit| (place, bit))).map(|(place, bit)| {
        let mut bytes = text.clone().into_bytes();
        bytes[place] ^= 1 << bit;
        String::from_utf8(bytes).unwrap()
    })
}

fn value(key: &str) -> &'static str {
    let line = VAULT.0.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap();
    line.split_once(" = ").unwrap().1.trim_matches('"')
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    text.split_once(start).unwrap().1.split_once(end).unwrap().0
}

#[test]
fn an_unchanged_file_has_no_findings() {
    assert_eq!(findings(&VAULT.0), Some(vec![]));
    assert_eq!(findings(&VAULT.0.replace('\n', "\r\n")), Some(vec![]));
    assert_eq!(findings(&VAULT.0.replace("version = 3", "# a remark\nversion   = 3")), Some(vec![]));
}

#[test]
fn a_flipped_bit_is_detected() {
    let original = table(&VAULT.0);
    for text in flipped(&VAULT.0) {
        if text.parse::<Table>().is_ok_and(|root| root == original) {
            continue; // the bit was in a blank or a line ending
        }
        assert_ne!(findings(&text), Some(vec![]), "{text}");
    }
}

#[test]
fn a_flipped_bit_in_an_entry_names_the_entry() {
    let expected = vec![TamperFinding::RecordEdited("github".to_owned())];
    let record = between(&VAULT.0, "[accounts.\"github\"]\n", "tag = ");
    let original = table(&VAULT.0);
    for text in flipped(record).filter(|text| has_three_accounts(text) && table(text) != original) {
        assert_eq!(findings(&text), Some(expected.clone()), "{text}");
    }
}

/// Returns whether the flipped bit left the structure: a new line ending, quote or dot makes another one, whose finding
/// does not name the entry.
fn has_three_accounts(text: &str) -> bool {
    text.parse::<Table>().is_ok_and(|root| root["accounts"].as_table().unwrap().len() == 3)
}

#[test]
fn a_flipped_bit_outside_the_records_concerns_the_whole_file() {
    let id = value("id");
    let slot = between(&VAULT.0, "data = \"\"\"\n", "\"\"\"");
    let tags = VAULT.0.lines().filter_map(|line| line.strip_prefix("tag = "));
    for part in ["17", id, value("mac"), slot, "aws-root", "github", "mail"].into_iter().chain(tags) {
        for text in flipped(part) {
            let found = findings(&text);
            assert!(found.is_none_or(|found| found.contains(&TamperFinding::FileEdited)), "{text}");
        }
    }
}

#[test]
fn a_removed_added_or_moved_record_is_named() {
    let record = |name: &str| {
        let start = format!("[accounts.\"{name}\"]\n");
        let lines = VAULT.0.split_once(&start).unwrap().1.split("[accounts").next().unwrap();
        format!("{start}{lines}")
    };
    let without = VAULT.0.replace(&record("github"), "");
    let missing = TamperFinding::RecordMissing("github".to_owned());
    assert_eq!(findings(&without), Some(vec![missing, TamperFinding::FileEdited]));
    let doubled = VAULT.0.clone() + &record("github").replace("github", "github-2");
    let added = TamperFinding::RecordAdded("github-2".to_owned());
    assert_eq!(findings(&doubled), Some(vec![added, TamperFinding::RecordEdited("github-2".to_owned())]));
    assert_eq!(findings(&(without + &record("github"))), Some(vec![TamperFinding::RecordsMoved]));
}

#[test]
fn the_key_of_another_vault_matches_nothing() {
    let root = table(&VAULT.0);
    let id = VaultHeader::read(&root).unwrap().id;
    let keys = VaultKeys::derive(&DataKey::generate(), id);
    assert_eq!(keys.verify_file(&root), [TamperFinding::FileEdited]);
    assert_eq!(keys.verify_records(&root).len(), 3);
}

#[test]
fn an_incomplete_header_does_not_panic() {
    let keys = &VAULT.1;
    for text in [
        "",
        "vault = 1",
        "[vault]\naccounts = 5",
        "accounts = 5",
        "[accounts]\na = 5\n[vault]\naccounts = ['a', 1]",
    ] {
        assert_ne!(verify(keys, &table(text)), [], "{text:?}");
        assert!(!keys.verify_record_of(&table(text), "a"));
    }
}

#[test]
fn debug_and_messages_show_no_secret() {
    let shown = format!("{:?} {:?}", VAULT.1, AgeError::WrongPassphrase);
    for secret in [&VAULT.1.encryption_key, &VAULT.1.mac_key] {
        assert!(!shown.contains(&format!("{secret:?}")));
    }
}

fn accounts() -> impl Strategy<Value = Vec<(String, Key)>> {
    let algorithm = prop::sample::select(vec![Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512]);
    let key = (prop::collection::vec(any::<u8>(), 1..130), algorithm, 6u8..=8, 1u32..=86_400)
        .prop_map(|(secret, algorithm, digits, period)| key(&secret, algorithm, digits, period));
    prop::collection::btree_map("[a-zé.@+_-]{1,12}", key, 0..8).prop_map(|map| map.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn each_account_comes_back(accounts in accounts()) {
        let (text, keys) = encrypted_vault(&accounts, &ENCRYPT_FOR);
        let root = table(&text);
        prop_assert_eq!(verify(&keys, &root), []);
        let header = VaultHeader::read(&root).unwrap();
        let key = header.slots[0].open(header.id, &DecryptWith::Passphrase("x")).unwrap();
        let keys = VaultKeys::derive(&key, header.id);
        for (name, key) in &accounts {
            prop_assert!(keys.verify_record_of(&root, name));
            prop_assert_eq!(&decrypt(&keys, &root, name).unwrap().0, key.secret());
        }
    }

    #[test]
    fn swapped_secrets_are_named_and_not_decrypted(accounts in accounts()) {
        prop_assume!(accounts.len() >= 2);
        let (text, keys) = encrypted_vault(&accounts, &ENCRYPT_FOR);
        let mut root = table(&text);
        let [one, other] = [&accounts[0].0, &accounts[1].0];
        for field in ["sealed", "tag"] {
            let value = root["accounts"][one][field].clone();
            let swapped = std::mem::replace(&mut root["accounts"][other][field], value);
            root["accounts"][one][field] = swapped;
            let expected = [TamperFinding::RecordEdited(one.clone()), TamperFinding::RecordEdited(other.clone())];
            prop_assert_eq!(keys.verify_records(&root), expected);
            prop_assert_eq!(keys.verify_file(&root).is_empty(), field == "sealed");
            prop_assert!(!keys.verify_record_of(&root, one));
            prop_assert_eq!(decrypt(&keys, &root, one), Err(DecryptError::NotAuthentic));
        }
    }
}
