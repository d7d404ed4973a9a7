//! Properties of vaults made from arbitrary bytes, for the fuzz targets.

use crate::otp::{Enrolment, Key, Label, Name, Parameters, Secret};
use crate::vault::crypto::DecryptWith;
use crate::vault::{MatchKind, Vault, document, fast_scan};

/// The passphrase of the vaults in `tests/fixtures/sealed`
const PASSPHRASE: &str = "correct horse battery staple";

/// Names to look up beside those of the vault
const NAMES: [&str; 4] = ["a", "b", "K", "c.d"];

/// Inserts, renames and removes an account, and checks that all others stay the same.
pub(crate) fn change(bytes: &[u8]) {
    let Ok(mut vault) = document::parse(bytes) else { return };
    if let Some(head) = vault.header().cloned() {
        let Ok((_, key)) = head.open(&DecryptWith::Passphrase(PASSPHRASE)) else { return };
        for finding in vault.unlock(&key) {
            assert!(!finding.to_string().is_empty());
        }
        vault.bump_generation();
    }
    let new = vault.free_name(&name("new"));
    vault.insert(Enrolment::new(Label::default(), key()).named(new.clone())).expect("the name is free");
    check_rendered(bytes, &vault);
    let Some(first) = vault.entries().next().map(|entry| entry.name.clone()) else { return };
    let other = vault.free_name(&name("other"));
    vault.rename(&first, other).expect("the name is free");
    check_rendered(bytes, &vault);
    vault.remove(new.as_str());
    check_rendered(bytes, &vault);
}

/// Checks that `render` writes what the vault holds, if it writes anything.
fn check_rendered(before: &[u8], vault: &Vault) {
    let Ok(text) = document::render(Some(before), vault) else { return };
    let mut again = document::parse(text.as_bytes()).expect("mfa reads what it rendered");
    if let Some(keys) = vault.keys() {
        assert_eq!(again.unlock_with_keys(keys, false), [], "the rendered vault is authentic");
    }
    assert_eq!(again.records, vault.records);
}

/// Checks that the fast scan returns what the parser returns, or nothing.
pub(crate) fn scan(bytes: &[u8]) {
    let whole = document::parse(bytes);
    let keys = whole.iter().flat_map(|vault| vault.records.iter().map(|record| record.key.as_str()));
    for name in keys.take(8).chain(NAMES) {
        scan_encrypted(bytes, name);
        let Some(record) =
            fast_scan::find_record(bytes, bytes.len(), name).expect("reading memory does not fail")
        else {
            continue;
        };
        let whole = whole.as_ref().expect("the parser accepts what the scan accepts");
        let records: Vec<_> = whole.records.iter().filter(|record| record.key == name).collect();
        assert_eq!([&record], records[..]);
        let only = Vault::new(vec![record]);
        assert_eq!(only.find(name, MatchKind::Exact), whole.find(name, MatchKind::Exact));
    }
}

/// Checks that an encrypted vault that the scan accepts is one for the parser, with the same header and record.
fn scan_encrypted(bytes: &[u8], name: &str) {
    let Some(scanned) = Vault::scan(bytes, name) else { return };
    let whole = document::parse(bytes).expect("the parser accepts what the scan accepts");
    assert_eq!(scanned.header(), whole.header());
    for record in &scanned.records {
        assert!(whole.records.contains(record));
    }
}

fn name(text: &str) -> Name {
    text.parse().expect("the text is a valid name")
}

fn key() -> Key {
    let (secret, _) = Secret::from_base32("GEZDGNBVGY3TQOJQ").expect("the text is Base32");
    Key::new(secret, Parameters::DEFAULT)
}
