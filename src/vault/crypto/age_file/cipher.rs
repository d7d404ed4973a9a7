//! Encrypting and decrypting whole age files.

use std::io::{self, Read, Write};
use std::iter;

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, Encryptor, scrypt};
use unicode_normalization::{UnicodeNormalization as _, is_nfc};
use zeroize::Zeroizing;

use super::cost::MAX_WORK_FACTOR;
use super::credentials::{DecryptWith, EncryptFor};
use super::error::AgeError;

const ARMOR_BEGIN: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";

/// Returns whether the bytes begin like an age file, armored or not.
pub(crate) fn is_age_file(bytes: &[u8]) -> bool {
    let start = bytes.trim_ascii_start();
    start.starts_with(ARMOR_BEGIN) || start.starts_with(b"age-encryption.org/")
}

/// Encrypts bytes to an armored age file, whose lines end in `\n` on every system.
///
/// The passphrase is taken in NFC: keyboards and input methods compose the same letters differently.
///
/// # Errors
/// `EmptyPassphrase`, `NoRecipients`, `IncompatibleRecipients`, `TooCostly` or `Plugin`.
pub(crate) fn encrypt_age_file(plain: &[u8], key: &EncryptFor<'_>) -> Result<String, AgeError> {
    let encryptor = match key {
        EncryptFor::Passphrase { passphrase, work_factor } => {
            let recipient = scrypt_recipient(passphrase, *work_factor)?;
            Encryptor::with_recipients(iter::once(&recipient as _))
        }
        EncryptFor::Recipients(recipients) => Encryptor::with_recipients(recipients.iter()),
    };
    let armored = write_armored(encryptor?, plain).expect("memory takes every byte");
    Ok(String::from_utf8(armored).expect("armor is ASCII").replace("\r\n", "\n"))
}

/// Decrypts an age file, armored or not.
///
/// Tries the passphrase in NFC, and then as typed if that differs: another program may have encrypted the file.
///
/// # Errors
/// `WrongPassphrase` or `NoMatchingIdentity` if the credential is wrong, `Damaged` if the file is. Damage in the few
/// bytes that the passphrase authenticates counts as a wrong passphrase.
pub(crate) fn decrypt_age_file(
    file: &[u8],
    credential: &DecryptWith<'_>,
) -> Result<Zeroizing<Vec<u8>>, AgeError> {
    let DecryptWith::Passphrase(typed) = credential else { return try_credential(file, credential) };
    match try_credential(file, &DecryptWith::Passphrase(&compose(typed))) {
        Err(AgeError::WrongPassphrase) if !is_nfc(typed) => try_credential(file, credential),
        tried => tried,
    }
}

/// Returns a passphrase in NFC, in a buffer that never grows, so that no copy is left behind unwiped.
fn compose(passphrase: &str) -> Zeroizing<String> {
    // NFC takes at most three times the bytes (Unicode Standard Annex #15).
    let mut composed = Zeroizing::new(String::with_capacity(3 * passphrase.len()));
    composed.extend(passphrase.nfc());
    composed
}

fn try_credential(file: &[u8], credential: &DecryptWith<'_>) -> Result<Zeroizing<Vec<u8>>, AgeError> {
    let decryptor = Decryptor::new_buffered(ArmoredReader::new(file.trim_ascii()))?;
    let reader = match credential {
        DecryptWith::Passphrase(_) if !decryptor.is_scrypt() => return Err(AgeError::NeedsIdentity),
        DecryptWith::Identities(_) if decryptor.is_scrypt() => return Err(AgeError::NeedsPassphrase),
        DecryptWith::Passphrase(passphrase) => {
            let mut identity = scrypt::Identity::new(SecretString::from((*passphrase).to_owned()));
            identity.set_max_work_factor(MAX_WORK_FACTOR);
            decryptor.decrypt(iter::once(&identity as _)).map_err(|error| match error {
                DecryptError::DecryptionFailed => AgeError::WrongPassphrase,
                other => other.into(),
            })
        }
        DecryptWith::Identities(identities) => {
            decryptor.decrypt(identities.iter()).map_err(|error| match error {
                DecryptError::KeyDecryptionFailed | DecryptError::NoMatchingKeys
                    if identities.has_unanswered_prompt() =>
                {
                    AgeError::IdentityLocked
                }
                other => other.into(),
            })
        }
    };
    read_plain(reader?, file.len())
}

fn scrypt_recipient(passphrase: &str, work_factor: u8) -> Result<scrypt::Recipient, AgeError> {
    if passphrase.is_empty() {
        return Err(AgeError::EmptyPassphrase);
    }
    if !(1..=MAX_WORK_FACTOR).contains(&work_factor) {
        return Err(AgeError::TooCostly(work_factor));
    }
    let mut recipient = scrypt::Recipient::new(SecretString::from(compose(passphrase).as_str().to_owned()));
    recipient.set_work_factor(work_factor);
    Ok(recipient)
}

