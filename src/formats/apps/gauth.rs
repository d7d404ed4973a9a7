//! gauth, a command: lines `name:secret`, as they are or encrypted by OpenSSL.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::formats::apps::password_store;
use crate::formats::crypto::cbc;
use crate::formats::uri_list::{self, is_payload};
use crate::formats::{
    Format, FormatError, ParsedFile, Probe, RawAccount, RawSecret, Recognised, bare_secret,
};

pub(in crate::formats) const FORMAT: Format =
    Format { app: "gauth", detect: |probe| is_sealed(probe) || probe.text().is_some_and(is_plain), read };

/// What `openssl enc` writes before the salt
const MAGIC: &[u8] = b"Salted__";

/// Base32 of 80 bits: a shorter word behind a colon is rather one of prose
const SHORTEST: usize = 16;

fn is_sealed(probe: &Probe<'_>) -> bool {
    probe.starts_with(MAGIC)
}

/// An account may be called `totp`; where all are called like that, it is an entry of gopass
fn is_plain(text: &str) -> bool {
    is_list(text) && lines(text).any(|(_, line)| !is_payload(line) && !password_store::is_field(line))
}

/// Whether every line is an account, and not every one a URI
fn is_list(text: &str) -> bool {
    let mut named = lines(text).filter(|(_, line)| !is_payload(line)).peekable();
    named.peek().is_some() && named.all(|(_, line)| named_secret(line).is_some())
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = (1..).zip(text.lines().map(str::trim));
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

fn named_secret(line: &str) -> Option<(&str, &str)> {
    let (name, secret) = line.split_once(':')?;
    let is_key = secret.trim().len() >= SHORTEST && bare_secret::read(secret.trim()).is_ok();
    is_key.then_some((name, secret))
}

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    if !is_sealed(probe) {
        return Ok(Recognised::Plain(contents(probe.text().unwrap_or_default())));
    }
    let too_short = FormatError::Damaged("it is too short");
    let (salt, ciphertext) = probe.bytes()[MAGIC.len()..].split_first_chunk::<8>().ok_or(too_short)?;
    let (salt, ciphertext) = (*salt, ciphertext.to_vec());
    Ok(Recognised::encrypted(FORMAT.app, move |password| {
        let plain = open(password, salt, &ciphertext).ok_or(FormatError::WrongPasswordOrDamaged)?;
        let text = std::str::from_utf8(&plain).ok().filter(|text| is_list(text) || is_payload(text));
        Ok(contents(text.ok_or(FormatError::WrongPasswordOrDamaged)?))
    }))
}

/// `openssl enc -aes-128-cbc -md sha256`: key and initialisation vector are one hash
fn open(password: &str, salt: [u8; 8], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let hash =
        Zeroizing::new(<[u8; 32]>::from(Sha256::new().chain_update(password).chain_update(salt).finalize()));
    let (key, iv) = hash.split_first_chunk()?;
    cbc::open_128(key, iv.try_into().ok()?, ciphertext)
}

fn contents(text: &str) -> ParsedFile {
    let mut contents = ParsedFile::new(FORMAT.app);
    for (line, account) in lines(text) {
        match named_secret(account) {
            Some((name, secret)) if !is_payload(account) => {
                let draft = RawAccount {
                    account_name: name.into(),
                    secret: RawSecret::Base32(secret.into()),
                    ..RawAccount::default()
                };
                contents.take(draft.finish());
            }
            _ => contents.take(uri_list::account(account, line)),
        }
    }
    contents
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    #[test]
    fn prose_with_colons_is_no_list() {
        for text in ["note: this is some text", "a: jbswy3dpehpk3pxp\nb: c", "https://example.com/a", ":\n:"]
        {
            assert!(!is_list(text), "{text}");
        }
        assert!(is_list("# mine\nAWS: jbsw y3dp ehpk 3pxp\n\n"));
    }

    #[test]
    fn an_account_may_be_called_as_a_field_of_gopass_is() {
        const KEY: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXA";
        for (text, app, count) in [
            (format!("AWS:{KEY}\ntotp:{KEY}\nhotp:{KEY}"), FORMAT.app, 3),
            (format!("totp: {KEY}"), password_store::FORMAT.app, 1),
            (format!("hunter2\ntotp: {KEY}"), password_store::FORMAT.app, 1),
            (format!("user: bob\ntotp: {KEY}"), password_store::FORMAT.app, 1),
        ] {
            let Ok(Recognised::Plain(contents)) = recognise(text.as_bytes()) else { panic!() };
            assert_eq!((contents.app, contents.found.len()), (app, count), "{text}");
        }
    }

    /// Made with `openssl enc -aes-128-cbc -md sha256`
    #[test]
    fn a_list_that_openssl_encrypted_opens() {
        let file = include_bytes!("../../../tests/fixtures/import/gauth/gauth-encrypted.csv");
        let Ok(Recognised::Encrypted(encrypted)) = recognise(file) else { panic!() };
        assert_eq!(encrypted.open("correct horse battery").unwrap().found.len(), 3);
        assert_eq!(encrypted.open("x").unwrap_err(), FormatError::WrongPasswordOrDamaged);
        assert!(matches!(recognise(b"Salted__1234"), Err(FormatError::Damaged(_))));
    }
}
