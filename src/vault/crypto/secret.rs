//! Encryption of the secret, and of a hidden label, with XChaCha20-Poly1305, bound to the record.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::canonical::MacInput;
use super::keys::{VaultKeys, fill_random};
use super::{base64, padding};
use crate::error::{CommandError, ExitCode};
use crate::otp::{Kind, Label, Name, Note, Parameters, Secret};

const NONCE_LEN: usize = 24;

/// The associated data of an encrypted secret, besides the vault's id: decryption fails if any of it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AssociatedData<'a> {
    /// The record's key in the file, byte for byte
    record: &'a str,
    parameters: Parameters,
}

impl<'a> AssociatedData<'a> {
    pub(crate) fn new(record: &'a str, parameters: Parameters) -> Self {
        Self { record, parameters }
    }
}

/// The fields that a vault with hidden names encrypts: the name, the label and the tags
pub(crate) type HiddenFields = (Name, Label, Vec<String>);

/// An error of decrypting a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DecryptError {
    #[error("its encrypted field is damaged")]
    Malformed,
    #[error("its encrypted field does not match the account: one of them was edited")]
    NotAuthentic,
}

impl VaultKeys {
    /// Returns the Base64 of a random nonce, the encrypted padded secret and note, and its authentication tag.
    pub(crate) fn encrypt_secret(&self, secret: &Secret, note: &Note, data: &AssociatedData<'_>) -> String {
        self.encrypt(&[secret.expose(), note.expose().as_bytes()], &self.bind_secret(data))
    }

    /// Decrypts a secret and its note that were encrypted with these keys and this associated data.
    ///
    /// # Errors
    /// `NotAuthentic` if the ciphertext or its associated data was changed; `Malformed` if it is not an encrypted secret.
    pub(crate) fn decrypt_secret(
        &self,
        encrypted: &str,
        data: &AssociatedData<'_>,
    ) -> Result<(Secret, Note), DecryptError> {
        let padded = self.decrypt(encrypted, &self.bind_secret(data))?;
        let texts = padding::unpad(&padded).ok_or(DecryptError::Malformed)?;
        let [secret, note] = texts[..] else { return Err(DecryptError::Malformed) };
        let note = str::from_utf8(note).ok().and_then(|note| Note::new(note).ok());
        let secret = Secret::from_bytes(secret.to_vec()).ok();
        secret.zip(note).ok_or(DecryptError::Malformed)
    }

    /// Returns the Base64 of a random nonce, the encrypted padded name, label and tags, and their authentication tag.
    pub(crate) fn encrypt_label(&self, record: &str, name: &Name, label: &Label, tags: &[String]) -> String {
        let serial = label.serial.as_ref().map_or("", |serial| serial.as_str());
        let mut texts = vec![name.as_str(), &label.issuer, &label.account_name, serial];
        texts.extend(tags.iter().map(String::as_str));
        let texts: Vec<&[u8]> = texts.into_iter().map(str::as_bytes).collect();
        self.encrypt(&texts, &self.bind_label(record))
    }

    /// Decrypts the name, the label and the tags of a record.
    ///
    /// # Errors
    /// The errors of `decrypt_secret`.
    pub(crate) fn decrypt_label(&self, encrypted: &str, record: &str) -> Result<HiddenFields, DecryptError> {
        let padded = self.decrypt(encrypted, &self.bind_label(record))?;
        padding::unpad(&padded).and_then(|texts| parse_hidden_fields(&texts)).ok_or(DecryptError::Malformed)
    }

    /// Returns whether an encrypted label has this name, which is ASCII.
    ///
    /// # Errors
    /// The errors of `decrypt_label`; `Malformed` also for the name in another Unicode form.
    pub(crate) fn label_has_name(
        &self,
        encrypted: &str,
        record: &str,
        name: &str,
    ) -> Result<bool, DecryptError> {
        let padded = self.decrypt(encrypted, &self.bind_label(record))?;
        let texts = padding::unpad(&padded).ok_or(DecryptError::Malformed)?;
        let other =
            texts.first().and_then(|text| str::from_utf8(text).ok()).ok_or(DecryptError::Malformed)?;
        if !other.is_ascii() && other.nfc().eq(name.chars()) {
            return Err(DecryptError::Malformed);
        }
        Ok(other == name)
    }

