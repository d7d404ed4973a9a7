//! Encryption of one secret with XChaCha20-Poly1305, bound to the fields that determine its codes.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use super::canonical::MacInput;
use super::keys::{VaultKeys, fill_random};
use super::{base64, padding};
use crate::error::{CommandError, ExitCode};
use crate::otp::{Kind, Parameters, Secret};

const NONCE_LEN: usize = 24;

/// The associated data of an encrypted secret, besides the vault's id: decryption fails if any of it changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AssociatedData<'a> {
    /// The entry's key in the file, byte for byte
    name: &'a str,
    parameters: Parameters,
}

impl<'a> AssociatedData<'a> {
    pub(crate) fn new(name: &'a str, parameters: Parameters) -> Self {
        Self { name, parameters }
    }
}

/// An error of decrypting a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SecretDecryptError {
    #[error("the encrypted secret is damaged: it is not the Base64 of one")]
    Malformed,
    #[error("the encrypted secret does not match its entry: one of them was edited")]
    NotAuthentic,
}

impl VaultKeys {
    /// Returns the Base64 of a random nonce, the encrypted padded secret and its authentication tag.
    pub(crate) fn encrypt_secret(&self, secret: &Secret, data: &AssociatedData<'_>) -> String {
        let mut nonce = [0; NONCE_LEN];
        fill_random(&mut nonce);
        let padded = padding::pad(secret.expose()).expect("a secret key has at most 2560 bytes");
        let aad = self.associated_data(data);
        let encrypted = self
            .cipher()
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: &padded, aad: aad.as_bytes() })
            .expect("a secret is far shorter than the 256 GiB of the cipher");
        base64::encode(&[&nonce[..], &encrypted].concat())
    }

    /// Decrypts a secret that was encrypted with these keys and this associated data.
    ///
    /// # Errors
    /// `NotAuthentic` if the ciphertext or its associated data was changed; `Malformed` if it is not an encrypted secret.
    pub(crate) fn decrypt_secret(
        &self,
        encrypted: &str,
        data: &AssociatedData<'_>,
    ) -> Result<Secret, SecretDecryptError> {
        let bytes = base64::decode(encrypted).ok_or(SecretDecryptError::Malformed)?;
        let (nonce, encrypted) =
            bytes.split_first_chunk::<NONCE_LEN>().ok_or(SecretDecryptError::Malformed)?;
        let aad = self.associated_data(data);
        let padded = self
            .cipher()
            .decrypt(XNonce::from_slice(nonce), Payload { msg: encrypted, aad: aad.as_bytes() })
            .map(Zeroizing::new)
            .map_err(|_| SecretDecryptError::NotAuthentic)?;
        let secret = padding::unpad(&padded).ok_or(SecretDecryptError::Malformed)?;
        Secret::from_bytes(secret.to_vec()).map_err(|_| SecretDecryptError::Malformed)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.encryption_key).into())
    }

    fn associated_data(&self, data: &AssociatedData<'_>) -> MacInput {
        let parameters = data.parameters;
        let period_or_counter = match parameters.kind() {
            Kind::Totp { period } => period.into(),
            Kind::Steam => Parameters::DEFAULT_PERIOD.into(),
            Kind::Hotp { counter } => counter,
        };
        MacInput::new("mfa v2 seal")
            .field(self.id.as_bytes())
            .field(data.name.as_bytes())
            .field(parameters.kind().as_str().as_bytes())
            .field(parameters.algorithm().as_str().as_bytes())
            .number(parameters.digits().into())
            .number(period_or_counter)
    }
}