fn write_armored(encryptor: Encryptor, plain: &[u8]) -> io::Result<Vec<u8>> {
    let armored = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
    let mut writer = encryptor.wrap_output(armored)?;
    writer.write_all(plain)?;
    writer.finish()?.finish()
}

/// Reads at most `max_len` bytes into a buffer that never grows, so that no copy is left behind unwiped.
fn read_plain(mut reader: impl Read, max_len: usize) -> Result<Zeroizing<Vec<u8>>, AgeError> {
    let mut plain = Zeroizing::new(vec![0; max_len]);
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

#[cfg(test)]
mod tests {
    use super::*;

    const PASSPHRASE: EncryptFor<'_> = EncryptFor::Passphrase { passphrase: "correct horse", work_factor: 4 };

    #[test]
    fn any_bytes_come_back() {
        for plain in [vec![], vec![0], vec![7; 70_000], b"version = 2\n".to_vec()] {
            let file = encrypt_age_file(&plain, &PASSPHRASE).unwrap();
            assert!(is_age_file(file.as_bytes()) && !file.contains('\r'));
            assert_eq!(
                *decrypt_age_file(file.as_bytes(), &DecryptWith::Passphrase("correct horse")).unwrap(),
                plain
            );
            let dos = file.replace('\n', "\r\n");
            assert_eq!(
                *decrypt_age_file(dos.as_bytes(), &DecryptWith::Passphrase("correct horse")).unwrap(),
                plain
            );
        }
    }

    #[test]
    fn passphrase_opens_in_any_composition() {
        let (composed, decomposed, compatible) = ("zo\u{eb} 1", "zoe\u{308} 1", "zo\u{eb} \u{ff11}");
        for new in [composed, decomposed] {
            let file =
                encrypt_age_file(b"x", &EncryptFor::Passphrase { passphrase: new, work_factor: 4 }).unwrap();
            let open = |typed| decrypt_age_file(file.as_bytes(), &DecryptWith::Passphrase(typed)).map(drop);
            assert_eq!((open(composed), open(decomposed)), (Ok(()), Ok(())));
            assert_eq!(open(compatible), Err(AgeError::WrongPassphrase));
            // other programs take the bytes as typed
            assert!(try_credential(file.as_bytes(), &DecryptWith::Passphrase(composed)).is_ok());
        }
    }

    #[test]
    fn passphrase_that_another_program_did_not_compose_opens() {
        let decomposed = "zoe\u{308}";
        let mut recipient = scrypt::Recipient::new(SecretString::from(decomposed.to_owned()));
        recipient.set_work_factor(4);
        let encryptor = Encryptor::with_recipients(iter::once(&recipient as _)).unwrap();
        let file = write_armored(encryptor, b"x").unwrap();
        assert_eq!(decrypt_age_file(&file, &DecryptWith::Passphrase(decomposed)).map(drop), Ok(()));
        let composed = decrypt_age_file(&file, &DecryptWith::Passphrase("zo\u{eb}"));
        assert_eq!(composed, Err(AgeError::WrongPassphrase));
    }

    #[test]
    fn a_wrong_passphrase_is_distinguished_from_damage() {
        let file = encrypt_age_file(b"plain", &PASSPHRASE).unwrap();
        assert_eq!(
            decrypt_age_file(file.as_bytes(), &DecryptWith::Passphrase("Correct horse")),
            Err(AgeError::WrongPassphrase)
        );
        for length in [0, 10, 60, 200, file.len() - 40] {
            let cut = decrypt_age_file(&file.as_bytes()[..length], &DecryptWith::Passphrase("correct horse"));
            assert_eq!(cut, Err(AgeError::Damaged), "{length}");
        }
    }

    #[test]
    fn a_file_that_demands_too_much_work_is_rejected_at_once() {
        let header = "age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 21\n\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\
                      --- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n0123456789abcdef0123456789abcdef";
        assert_eq!(
            decrypt_age_file(header.as_bytes(), &DecryptWith::Passphrase("x")),
            Err(AgeError::TooCostly(21))
        );
        let wrapped = encrypt_age_file(b"x", &EncryptFor::Passphrase { passphrase: "x", work_factor: 21 });
        assert_eq!(wrapped, Err(AgeError::TooCostly(21)));
    }

    #[test]
    fn an_empty_passphrase_and_another_version_are_rejected() {
        let empty = EncryptFor::Passphrase { passphrase: "", work_factor: 4 };
        assert_eq!(encrypt_age_file(b"x", &empty), Err(AgeError::EmptyPassphrase));
        let newer = b"age-encryption.org/v2\n-> x\n\n--- AAAA\n";
        assert_eq!(decrypt_age_file(newer, &DecryptWith::Passphrase("x")), Err(AgeError::Unsupported));
        assert!(!is_age_file(b"version = 2"));
    }
}