    fn encrypt(&self, texts: &[&[u8]], data: &MacInput) -> String {
        let mut nonce = [0; NONCE_LEN];
        fill_random(&mut nonce);
        let encrypted = self
            .cipher()
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: &padding::pad(texts), aad: data.as_bytes() })
            .expect("a vault is far smaller than the 256 GiB of the cipher");
        base64::encode(&[&nonce[..], &encrypted].concat())
    }

    fn decrypt(&self, encrypted: &str, data: &MacInput) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
        let bytes = base64::decode(encrypted).ok_or(DecryptError::Malformed)?;
        let (nonce, encrypted) = bytes.split_first_chunk::<NONCE_LEN>().ok_or(DecryptError::Malformed)?;
        self.cipher()
            .decrypt(XNonce::from_slice(nonce), Payload { msg: encrypted, aad: data.as_bytes() })
            .map(Zeroizing::new)
            .map_err(|_| DecryptError::NotAuthentic)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.encryption_key).into())
    }

    fn bind_secret(&self, data: &AssociatedData<'_>) -> MacInput {
        let parameters = data.parameters;
        let period_or_counter = match parameters.kind() {
            Kind::Totp { period } => period.into(),
            Kind::Steam => Parameters::DEFAULT_PERIOD.into(),
            Kind::Hotp { counter } => counter,
        };
        MacInput::new("mfa v3 secret")
            .field(self.id.as_bytes())
            .field(data.record.as_bytes())
            .field(parameters.kind().as_str().as_bytes())
            .field(parameters.algorithm().as_str().as_bytes())
            .number(parameters.digits().into())
            .number(period_or_counter)
    }

    fn bind_label(&self, record: &str) -> MacInput {
        MacInput::new("mfa v3 label").field(self.id.as_bytes()).field(record.as_bytes())
    }
}

fn parse_hidden_fields(texts: &[&[u8]]) -> Option<HiddenFields> {
    let texts: Vec<&str> = texts.iter().map(|text| str::from_utf8(text)).collect::<Result<_, _>>().ok()?;
    let [name, issuer, account_name, serial, tags @ ..] = &texts[..] else { return None };
    let serial = if serial.is_empty() { None } else { Some(serial.parse().ok()?) };
    let label = Label { issuer: (*issuer).to_owned(), account_name: (*account_name).to_owned(), serial };
    Some((name.parse().ok()?, label, tags.iter().map(|tag| (*tag).to_owned()).collect()))
}

impl From<DecryptError> for CommandError {
    fn from(error: DecryptError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}

#[cfg(test)]
mod tests {
    use super::super::keys::{DataKey, VaultId};
    use super::*;
    use crate::otp::Algorithm;
    use proptest::prelude::*;

    fn keys() -> VaultKeys {
        let id = VaultId::from_base64("AAAAAAAAAAAAAAAAAAAAAA==").unwrap();
        VaultKeys::derive(&DataKey::from_bytes(&[7; 32]).unwrap(), id)
    }

    fn secret(bytes: &[u8]) -> Secret {
        Secret::from_bytes(bytes.to_vec()).unwrap()
    }

    const DATA: AssociatedData<'_> = AssociatedData { record: "github", parameters: Parameters::DEFAULT };

    fn totp(algorithm: Algorithm, digits: u8, period: u32) -> Parameters {
        Parameters::new(algorithm, digits, period).unwrap()
    }

    #[test]
    fn decryption_fails_with_other_associated_data() {
        let encrypted = keys().encrypt_secret(&secret(b"12345678901234567890"), &Note::default(), &DATA);
        assert_eq!(
            keys().decrypt_secret(&encrypted, &DATA),
            Ok((secret(b"12345678901234567890"), Note::default()))
        );
        for other in [
            AssociatedData { record: "github2", ..DATA },
            AssociatedData { record: "Github", ..DATA },
            AssociatedData { parameters: totp(Algorithm::Sha256, 6, 30), ..DATA },
            AssociatedData { parameters: totp(Algorithm::Sha1, 8, 30), ..DATA },
            AssociatedData { parameters: totp(Algorithm::Sha1, 6, 60), ..DATA },
            AssociatedData { parameters: Parameters::STEAM, ..DATA },
            AssociatedData { parameters: Parameters::hotp(Algorithm::Sha1, 6, 30).unwrap(), ..DATA },
            AssociatedData { parameters: Parameters::hotp(Algorithm::Sha1, 6, 31).unwrap(), ..DATA },
        ] {
            assert_eq!(
                keys().decrypt_secret(&encrypted, &other),
                Err(DecryptError::NotAuthentic),
                "{other:?}"
            );
        }
    }