impl From<SecretDecryptError> for CommandError {
    fn from(error: SecretDecryptError) -> Self {
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

    const DATA: AssociatedData<'_> = AssociatedData { name: "github", parameters: Parameters::DEFAULT };

    fn totp(algorithm: Algorithm, digits: u8, period: u32) -> Parameters {
        Parameters::new(algorithm, digits, period).unwrap()
    }

    #[test]
    fn decryption_fails_with_other_associated_data() {
        let encrypted = keys().encrypt_secret(&secret(b"12345678901234567890"), &DATA);
        assert_eq!(keys().decrypt_secret(&encrypted, &DATA), Ok(secret(b"12345678901234567890")));
        for other in [
            AssociatedData { name: "github2", ..DATA },
            AssociatedData { name: "Github", ..DATA },
            AssociatedData { parameters: totp(Algorithm::Sha256, 6, 30), ..DATA },
            AssociatedData { parameters: totp(Algorithm::Sha1, 8, 30), ..DATA },
            AssociatedData { parameters: totp(Algorithm::Sha1, 6, 60), ..DATA },
            AssociatedData { parameters: Parameters::STEAM, ..DATA },
            AssociatedData { parameters: Parameters::hotp(Algorithm::Sha1, 6, 30).unwrap(), ..DATA },
            AssociatedData { parameters: Parameters::hotp(Algorithm::Sha1, 6, 31).unwrap(), ..DATA },
        ] {
            assert_eq!(
                keys().decrypt_secret(&encrypted, &other),
                Err(SecretDecryptError::NotAuthentic),
                "{other:?}"
            );
        }
    }

    #[test]
    fn decryption_fails_in_another_vault_or_with_another_key() {
        let encrypted = keys().encrypt_secret(&secret(b"12345678901234567890"), &DATA);
        let same_key = DataKey::from_bytes(&[7; 32]).unwrap();
        let other_vault = VaultKeys::derive(&same_key, VaultId::generate());
        let other_key = VaultKeys::derive(&DataKey::generate(), keys().id);
        assert_eq!(other_vault.decrypt_secret(&encrypted, &DATA), Err(SecretDecryptError::NotAuthentic));
        assert_eq!(other_key.decrypt_secret(&encrypted, &DATA), Err(SecretDecryptError::NotAuthentic));
    }

    #[test]
    fn decryption_fails_for_swapped_secrets() {
        let other = AssociatedData { name: "aws-root", ..DATA };
        let here = keys().encrypt_secret(&secret(b"12345678901234567890"), &DATA);
        let there = keys().encrypt_secret(&secret(b"09876543210987654321"), &other);
        assert_eq!(keys().decrypt_secret(&there, &DATA), Err(SecretDecryptError::NotAuthentic));
        assert_eq!(keys().decrypt_secret(&here, &other), Err(SecretDecryptError::NotAuthentic));
    }

    #[test]
    fn a_secret_is_never_encrypted_twice_to_the_same_text() {
        let once = keys().encrypt_secret(&secret(b"12345678901234567890"), &DATA);
        assert_ne!(once, keys().encrypt_secret(&secret(b"12345678901234567890"), &DATA));
    }

    #[test]
    fn text_that_is_not_an_encrypted_secret_is_malformed() {
        for text in ["", "x", "AAAA", "=", "JBSWY3DPEHPK3PXP!"] {
            assert_eq!(keys().decrypt_secret(text, &DATA), Err(SecretDecryptError::Malformed), "{text:?}");
        }
        assert_eq!(
            keys().decrypt_secret(&base64::encode(&[0; 40]), &DATA),
            Err(SecretDecryptError::NotAuthentic)
        );
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
            let data = AssociatedData { name: &name, parameters: totp(algorithm, digits, period) };
            let encrypted = keys().encrypt_secret(&secret(&bytes), &data);
            prop_assert_eq!(keys().decrypt_secret(&encrypted, &data), Ok(secret(&bytes)));
        }

        #[test]
        fn a_flipped_bit_is_detected(byte in 0usize..104, bit in 0u8..8) {
            let mut bytes = base64::decode(&keys().encrypt_secret(&secret(b"12345678901234567890"), &DATA)).unwrap();
            prop_assert_eq!(bytes.len(), 104);
            bytes[byte] ^= 1 << bit;
            prop_assert_eq!(keys().decrypt_secret(&base64::encode(&bytes), &DATA), Err(SecretDecryptError::NotAuthentic));
        }

        #[test]
        fn arbitrary_text_does_not_panic(text in any::<String>()) {
            let _ = keys().decrypt_secret(&text, &DATA);
        }
    }
}
