//! Reads a file that age encrypted with a passphrase, and recognises the file inside.
//!
//! Examples are the database of totp-cli, a vault of mfa with hidden names, and an entry of a password store.

use std::io::{BufReader, Read as _};
use std::iter;

use age::armor::ArmoredReader;
use age::secrecy::SecretString;
use age::{DecryptError, Decryptor, scrypt};
use zeroize::Zeroizing;

use crate::formats::{Format, FormatError, ParsedFile, Recognised, recognise};
use crate::vault::crypto::is_age_file;

pub(in crate::formats) const FORMAT: Format = Format {
    app: "age file",
    detect: |probe| is_age_file(probe.bytes()),
    read: |probe| {
        let file = probe.bytes().trim_ascii().to_vec();
        if !decryptor(&file)?.is_scrypt() {
            return Err(FormatError::Unsupported(
                "it is encrypted for a key, not with a passphrase; import the output of 'age -d -i KEYFILE FILE'",
            ));
        }
        Ok(Recognised::encrypted(FORMAT.app, move |password| open(&file, password)))
    },
};

/// The limit for scrypt, whose N = 2^20 takes 1 GiB
const MAX_WORK_FACTOR: u8 = if cfg!(fuzzing) { 6 } else { 20 };

fn decryptor(file: &[u8]) -> Result<Decryptor<ArmoredReader<BufReader<&[u8]>>>, FormatError> {
    Decryptor::new_buffered(ArmoredReader::new(file))
        .map_err(|_| FormatError::Damaged("it is not a complete age file"))
}

fn open(file: &[u8], password: &str) -> Result<ParsedFile, FormatError> {
    let mut identity = scrypt::Identity::new(SecretString::from(password.to_owned()));
    identity.set_max_work_factor(MAX_WORK_FACTOR);
    let reader = decryptor(file)?.decrypt(iter::once(&identity as _)).map_err(|error| match error {
        DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => FormatError::WrongPassword,
        DecryptError::ExcessiveWork { .. } => FormatError::TooCostly("scrypt"),
        _ => FormatError::Damaged("it is not a complete age file"),
    })?;
    // The plain text is never longer than the file, so the buffer never moves and leaves no copy behind.
    let mut plain = Zeroizing::new(Vec::with_capacity(file.len()));
    let length = file.len() as u64;
    reader
        .take(length)
        .read_to_end(&mut plain)
        .map_err(|_| FormatError::Damaged("its content was changed"))?;
    match recognise(&plain)? {
        Recognised::Plain(contents) => Ok(contents),
        Recognised::Encrypted(_) => Err(FormatError::Unsupported(
            "it holds another encrypted file; import the output of 'age -d FILE'",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::crypto::{EncryptFor, encrypt_age_file};

    #[test]
    fn an_age_file_may_hold_any_plain_format() {
        let open = |plain: &[u8]| {
            let lock = EncryptFor::Passphrase { passphrase: "x", work_factor: 4 };
            let file = encrypt_age_file(plain, &lock).unwrap();
            let Ok(Recognised::Encrypted(encrypted)) = recognise(file.as_bytes()) else { panic!() };
            assert_eq!(encrypted.open("y").unwrap_err(), FormatError::WrongPassword);
            encrypted.open("x")
        };
        let vault = include_bytes!("../../../tests/fixtures/import/mfa/vault.toml");
        assert_eq!(open(vault).unwrap_err(), FormatError::OwnVault);
        assert_eq!(open(b"otpauth://totp/a?secret=JBSWY3DPEHPK3PXP").unwrap().found.len(), 1);
        assert_eq!(open(b"not an export").unwrap_err(), FormatError::UnknownFile);
        let sealed = include_bytes!("../../../tests/fixtures/import/mfa/vault-sealed.toml");
        assert_eq!(open(sealed).unwrap_err(), FormatError::OwnVault);
    }

    #[test]
    fn a_file_encrypted_for_a_key_is_unsupported() {
        let file = "age-encryption.org/v1\n-> X25519 AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\
                    AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\
                    --- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n0123456789abcdef0123456789abcdef";
        assert!(matches!(recognise(file.as_bytes()), Err(FormatError::Unsupported(_))));
    }
}
