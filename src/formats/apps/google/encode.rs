//! Writes the QR codes that Google Authenticator imports.

use data_encoding::BASE64;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use super::wire::{put_bytes, put_number};
use super::{APP, split_label};
use crate::formats::export::ExportLimitation;
use crate::otp::{Account, Algorithm, Kind, Name, Parameters};

/// Accounts that the app itself puts into one code: about 1 kB, which phones can read off a screen
const ACCOUNTS_PER_CODE: usize = 10;

/// Capacity of the largest QR code at its lowest level (2,953 bytes, ISO/IEC 18004), minus the bytes for the numbers of the
/// code and of its export
const BYTES_PER_CODE: usize = 2850;

/// An account in the encoding of the payload
type EncodedAccount = Zeroizing<Vec<u8>>;

/// An export: the texts of its codes, and the accounts that they cannot hold
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Migration {
    /// Each holds the secrets of ten accounts at most, and fits into a QR code
    pub(crate) uris: Vec<Zeroizing<String>>,
    pub(crate) left_out: Vec<(Name, UnsupportedByTarget)>,
    /// Fields of exported accounts that the codes cannot hold
    pub(crate) reduced: Vec<(Name, ExportLimitation)>,
}

/// Reason why Google Authenticator cannot import an account: it would show wrong codes or could not scan it
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum UnsupportedByTarget {
    #[error("its period is {0} s, and Google Authenticator knows 30 s only")]
    Period(u32),
    #[error("its codes have {0} digits, and Google Authenticator knows 6 and 8 only")]
    Digits(u8),
    #[error("Google Authenticator does not know Steam codes")]
    Steam,
    #[error("its names and its key are too long for a QR code")]
    TooLong,
}

impl Migration {
    /// Exports accounts in their order. The codes share `id`, which should be random.
    pub(crate) fn from_accounts<'a>(accounts: impl IntoIterator<Item = &'a Account>, id: i32) -> Self {
        let (mut left_out, mut reduced) = (Vec::new(), Vec::new());
        let mut encoded_accounts = Vec::new();
        for account in accounts {
            match encode_account(account) {
                Ok(encoded) => {
                    encoded_accounts.push(encoded);
                    reduced.extend(limitations(account).map(|limitation| (account.name.clone(), limitation)));
                }
                Err(why) => left_out.push((account.name.clone(), why)),
            }
        }
        let parts = split_into_codes(&encoded_accounts);
        let uris =
            (0..).zip(&parts).map(|(index, part)| to_uri(part, index, parts.len() as u64, id)).collect();
        Self { uris, left_out, reduced }
    }
}

/// Returns the fields of an account that a code cannot hold.
fn limitations(account: &Account) -> impl Iterator<Item = ExportLimitation> {
    let tags = (!account.tags.is_empty()).then_some(ExportLimitation::NoTags);
    let serial = account.label.serial.as_ref().map(|_| ExportLimitation::Serial(APP));
    let note = (!account.note.is_empty()).then_some(ExportLimitation::Note(APP));
    tags.into_iter().chain(serial).chain(note)
}

/// Distributes the accounts over the codes.
fn split_into_codes(mut encoded_accounts: &[EncodedAccount]) -> Vec<&[EncodedAccount]> {
    let mut parts = Vec::new();
    while !encoded_accounts.is_empty() {
        let most = encoded_accounts.len().min(ACCOUNTS_PER_CODE);
        let count = (2..=most).rev().find(|&count| fits_code(&encoded_accounts[..count])).unwrap_or(1);
        let (part, rest) = encoded_accounts.split_at(count);
        parts.push(part);
        encoded_accounts = rest;
    }
    parts
}

fn fits_code(encoded_accounts: &[EncodedAccount]) -> bool {
    to_uri(encoded_accounts, 0, 1, 0).len() <= BYTES_PER_CODE
}

/// Encodes one code. It includes the index even if it is 0, the default of the encoding: the app on iOS requires it.
fn to_uri(encoded_accounts: &[EncodedAccount], index: u64, size: u64, id: i32) -> Zeroizing<String> {
    let room = encoded_accounts.iter().map(|encoded| encoded.len() + 4).sum::<usize>() + 40;
    let mut payload = Zeroizing::new(Vec::with_capacity(room));
    for encoded in encoded_accounts {
        put_bytes(&mut payload, 1, encoded);
    }
    put_number(&mut payload, 2, 1);
    put_number(&mut payload, 3, size);
    put_number(&mut payload, 4, index);
    put_number(&mut payload, 5, i64::from(id).cast_unsigned());
    let data = Zeroizing::new(BASE64.encode(&payload));
    let mut uri = Zeroizing::new(String::with_capacity(40 + data.len() * 3));
    uri.push_str("otpauth-migration://offline?data=");
    uri.extend(utf8_percent_encode(&data, NON_ALPHANUMERIC));
    uri
}

fn encode_account(account: &Account) -> Result<EncodedAccount, UnsupportedByTarget> {
    let parameters = account.key.parameters();
    let (kind, counter) = match parameters.kind() {
        Kind::Totp { period: Parameters::DEFAULT_PERIOD } => (2, None),
        Kind::Totp { period } => return Err(UnsupportedByTarget::Period(period)),
        Kind::Hotp { counter } => (1, Some(counter)),
        Kind::Steam => return Err(UnsupportedByTarget::Steam),
    };
    let digits = match parameters.digits() {
        6 => 1,
        8 => 2,
        digits => return Err(UnsupportedByTarget::Digits(digits)),
    };
    let algorithm = match parameters.algorithm() {
        Algorithm::Sha1 => 1,
        Algorithm::Sha256 => 2,
        Algorithm::Sha512 => 3,
    };
    let (secret, issuer, name) = (account.key.secret().expose(), &account.label.issuer, joined_name(account));
    let mut encoded = Zeroizing::new(Vec::with_capacity(secret.len() + issuer.len() + name.len() + 60));
    put_bytes(&mut encoded, 1, secret);
    put_bytes(&mut encoded, 2, name.as_bytes());
    put_bytes(&mut encoded, 3, issuer.as_bytes());
    put_number(&mut encoded, 4, algorithm);
    put_number(&mut encoded, 5, digits);
    put_number(&mut encoded, 6, kind);
    if let Some(counter) = counter {
        put_number(&mut encoded, 7, counter);
    }
    if fits_code(std::slice::from_ref(&encoded)) { Ok(encoded) } else { Err(UnsupportedByTarget::TooLong) }
}

/// Returns the account name, with the issuer before it if a reader that splits at a colon would change it.
fn joined_name(account: &Account) -> String {
    let (issuer, name) = (&account.label.issuer, &account.label.account_name);
    let is_unchanged = split_label(issuer, name).1 == *name;
    if is_unchanged { name.clone() } else { format!("{issuer}:{name}") }
}
