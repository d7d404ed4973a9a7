//! The fuzz targets of `tests/fuzz`, one function each: properties that hold for arbitrary bytes.
//!
//! Compiled under `cfg(fuzzing)` only, which also cuts the costs of key derivations, so that the fuzzer reaches the code
//! behind them. Limits of cost are tested beside their code.

use std::time::Duration;

use data_encoding::BASE64;

use crate::formats::{self, Migration, ParsedFile, Recognised};
use crate::otp::{Account, Enrolment, Key, Label, Name, OtpauthUri, Parameters, Secret};
use crate::qr;
use crate::vault::crypto::{self, DecryptWith, Identities, NoCallbacks, Recipients};
use crate::vault::{self, MatchKind, Vault};

/// The password of the encrypted files in `tests/fixtures/import`
const PASSWORD: &str = "correct horse battery";

/// The time for one picture, most of which hold no code
const PICTURE_TIMEOUT: Duration = Duration::from_millis(20);

/// A URI: the account that it describes gives a URI that describes the same account.
pub fn uri(bytes: &[u8]) {
    let Ok(text) = str::from_utf8(bytes) else { return };
    if let Ok((uri, _)) = OtpauthUri::parse(text)
        && let Ok(enrolment) = Enrolment::try_from(uri)
    {
        check_round_trip(&enrolment);
    }
}

/// The text of a Google Authenticator export code, or its payload
pub fn migration(bytes: &[u8]) {
    let uri = match str::from_utf8(bytes) {
        Ok(text) if formats::is_migration(text) => text.to_owned(),
        _ => format!("otpauth-migration://offline?data={}", BASE64.encode(bytes)),
    };
    let Ok(Recognised::Plain(contents)) = formats::recognise(uri.as_bytes()) else { return };
    check_parsed(&contents);
    let accounts: Vec<Account> = contents.found.into_iter().map(|found| named(found.enrolment)).collect();
    let export = Migration::from_accounts(&accounts, 7);
    let codes = export.uris.iter().map(|uri| (uri.as_str(), "fuzzed"));
    let reread = formats::read_codes(codes).expect("mfa reads its own export");
    assert_eq!(reread.len() + export.left_out.len(), accounts.len());
}

/// An export of any program, opened with the password if it is encrypted
pub fn import(bytes: &[u8]) {
    match formats::recognise(bytes) {
        Ok(Recognised::Plain(contents)) => check_parsed(&contents),
        Ok(Recognised::Encrypted(encrypted)) => {
            if let Ok(contents) = encrypted.open(PASSWORD) {
                check_parsed(&contents);
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// A vault: look-ups do not panic, and a change keeps all other accounts.
pub fn vault(bytes: &[u8]) {
    vault::fuzz_checks::change(bytes);
}

/// A vault, read by the fast scan: it returns what the parser returns, or nothing.
pub fn scan(bytes: &[u8]) {
    vault::fuzz_checks::scan(bytes);
}

/// Labels, one on each line, and a query on the first line
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

/// A picture, which may be damaged
pub fn picture(bytes: &[u8]) {
    for found in qr::read_within(bytes, |_| true, PICTURE_TIMEOUT).unwrap_or_default() {
        assert!(!found.text.is_empty());
    }
}

/// An age file, and files of identities and recipients
pub fn seal(bytes: &[u8]) {
    let mut identities = Identities::default();
    let mut recipients = Recipients::default();
    if let Ok(text) = str::from_utf8(bytes) {
        let _ = identities.add(text, &NoCallbacks);
        let _ = recipients.add(text, &NoCallbacks);
    }
    let _ = crypto::decrypt_age_file(bytes, &DecryptWith::Passphrase(PASSWORD));
    let _ = crypto::decrypt_age_file(bytes, &DecryptWith::Identities(&identities));
}

fn check_parsed(contents: &ParsedFile) {
    for found in &contents.found {
        check_round_trip(&found.enrolment);
    }
    for refused in &contents.rejected {
        assert!(!refused.to_string().is_empty());
    }
}

/// Checks that an account gives codes, and a URI that describes the same account.
fn check_round_trip(enrolment: &Enrolment) {
    let _ = enrolment.key.code_at(u64::from(u32::MAX));
    let account = named(enrolment.clone());
    let (reread, _) = OtpauthUri::parse(&account.to_full_uri()).expect("mfa reads its own URI");
    let reread = Enrolment::try_from(reread).expect("the URI describes an account");
    assert_eq!((&reread.tags, &reread.key), (&enrolment.tags, &enrolment.key));
    assert_eq!(reread.label.issuer, enrolment.label.issuer);
    assert_eq!(reread.label.account_name, enrolment.label.account_name);
}

fn named(enrolment: Enrolment) -> Account {
    let name = enrolment.label.derived_name().unwrap_or_else(|| parse_name("account"));
    enrolment.named(name)
}

fn parse_name(text: &str) -> Name {
    text.parse().expect("the text is a valid name")
}

fn key() -> Key {
    let (secret, _) = Secret::from_base32("GEZDGNBVGY3TQOJQ").expect("the text is Base32");
    Key::new(secret, Parameters::DEFAULT)
}
