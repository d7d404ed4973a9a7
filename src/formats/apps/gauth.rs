//! Reads the file of the command gauth: lines `name:secret`, plain text or encrypted by OpenSSL.

use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::formats::apps::password_store;
use crate::formats::crypto::cbc;
use crate::formats::uri_list::{self, is_payload};
use crate::formats::{
    Format, FormatError, ParsedFile, Probe, RawAccount, RawSecret, Recognised, bare_secret,
};

pub(in crate::formats) const FORMAT: Format =
    Format { app: "gauth", detect: |probe| is_encrypted(probe) || probe.text().is_some_and(is_plain), read };

/// The prefix that `openssl enc` writes before the salt
const MAGIC: &[u8] = b"Salted__";

/// Base32 characters, 80 bits: a shorter word after a colon is rather prose.
const MIN_SECRET_LEN: usize = 16;

fn is_encrypted(probe: &Probe<'_>) -> bool {
    probe.starts_with(MAGIC)
}

/// Returns whether a text is a list that is no entry of gopass: an account, but not each, may be called `totp`.
fn is_plain(text: &str) -> bool {
    is_list(text)
        && numbered_lines(text).any(|(_, line)| !is_payload(line) && !password_store::is_field(line))
}

/// Returns whether each line is an account, and not each is a URI.
fn is_list(text: &str) -> bool {
    let mut others = numbered_lines(text).filter(|(_, line)| !is_payload(line)).peekable();
    others.peek().is_some() && others.all(|(_, line)| split_secret(line).is_some())
}

fn numbered_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = (1..).zip(text.lines().map(str::trim));
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

fn split_secret(line: &str) -> Option<(&str, &str)> {
    let (name, secret) = line.split_once(':')?;
    let is_key = secret.trim().len() >= MIN_SECRET_LEN && bare_secret::read(secret.trim()).is_ok();
    is_key.then_some((name, secret))
}

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    if !is_encrypted(probe) {
        return Ok(Recognised::Plain(parse_list(probe.text().unwrap_or_default())));
    }
    let too_short = FormatError::Damaged("it is too short");
    let (salt, ciphertext) = probe.bytes()[MAGIC.len()..].split_first_chunk::<8>().ok_or(too_short)?;
    let (salt, ciphertext) = (*salt, ciphertext.to_vec());
    Ok(Recognised::encrypted(FORMAT.app, move |password| {
        let plain = decrypt(password, salt, &ciphertext).ok_or(FormatError::WrongPasswordOrDamaged)?;
        let text = std::str::from_utf8(&plain).ok().filter(|text| is_list(text) || is_payload(text));
        Ok(parse_list(text.ok_or(FormatError::WrongPasswordOrDamaged)?))
    }))
}

/// Decrypts the output of `openssl enc -aes-128-cbc -md sha256`: key and initialisation vector are the halves of one hash.
fn decrypt(password: &str, salt: [u8; 8], ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let hash =
        Zeroizing::new(<[u8; 32]>::from(Sha256::new().chain_update(password).chain_update(salt).finalize()));
    let (key, iv) = hash.split_first_chunk()?;
    cbc::decrypt_128(key, iv.try_into().ok()?, ciphertext)
}

fn parse_list(text: &str) -> ParsedFile {
    let mut parsed = ParsedFile::new(FORMAT.app);
    for (line, account) in numbered_lines(text) {
        match split_secret(account) {
            Some((name, secret)) if !is_payload(account) => {
                let raw = RawAccount {
                    account_name: name.into(),
                    secret: RawSecret::Base32(secret.into()),
                    ..RawAccount::default()
                };
                parsed.take(raw.finish());
            }
            _ => parsed.take(uri_list::account(account, line)),
        }
    }
    parsed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    #[test]
    fn prose_with_colons_is_not_a_list() {
        for text in ["note: this is some text", "a: jbswy3dpehpk3pxp\nb: c", "https://example.com/a", ":\n:"]
        {
            assert!(!is_list(text), "{text}");
        }
        assert!(is_list("# mine\nAWS: jbsw y3dp ehpk 3pxp\n\n"));
    }

    #[test]
    fn account_may_have_the_name_of_a_gopass_field() {
        const KEY: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXA";
        for (text, app, count) in [
            (format!("AWS:{KEY}\ntotp:{KEY}\nhotp:{KEY}"), FORMAT.app, 3),
            (format!("totp: {KEY}"), password_store::FORMAT.app, 1),
            (format!("hunter2\ntotp: {KEY}"), password_store::FORMAT.app, 1),
            (format!("user: bob\ntotp: {KEY}"), password_store::FORMAT.app, 1),
        ] {
            let Ok(Recognised::Plain(parsed)) = recognise(text.as_bytes()) else { panic!() };
            assert_eq!((parsed.app, parsed.found.len()), (app, count), "{text}");
        }
    }

    /// The file was encrypted with `openssl enc -aes-128-cbc -md sha256`.
    #[test]
    fn list_encrypted_by_openssl_is_decrypted() {
        let file = include_bytes!("../../../tests/fixtures/import/gauth/gauth-encrypted.csv");
        let Ok(Recognised::Encrypted(encrypted)) = recognise(file) else { panic!() };
        assert_eq!(encrypted.open("correct horse battery").unwrap().found.len(), 3);
        assert_eq!(encrypted.open("x").unwrap_err(), FormatError::WrongPasswordOrDamaged);
        assert!(matches!(recognise(b"Salted__1234"), Err(FormatError::Damaged(_))));
    }
}
