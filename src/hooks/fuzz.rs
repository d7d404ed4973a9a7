//! What is fuzzed, a function a target of `tests/fuzz`: arbitrary bytes, and what must hold whatever they are.
//!
//! It exists under `cfg(fuzzing)` only. Costs of key derivations are cut there, and pictures are small: what is looked
//! for lies behind them, and their own limits are tested beside their code.

use std::time::Duration;

use data_encoding::BASE64;

use crate::formats::{self, Migration, ParsedFile, Recognised};
use crate::otp::{Account, Enrolment, Key, Label, Name, OtpauthUri, Parameters, Secret};
use crate::qr;
use crate::vault::crypto::{self, DecryptWith, Identities, NoCallbacks, Recipients};
use crate::vault::{self, MatchKind, Vault};

/// Of the encrypted files in `tests/fixtures/import`
const PASSWORD: &str = "correct horse battery";

/// For the many pictures that hold no code
const TIMEOUT: Duration = Duration::from_millis(20);

/// A URI: what was read is read again out of the URI that it gives
pub fn uri(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    if let Ok((uri, _)) = OtpauthUri::parse(text)
        && let Ok(enrolment) = Enrolment::try_from(uri)
    {
        is_sound(&enrolment);
    }
}

/// A code of Google's, or its payload
pub fn migration(bytes: &[u8]) {
    let uri = match str::from_utf8(bytes) {
        Ok(text) if formats::is_migration(text) => text.to_owned(),
        _ => format!("otpauth-migration://offline?data={}", BASE64.encode(bytes)),
    };
    let Ok(Recognised::Plain(contents)) = formats::recognise(uri.as_bytes()) else { return };
    are_sound(&contents);
    let accounts: Vec<Account> = contents.found.into_iter().map(|found| named(found.enrolment)).collect();
    let export = Migration::from_accounts(&accounts, 7);
    let codes = export.uris.iter().map(|uri| (uri.as_str(), "fuzzed"));
    let again = formats::read_codes(codes).expect("what was exported can be read");
    assert_eq!(again.len() + export.left_out.len(), accounts.len());
}

/// A file of whatever program, and what a password opens
pub fn import(bytes: &[u8]) {
    match formats::recognise(bytes) {
        Ok(Recognised::Plain(contents)) => are_sound(&contents),
        Ok(Recognised::Encrypted(encrypted)) => {
            if let Ok(contents) = encrypted.open(PASSWORD) {
                are_sound(&contents);
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A vault: it can be searched, a change keeps all other accounts, a sealed one opens or does not
pub fn vault(bytes: &[u8]) {
    vault::fuzzed::change(bytes);
}

/// A vault, looked at without a parser: the parser's answer, or none
pub fn scan(bytes: &[u8]) {
    vault::fuzzed::scan(bytes);
}

/// Labels, a line each, the first line looked for among them
pub fn name(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines();
    let query = lines.next().unwrap_or_default();
    let mut vault = Vault::default();
    for line in lines {
        let (issuer, account_name) = line.split_once('\t').unwrap_or(("", line));
        let label =
            Label { issuer: issuer.to_owned(), account_name: account_name.to_owned(), ..Label::default() };
        let Some(name) = label.derived_name() else { continue };
        for name in [name.clone(), name.numbered(9_999_999)] {
            assert_eq!(name.as_str().parse(), Ok(name));
        }
        let name = vault.free_name(&name);
        vault.insert(Enrolment::new(label, key()).named(name.clone())).expect("the name is free");
        assert_eq!(vault.find(name.as_str(), MatchKind::Exact).map(|entry| &entry.name), Ok(&name));
    }
    for kind in [MatchKind::Exact, MatchKind::Unique] {
        if let Err(error) = vault.find(query, kind) {
            assert!(!error.to_string().is_empty());
        }
    }
}

/// A picture
pub fn picture(bytes: &[u8]) {
    for found in qr::read_within(bytes, |_| true, TIMEOUT).unwrap_or_default() {
        assert!(!found.text.is_empty());
    }
}

/// An age file; identities and recipients, as their files hold them
pub fn seal(bytes: &[u8]) {
    let mut identities = Identities::default();
    let mut recipients = Recipients::default();
    if let Ok(text) = str::from_utf8(bytes) {
        let _ = identities.add(text, &NoCallbacks);
        let _ = recipients.add(text, &NoCallbacks);
    }
    let is_for_passphrase = crypto::is_for_passphrase(bytes);
    let opened = crypto::open_opaque(bytes, &DecryptWith::Passphrase(PASSWORD));
    assert!(opened.is_err() || is_for_passphrase == Ok(true));
    let _ = crypto::open_opaque(bytes, &DecryptWith::Identities(&identities));
}

fn are_sound(contents: &ParsedFile) {
    for found in &contents.found {
        is_sound(&found.enrolment);
    }
    for refused in &contents.rejected {
        assert!(!refused.to_string().is_empty());
    }
}

/// Whether an account gives codes, and its URI the same account
fn is_sound(enrolment: &Enrolment) {
    let _ = enrolment.key.code_at(u64::from(u32::MAX));
    let account = named(enrolment.clone());
    let (again, _) = OtpauthUri::parse(&account.to_full_uri()).expect("a URI of ours can be read");
    let again = Enrolment::try_from(again).expect("what it describes is an account");
    assert_eq!((&again.tags, &again.key), (&enrolment.tags, &enrolment.key));
    assert_eq!(again.label.issuer, enrolment.label.issuer);
    assert_eq!(again.label.account_name, enrolment.label.account_name);
}

fn named(enrolment: Enrolment) -> Account {
    let name = enrolment.label.derived_name().unwrap_or_else(|| name_of("account"));
    enrolment.named(name)
}

fn name_of(text: &str) -> Name {
    text.parse().expect("it is a name")
}

fn key() -> Key {
    let (secret, _) = Secret::from_base32("GEZDGNBVGY3TQOJQ").expect("it is Base32");
    Key::new(secret, Parameters::DEFAULT)
}
