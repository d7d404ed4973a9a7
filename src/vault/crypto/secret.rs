//! One secret, sealed with XChaCha20-Poly1305 and bound to everything that makes its codes.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use zeroize::Zeroizing;

use crate::error::{CommandError, ExitCode};
use crate::otp::{Kind, Parameters, Secret};
use crate::vault::crypto::canonical::MacInput;
use crate::vault::crypto::keys::{VaultKeys, fill};
use crate::vault::crypto::{base64, padding};

const NONCE_BYTES: usize = 24;

/// What a sealed secret is bound to, beside its vault: with any of it changed, it does not open
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct AssociatedData<'a> {
    /// The entry's key in the file, as it stands there
    pub(crate) name: &'a str,
    pub(crate) parameters: Parameters,
}

impl<'a> AssociatedData<'a> {
    pub(crate) fn of(name: &'a str, parameters: Parameters) -> Self {
        Self { name, parameters }
    }
}

/// Why a sealed secret does not open
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SealError {
    #[error("the sealed secret is damaged: it is not the Base64 of one")]
    Malformed,
    #[error("the sealed secret does not belong to this entry as it stands: either was changed")]
    NotAuthentic,
}

impl VaultKeys {
    /// Base64 of a random nonce, the padded secret in cipher, and its tag
    pub(crate) fn seal_secret(&self, secret: &Secret, bound: &AssociatedData<'_>) -> String {
        let mut nonce = [0; NONCE_BYTES];
        fill(&mut nonce);
        let padded = padding::pad(secret.expose()).expect("a secret key has at most 2560 bytes");
        let aad = self.associated_data(bound);
        let sealed = self
            .cipher()
            .encrypt(XNonce::from_slice(&nonce), Payload { msg: &padded, aad: aad.as_bytes() })
            .expect("a secret is far shorter than the 256 GiB of the cipher");
        base64::encode(&[&nonce[..], &sealed].concat())
    }

    /// The secret, if it was sealed with these keys for exactly this.
    ///
    /// # Errors
    /// `NotAuthentic` where a bit of it or of what it is bound to has changed.
    pub(crate) fn open_secret(&self, sealed: &str, bound: &AssociatedData<'_>) -> Result<Secret, SealError> {
        let bytes = base64::decode(sealed).ok_or(SealError::Malformed)?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE_BYTES>().ok_or(SealError::Malformed)?;
        let aad = self.associated_data(bound);
        let padded = self
            .cipher()
            .decrypt(XNonce::from_slice(nonce), Payload { msg: sealed, aad: aad.as_bytes() })
            .map(Zeroizing::new)
            .map_err(|_| SealError::NotAuthentic)?;
        let secret = padding::unpad(&padded).ok_or(SealError::Malformed)?;
        Secret::from_bytes(secret.to_vec()).map_err(|_| SealError::Malformed)
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new((&*self.seal).into())
    }

    fn associated_data(&self, bound: &AssociatedData<'_>) -> MacInput {
        let parameters = bound.parameters;
        let moved_on_by = match parameters.kind() {
            Kind::Totp { period } => period.into(),
            Kind::Steam => Parameters::DEFAULT_PERIOD.into(),
            Kind::Hotp { counter } => counter,
        };
        MacInput::of("mfa v2 seal")
            .field(self.id.as_bytes())
            .field(bound.name.as_bytes())
            .field(parameters.kind().as_str().as_bytes())
            .field(parameters.algorithm().as_str().as_bytes())
            .number(parameters.digits().into())
            .number(moved_on_by)
    }
}

