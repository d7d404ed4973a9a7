//! A stock age file (c2sp.org/age), armored: `age -d` opens it.

pub(super) mod credentials;
pub(super) mod identities;
pub(super) mod recipients;
pub(super) mod ssh_identity;

use std::io::{Read, Write};
use std::iter;

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, EncryptError, Encryptor, scrypt};
use zeroize::Zeroizing;

use crate::text;
use crate::vault::crypto::age_file::credentials::{AgeError, DecryptWith, EncryptFor, MAX_WORK_FACTOR};

const BEGIN: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";

/// Bytes in which the only stanza of a file for a passphrase begins
const START: u64 = 256;

/// Whether this is an age file, armored or not: a vault that hides its names too begins so
pub(crate) fn is_age_file(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    start.starts_with(BEGIN) || start.starts_with(b"age-encryption.org/")
}

/// Whether it takes a passphrase, and not an identity.
///
/// # Errors
/// `Damaged`, `Unsupported`.
pub(crate) fn is_for_passphrase(file: &[u8]) -> Result<bool, AgeError> {
    let decryptor = Decryptor::new_buffered(ArmoredReader::new(file.trim_ascii()));
    Ok(decryptor.map_err(of_decryption)?.is_scrypt())
}

/// N of scrypt, which trying a passphrase costs; none where it takes an identity, or is damaged
pub(super) fn scrypt_cost(file: &[u8]) -> u64 {
    let mut start = Vec::new();
    // what cannot be read costs nothing, and neither does what is larger than anybody pays
    let _ = ArmoredReader::new(file.trim_ascii()).take(START).read_to_end(&mut start);
    let start = String::from_utf8_lossy(&start);
    let stanza = start.lines().find_map(|line| line.strip_prefix("-> scrypt "));
    let factor: Option<u8> = stanza.and_then(|stanza| stanza.split(' ').nth(1)?.parse().ok());
    factor.filter(|factor| *factor <= MAX_WORK_FACTOR).map_or(0, |factor| 1 << factor)
}

/// Makes an armored age file of some bytes; its lines end in `\n` everywhere.
///
/// # Errors
/// `EmptyPassphrase`, `NoRecipients`, `IncompatibleRecipients`, `TooCostly`, `Plugin`.
pub(crate) fn wrap(plain: &[u8], lock: &EncryptFor<'_>) -> Result<String, AgeError> {
    let encryptor = match lock {
        EncryptFor::Passphrase { passphrase, work_factor } => {
            let recipient = scrypt_recipient(passphrase, *work_factor)?;
            Encryptor::with_recipients(iter::once(&recipient as _))
        }
        EncryptFor::Recipients(recipients) => Encryptor::with_recipients(recipients.iter()),
    };
    let armored = write(encryptor.map_err(of_encryption)?, plain).expect("memory takes every byte");
    Ok(String::from_utf8(armored).expect("armor is ASCII").replace("\r\n", "\n"))
}

/// The bytes in an age file, armored or not.
///
/// # Errors
/// `WrongPassphrase` and `NoMatchingIdentity` where the file is whole; `Damaged` where it is not, except in the few
/// bytes that only the right passphrase could tell from a wrong one.
pub(crate) fn unwrap(file: &[u8], unlock: &DecryptWith<'_>) -> Result<Zeroizing<Vec<u8>>, AgeError> {
    let armored = ArmoredReader::new(file.trim_ascii());
    let decryptor = Decryptor::new_buffered(armored).map_err(of_decryption)?;
    let reader = match unlock {
        DecryptWith::Passphrase(_) if !decryptor.is_scrypt() => return Err(AgeError::NeedsIdentity),
        DecryptWith::Identities(_) if decryptor.is_scrypt() => return Err(AgeError::NeedsPassphrase),
        DecryptWith::Passphrase(passphrase) => {
            let mut identity = scrypt::Identity::new(SecretString::from((*passphrase).to_owned()));
            identity.set_max_work_factor(MAX_WORK_FACTOR);
            decryptor.decrypt(iter::once(&identity as _)).map_err(|error| match error {
                DecryptError::DecryptionFailed => AgeError::WrongPassphrase,
                other => of_decryption(other),
            })
        }
        DecryptWith::Identities(identities) => {
            decryptor.decrypt(identities.iter()).map_err(|error| match error {
                DecryptError::KeyDecryptionFailed | DecryptError::NoMatchingKeys if identities.refused() => {
                    AgeError::IdentityLocked
                }
                other => of_decryption(other),
            })
        }
    };
    read(reader?, file.len())
}

