//! Secrets in the encodings of the apps.

use std::borrow::Cow;

use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, HEXLOWER_PERMISSIVE};
use zeroize::Zeroizing;

use super::error::InvalidAccount;
use super::field::Field;
use crate::otp::{Secret, SecretError, Warning};

/// An undecoded secret in one of the encodings of the apps
#[derive(Default)]
pub(in crate::formats) enum RawSecret<'a> {
    #[default]
    Missing,
    Base32(Field<'a>),
    Hex(Field<'a>),
    Base64(Field<'a>),
    Bytes(Zeroizing<Vec<u8>>),
    /// Base32 or an otpauth URI. A URI has all fields of the account but the tags; other fields fill in missing names.
    Uri(Field<'a>),
}

impl RawSecret<'_> {
    /// Returns the secret as the file spells it, or an empty text if it is missing.
    pub(in crate::formats) fn spelling(&self) -> Zeroizing<String> {
        let text = match self {
            Self::Missing => None,
            Self::Base32(field) | Self::Hex(field) | Self::Base64(field) | Self::Uri(field) => {
                field.text("secret").ok().flatten().map(Cow::into_owned)
            }
            Self::Bytes(bytes) => Some(BASE32_NOPAD.encode(bytes)),
        };
        Zeroizing::new(text.unwrap_or_default())
    }

    /// Decodes the secret and adds warnings about unusual spellings.
    pub(super) fn decode(&self, warnings: &mut Vec<Warning>) -> Result<Secret, InvalidAccount> {
        let bytes = match self {
            Self::Missing => return Err(SecretError::Missing.into()),
            Self::Base32(field) | Self::Uri(field) => {
                let text = field.text("secret")?.ok_or(SecretError::Missing)?;
                let (secret, unusual) = Secret::from_base32(&text)?;
                warnings.extend(unusual);
                return Ok(secret);
            }
            Self::Hex(field) => {
                decode_text(field, "hexadecimal", |text| HEXLOWER_PERMISSIVE.decode(text).ok())?
            }
            Self::Base64(field) => decode_text(field, "Base64", |text| {
                let unpadded = text.iter().rposition(|&byte| byte != b'=').map_or(0, |last| last + 1);
                BASE64_NOPAD.decode(&text[..unpadded]).ok()
            })?,
            Self::Bytes(bytes) => bytes.to_vec(),
        };
        let secret = Secret::from_bytes(bytes)?;
        warnings.extend(secret.is_short().then_some(Warning::SecretShort));
        Ok(secret)
    }
}

fn decode_text(
    field: &Field<'_>,
    encoding: &'static str,
    decode: impl Fn(&[u8]) -> Option<Vec<u8>>,
) -> Result<Vec<u8>, InvalidAccount> {
    let text = field.text("secret")?.ok_or(SecretError::Missing)?;
    let dense: Zeroizing<Vec<u8>> =
        Zeroizing::new(text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect());
    decode(&dense).ok_or(InvalidAccount::NotEncoded(encoding))
}