impl From<SealError> for CommandError {
    fn from(error: SealError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otp::Algorithm;
    use crate::vault::crypto::keys::{DataKey, VaultId};
    use proptest::prelude::*;

    fn keys() -> VaultKeys {
        let id = VaultId::from_base64("AAAAAAAAAAAAAAAAAAAAAA==").unwrap();
        VaultKeys::derive(&DataKey::from_bytes(&[7; 32]).unwrap(), id)
    }

    fn secret(bytes: &[u8]) -> Secret {
        Secret::from_bytes(bytes.to_vec()).unwrap()
    }

    const BOUND: AssociatedData<'_> = AssociatedData { name: "github", parameters: Parameters::DEFAULT };

    fn totp(algorithm: Algorithm, digits: u8, period: u32) -> Parameters {
        Parameters::new(algorithm, digits, period).unwrap()
    }

    #[test]
    fn a_secret_opens_only_for_what_it_was_sealed_for() {
        let sealed = keys().seal_secret(&secret(b"12345678901234567890"), &BOUND);
        assert_eq!(keys().open_secret(&sealed, &BOUND), Ok(secret(b"12345678901234567890")));
        for other in [
            AssociatedData { name: "github2", ..BOUND },
            AssociatedData { name: "Github", ..BOUND },
            AssociatedData { parameters: totp(Algorithm::Sha256, 6, 30), ..BOUND },
            AssociatedData { parameters: totp(Algorithm::Sha1, 8, 30), ..BOUND },
            AssociatedData { parameters: totp(Algorithm::Sha1, 6, 60), ..BOUND },
            AssociatedData { parameters: Parameters::STEAM, ..BOUND },
            AssociatedData { parameters: Parameters::hotp(Algorithm::Sha1, 6, 30).unwrap(), ..BOUND },
            AssociatedData { parameters: Parameters::hotp(Algorithm::Sha1, 6, 31).unwrap(), ..BOUND },
        ] {
            assert_eq!(keys().open_secret(&sealed, &other), Err(SealError::NotAuthentic), "{other:?}");
        }
    }

    #[test]
    fn a_secret_opens_only_in_its_vault_and_with_its_key() {
        let sealed = keys().seal_secret(&secret(b"12345678901234567890"), &BOUND);
        let same_key = DataKey::from_bytes(&[7; 32]).unwrap();
        let other_vault = VaultKeys::derive(&same_key, VaultId::generate());
        let other_key = VaultKeys::derive(&DataKey::generate(), keys().id);
        assert_eq!(other_vault.open_secret(&sealed, &BOUND), Err(SealError::NotAuthentic));
        assert_eq!(other_key.open_secret(&sealed, &BOUND), Err(SealError::NotAuthentic));
    }

    #[test]
    fn two_secrets_that_changed_places_do_not_open() {
        let other = AssociatedData { name: "aws-root", ..BOUND };
        let here = keys().seal_secret(&secret(b"12345678901234567890"), &BOUND);
        let there = keys().seal_secret(&secret(b"09876543210987654321"), &other);
        assert_eq!(keys().open_secret(&there, &BOUND), Err(SealError::NotAuthentic));
        assert_eq!(keys().open_secret(&here, &other), Err(SealError::NotAuthentic));
    }

    #[test]
    fn the_same_secret_is_never_sealed_twice_alike() {
        let once = keys().seal_secret(&secret(b"12345678901234567890"), &BOUND);
        assert_ne!(once, keys().seal_secret(&secret(b"12345678901234567890"), &BOUND));
    }

    #[test]
    fn what_is_no_sealed_secret_is_damage() {
        for text in ["", "x", "AAAA", "=", "JBSWY3DPEHPK3PXP!"] {
            assert_eq!(keys().open_secret(text, &BOUND), Err(SealError::Malformed), "{text:?}");
        }
        assert_eq!(keys().open_secret(&base64::encode(&[0; 40]), &BOUND), Err(SealError::NotAuthentic));
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
            let bound = AssociatedData { name: &name, parameters: totp(algorithm, digits, period) };
            let sealed = keys().seal_secret(&secret(&bytes), &bound);
            prop_assert_eq!(keys().open_secret(&sealed, &bound), Ok(secret(&bytes)));
        }

        #[test]
        fn a_bit_flipped_anywhere_is_found(byte in 0usize..104, bit in 0u8..8) {
            let mut bytes = base64::decode(&keys().seal_secret(&secret(b"12345678901234567890"), &BOUND)).unwrap();
            prop_assert_eq!(bytes.len(), 104);
            bytes[byte] ^= 1 << bit;
            prop_assert_eq!(keys().open_secret(&base64::encode(&bytes), &BOUND), Err(SealError::NotAuthentic));
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = keys().open_secret(&text, &BOUND);
        }
    }
}