fn scrypt_recipient(passphrase: &str, work_factor: u8) -> Result<scrypt::Recipient, AgeError> {
    if passphrase.is_empty() {
        return Err(AgeError::EmptyPassphrase);
    }
    if !(1..=MAX_WORK_FACTOR).contains(&work_factor) {
        return Err(AgeError::TooCostly(work_factor));
    }
    let mut recipient = scrypt::Recipient::new(SecretString::from(passphrase.to_owned()));
    recipient.set_work_factor(work_factor);
    Ok(recipient)
}

fn write(encryptor: Encryptor, plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let armored = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
    let mut writer = encryptor.wrap_output(armored)?;
    writer.write_all(plain)?;
    writer.finish()?.finish()
}

/// Reads into memory that never has to grow, so that no part of the plain bytes is left behind unwiped
fn read(mut reader: impl Read, longest: usize) -> Result<Zeroizing<Vec<u8>>, AgeError> {
    let mut plain = Zeroizing::new(vec![0; longest]);
    let mut length = 0;
    loop {
        match reader.read(&mut plain[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(_) => return Err(AgeError::Damaged),
        }
    }
    plain.truncate(length);
    Ok(plain)
}

fn of_decryption(error: DecryptError) -> AgeError {
    match error {
        DecryptError::NoMatchingKeys => AgeError::NoMatchingIdentity,
        DecryptError::KeyDecryptionFailed => AgeError::WrongPassphrase,
        DecryptError::ExcessiveWork { required, .. } => AgeError::TooCostly(required),
        DecryptError::UnknownFormat => AgeError::Unsupported,
        DecryptError::Plugin(errors) => AgeError::Plugin(said(&errors)),
        _ => AgeError::Damaged,
    }
}

fn of_encryption(error: EncryptError) -> AgeError {
    match error {
        EncryptError::MissingRecipients => AgeError::NoRecipients,
        EncryptError::Plugin(errors) => AgeError::Plugin(said(&errors)),
        _ => AgeError::IncompatibleRecipients,
    }
}

/// What a plugin said, in one line that cannot move the cursor
fn said(errors: &[impl std::fmt::Display]) -> String {
    let messages: Vec<String> = errors.iter().map(|error| error.to_string().trim().to_owned()).collect();
    text::sanitize(&messages.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSPHRASE: EncryptFor<'_> = EncryptFor::Passphrase { passphrase: "correct horse", work_factor: 4 };

    #[test]
    fn bytes_come_back_whatever_they_are() {
        for plain in [vec![], vec![0], vec![7; 70_000], b"version = 2\n".to_vec()] {
            let file = wrap(&plain, &PASSPHRASE).unwrap();
            assert!(is_age_file(file.as_bytes()) && !file.contains('\r'));
            assert_eq!(*unwrap(file.as_bytes(), &DecryptWith::Passphrase("correct horse")).unwrap(), plain);
            let dos = file.replace('\n', "\r\n");
            assert_eq!(*unwrap(dos.as_bytes(), &DecryptWith::Passphrase("correct horse")).unwrap(), plain);
        }
    }

    #[test]
    fn a_wrong_passphrase_is_told_from_damage() {
        let file = wrap(b"plain", &PASSPHRASE).unwrap();
        assert_eq!(
            unwrap(file.as_bytes(), &DecryptWith::Passphrase("Correct horse")),
            Err(AgeError::WrongPassphrase)
        );
        for length in [0, 10, 60, 200, file.len() - 40] {
            let cut = unwrap(&file.as_bytes()[..length], &DecryptWith::Passphrase("correct horse"));
            assert_eq!(cut, Err(AgeError::Damaged), "{length}");
        }
    }

    #[test]
    fn a_file_that_asks_for_too_much_is_refused_at_once() {
        let header = "age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 23\n\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\
                      --- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n0123456789abcdef0123456789abcdef";
        assert_eq!(unwrap(header.as_bytes(), &DecryptWith::Passphrase("x")), Err(AgeError::TooCostly(23)));
        let wrapped = wrap(b"x", &EncryptFor::Passphrase { passphrase: "x", work_factor: 23 });
        assert_eq!(wrapped, Err(AgeError::TooCostly(23)));
    }

    #[test]
    fn an_empty_passphrase_and_another_version_are_refused() {
        let empty = EncryptFor::Passphrase { passphrase: "", work_factor: 4 };
        assert_eq!(wrap(b"x", &empty), Err(AgeError::EmptyPassphrase));
        let newer = b"age-encryption.org/v2\n-> x\n\n--- AAAA\n";
        assert_eq!(unwrap(newer, &DecryptWith::Passphrase("x")), Err(AgeError::Unsupported));
        assert!(!is_age_file(b"version = 2"));
    }
}
