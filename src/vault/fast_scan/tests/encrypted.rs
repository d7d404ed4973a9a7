//! The scan of an encrypted vault against the parser: the same account, or the same reason why it is not given.

use proptest::prelude::*;

use crate::vault::crypto::{DataKey, DecryptWith};
use crate::vault::{MatchKind, Vault, document};

/// Returns the outcome of `mfa code NAME`: the account, or why it is not given.
fn outcome(mut vault: Vault, key: &DataKey, name: &str) -> Result<Option<String>, String> {
    let revealed = {
        vault.reveal_names(key);
        vault
            .find(name, MatchKind::Exact)
            .map(|entry| entry.name.clone())
            .map_err(|error| error.to_string())?
    };
    match vault.unlock_account(key, &revealed, name) {
        Ok(None) => Ok(None),
        Ok(Some(unlocked)) => Ok(Some(format!(
            "{:?} {:?} {:?}",
            unlocked.account,
            unlocked.account.key.secret().expose(),
            unlocked.edited
        ))),
        Err(error) => Err(format!("{error:?}")),
    }
}

/// The vaults of `tests/fixtures/sealed`, good and bad, that the passphrase opens
fn encrypted_vaults() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/sealed");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let vaults = files.filter(|path| path.extension().is_some_and(|extension| extension == "toml"));
    let read =
        |path: std::path::PathBuf| Some((path.display().to_string(), std::fs::read_to_string(path).ok()?));
    vaults.filter_map(read).collect()
}

fn key_of(vault: &Vault) -> Option<DataKey> {
    let credential = DecryptWith::Passphrase("correct horse battery staple");
    vault.header().and_then(|header| header.open(&credential).ok()).map(|(_, key)| key)
}

/// Compares the scan of an encrypted vault with the parser, for each of its names. Returns how many the scan read.
fn compare_encrypted(text: &str, key: &DataKey) -> usize {
    let whole = || document::parse(text.as_bytes());
    let names: Vec<String> = match whole() {
        Ok(mut vault) => {
            vault.reveal_names(key);
            vault.records.iter().map(|record| record.name().to_owned()).collect()
        }
        Err(_) => vec!["github".to_owned(), "a".to_owned()],
    };
    let mut read = 0;
    for name in names.iter().chain(&["no-such-name".to_owned()]) {
        let Some(scanned) = Vault::scan(text.as_bytes(), name) else { continue };
        let whole = whole().expect("the parser accepts what the scan accepts");
        assert_eq!(scanned.header(), whole.header());
        assert_eq!(outcome(scanned, key, name), outcome(whole, key, name), "{name} in {text}");
        read += 1;
    }
    read
}

#[test]
fn encrypted_vaults_are_judged_alike() {
    let (mut files, mut read) = (0, 0);
    for (_, text) in encrypted_vaults() {
        let Some(key) = document::parse(text.as_bytes()).ok().and_then(|vault| key_of(&vault)) else {
            continue;
        };
        files += 1;
        read += compare_encrypted(&text, &key);
    }
    assert!(files > 20 && read > 40, "{files} files, {read} accounts");
}

#[test]
fn encrypted_vault_that_mfa_does_not_write_is_left_to_the_parser() {
    let (_, text) = encrypted_vaults().into_iter().find(|(path, _)| path.ends_with("good-one.toml")).unwrap();
    let key = key_of(&document::parse(text.as_bytes()).unwrap()).unwrap();
    let names = document::parse(text.as_bytes()).unwrap();
    let name = names.records[0].key.clone();
    assert!(Vault::scan(text.as_bytes(), &name).is_some());
    for (from, to) in [
        ("version = 3", "version = 2"),
        ("[vault]", "[accounts]\n[vault]"),
        ("[vault]", "x = \"\"\"\n[accounts.z]\n\"\"\"\n[vault]"),
        ("sealed = \"", "sealed = '"),
        ("sealed = ", "other = 1\nsealed = "),
        ("sealed = ", "tag = \"x\"\nsealed = "),
        ("sealed = ", "sealed=\"\"\nsealed = "),
    ] {
        let changed = text.replace(from, to);
        assert_ne!(changed, text, "{from}");
        assert!(Vault::scan(changed.as_bytes(), &name).is_none(), "{to}");
        compare_encrypted(&changed, &key);
    }
    let twice = format!("{text}\n{}", &text[text.find("[accounts.").unwrap()..]);
    assert!(Vault::scan(twice.as_bytes(), &name).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn edited_encrypted_vaults_are_judged_alike(
        file in any::<proptest::sample::Index>(),
        edits in proptest::collection::vec((any::<proptest::sample::Index>(), 0..5_usize), 1..4),
    ) {
        let vaults = encrypted_vaults();
        let good: Vec<_> = vaults.iter().filter(|(path, _)| path.contains("/good-")).collect();
        let text = &file.get(&good).1;
        let vault = document::parse(text.as_bytes()).unwrap();
        let Some(key) = key_of(&vault) else { return Ok(()) };
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        for (at, how) in edits {
            let at = at.index(lines.len());
            match how {
                0 => drop(lines.remove(at)),
                1 => lines.insert(at, lines[at].clone()),
                2 => lines[at] = lines[at].replacen('A', "B", 1),
                3 => lines[at].insert(0, '#'),
                _ => {
                    let other = (at * 7 + 3) % lines.len();
                    lines.swap(at, other);
                }
            }
            if lines.is_empty() {
                return Ok(());
            }
        }
        compare_encrypted(&lines.concat(), &key);
    }
}