    #[test]
    fn decryption_fails_in_another_vault_or_with_another_key() {
        let encrypted = keys().encrypt_secret(&secret(b"12345678901234567890"), &Note::default(), &DATA);
        let same_key = DataKey::from_bytes(&[7; 32]).unwrap();
        let other_vault = VaultKeys::derive(&same_key, VaultId::generate());
        let other_key = VaultKeys::derive(&DataKey::generate(), keys().id);
        assert_eq!(other_vault.decrypt_secret(&encrypted, &DATA), Err(DecryptError::NotAuthentic));
        assert_eq!(other_key.decrypt_secret(&encrypted, &DATA), Err(DecryptError::NotAuthentic));
    }

    #[test]
    fn decryption_fails_for_swapped_secrets() {
        let other = AssociatedData { record: "aws-root", ..DATA };
        let here = keys().encrypt_secret(&secret(b"12345678901234567890"), &Note::default(), &DATA);
        let there = keys().encrypt_secret(&secret(b"09876543210987654321"), &Note::default(), &other);
        assert_eq!(keys().decrypt_secret(&there, &DATA), Err(DecryptError::NotAuthentic));
        assert_eq!(keys().decrypt_secret(&here, &other), Err(DecryptError::NotAuthentic));
    }

    #[test]
    fn a_secret_is_never_encrypted_twice_to_the_same_text() {
        let once = keys().encrypt_secret(&secret(b"12345678901234567890"), &Note::default(), &DATA);
        assert_ne!(once, keys().encrypt_secret(&secret(b"12345678901234567890"), &Note::default(), &DATA));
    }

    #[test]
    fn note_comes_back_with_its_secret() {
        let note = Note::new("recovery: 1234\n鍵").unwrap();
        let encrypted = keys().encrypt_secret(&secret(b"1234567890"), &note, &DATA);
        assert_eq!(keys().decrypt_secret(&encrypted, &DATA), Ok((secret(b"1234567890"), note)));
    }

    #[test]
    fn hidden_label_belongs_to_its_record() {
        let label = Label {
            issuer: "Amazon Web Services".to_owned(),
            account_name: "bob@123456789012".to_owned(),
            serial: Some("arn:aws:iam::123456789012:mfa/bob".parse().unwrap()),
        };
        for (label, tags) in
            [(label, vec!["work".to_owned(), "鍵".to_owned()]), (Label::default(), Vec::new())]
        {
            let name: Name = "bob".parse().unwrap();
            let encrypted = keys().encrypt_label("r1", &name, &label, &tags);
            assert_eq!(keys().decrypt_label(&encrypted, "r1"), Ok((name, label, tags)));
            assert_eq!(keys().decrypt_label(&encrypted, "r2"), Err(DecryptError::NotAuthentic));
            assert_eq!(keys().decrypt_secret(&encrypted, &DATA), Err(DecryptError::NotAuthentic));
        }
    }

    #[test]
    fn text_that_is_not_an_encrypted_secret_is_malformed() {
        for text in ["", "x", "AAAA", "=", "JBSWY3DPEHPK3PXP!"] {
            assert_eq!(keys().decrypt_secret(text, &DATA), Err(DecryptError::Malformed), "{text:?}");
        }
        assert_eq!(keys().decrypt_secret(&base64::encode(&[0; 40]), &DATA), Err(DecryptError::NotAuthentic));
    }

    proptest! {
        #[test]
        fn every_secret_comes_back(
            bytes in prop::collection::vec(any::<u8>(), 1..200),
            name in ".{1,30}",
            algorithm in prop::sample::select(vec![Algorithm::Sha1, Algorithm::Sha256, Algorithm::Sha512]),
            digits in 6u8..=8,
            period in 1u32..=86_400,
        ) {
            let data = AssociatedData { record: &name, parameters: totp(algorithm, digits, period) };
            let encrypted = keys().encrypt_secret(&secret(&bytes), &Note::default(), &data);
            prop_assert_eq!(keys().decrypt_secret(&encrypted, &data), Ok((secret(&bytes), Note::default())));
        }

        #[test]
        fn a_flipped_bit_is_detected(byte in 0usize..104, bit in 0u8..8) {
            let mut bytes = base64::decode(&keys().encrypt_secret(&secret(b"12345678901234567890"), &Note::default(), &DATA)).unwrap();
            prop_assert_eq!(bytes.len(), 104);
            bytes[byte] ^= 1 << bit;
            prop_assert_eq!(keys().decrypt_secret(&base64::encode(&bytes), &DATA), Err(DecryptError::NotAuthentic));
        }

        #[test]
        fn arbitrary_text_does_not_panic(text in any::<String>()) {
            let _ = keys().decrypt_secret(&text, &DATA);
        }
    }
}
