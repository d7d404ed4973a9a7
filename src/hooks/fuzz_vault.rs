//! Vaults of arbitrary bytes, for `crate::hooks::fuzz`.

use crate::otp::{Enrolment, Key, Label, Name, Parameters, Secret};
use crate::vault::crypto::DecryptWith;
use crate::vault::{MatchKind, Vault, document, fast_scan};

/// Of the vaults in `tests/fixtures/sealed`
const PASSPHRASE: &str = "correct horse battery staple";

/// Names that are looked for beside those that are there
const NAMES: [&str; 4] = ["a", "b", "K", "c.d"];

/// Inserts an account, renames one, removes one: all others stay as they were.
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
    holds_after(bytes, &vault);
    let Some(first) = vault.entries().next().map(|entry| entry.name.clone()) else { return };
    let other = vault.free_name(&name("other"));
    vault.rename(&first, other).expect("the name is free");
    holds_after(bytes, &vault);
    vault.remove(new.as_str());
    holds_after(bytes, &vault);
}

/// What `render` writes is what the vault holds, or it writes nothing
fn holds_after(before: &[u8], vault: &Vault) {
    let Ok(text) = document::render(Some(before), vault) else { return };
    let mut again = document::parse(text.as_bytes()).expect("a vault of ours can be read");
    if let Some(keys) = vault.keys() {
        assert_eq!(again.unlock_with_keys(keys), [], "it is signed");
    }
    assert_eq!(again.records, vault.records);
}

/// Where the scan has an answer, it is that of the parser.
pub(crate) fn scan(bytes: &[u8]) {
    let whole = document::parse(bytes);
    let keys = whole.iter().flat_map(|vault| vault.records.iter().map(|record| record.key.as_str()));
    for name in keys.take(8).chain(NAMES) {
        let Some(record) = fast_scan::record(bytes, bytes.len(), name).expect("memory can be read") else {
            continue;
        };
        let whole = whole.as_ref().expect("what the scan takes is a vault");
        let records: Vec<_> = whole.records.iter().filter(|record| record.key == name).collect();
        assert_eq!([&record], records[..]);
        let only = Vault::new(vec![record]);
        assert_eq!(only.find(name, MatchKind::Exact), whole.find(name, MatchKind::Exact));
    }
}

fn name(text: &str) -> Name {
    text.parse().expect("it is a name")
}

fn key() -> Key {
    let (secret, _) = Secret::from_base32("GEZDGNBVGY3TQOJQ").expect("it is Base32");
    Key::new(secret, Parameters::DEFAULT)
}
