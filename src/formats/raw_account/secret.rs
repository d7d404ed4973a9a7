//! Secrets in the spellings of the apps.

use std::borrow::Cow;

use data_encoding::{BASE32_NOPAD, BASE64_NOPAD, HEXLOWER_PERMISSIVE};
use zeroize::Zeroizing;

use crate::formats::raw_account::{Field, InvalidAccount};
use crate::otp::{Secret, SecretError, Warning};

/// A secret in one of the spellings of the apps
#[derive(Default)]
pub(in crate::formats) enum RawSecret<'a> {
    #[default]
    Missing,
    Base32(Field<'a>),
    Hex(Field<'a>),
    Base64(Field<'a>),
    Bytes(Zeroizing<Vec<u8>>),
    /// Base32 or a URI. The URI says then what the account is; the draft adds the names that it leaves out, and tags
    Uri(Field<'a>),
}

impl RawSecret<'_> {
    /// As the file spells it; empty where it does not
    pub(in crate::formats) fn spelt(&self) -> Zeroizing<String> {
        let text = match self {
            Self::Missing => None,
            Self::Base32(field) | Self::Hex(field) | Self::Base64(field) | Self::Uri(field) => {
                field.text("secret").ok().flatten().map(Cow::into_owned)
            }
            Self::Bytes(bytes) => Some(BASE32_NOPAD.encode(bytes)),
        };
        Zeroizing::new(text.unwrap_or_default())
    }

    pub(super) fn read(&self, warnings: &mut Vec<Warning>) -> Result<Secret, InvalidAccount> {
        let bytes = match self {
            Self::Missing => return Err(SecretError::Missing.into()),
            Self::Base32(field) | Self::Uri(field) => {
                let text = field.text("secret")?.ok_or(SecretError::Missing)?;
                let (secret, unusual) = Secret::from_base32(&text)?;
                warnings.extend(unusual);
                return Ok(secret);
            }
            Self::Hex(field) => decoded(field, "hexadecimal", |text| HEXLOWER_PERMISSIVE.decode(text).ok())?,
            Self::Base64(field) => decoded(field, "Base64", |text| {
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

fn decoded(
    field: &Field<'_>,
    encoding: &'static str,
    decode: impl Fn(&[u8]) -> Option<Vec<u8>>,
) -> Result<Vec<u8>, InvalidAccount> {
    let text = field.text("secret")?.ok_or(SecretError::Missing)?;
    let dense: Zeroizing<Vec<u8>> =
        Zeroizing::new(text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect());
    decode(&dense).ok_or(InvalidAccount::NotEncoded(encoding))
}
