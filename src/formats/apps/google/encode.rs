//! Accounts as codes that Google Authenticator imports.

use data_encoding::BASE64;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use zeroize::Zeroizing;

use crate::formats::apps::google::wire::{put_bytes, put_number};
use crate::formats::apps::google::{FORMAT, names};
use crate::formats::export::ExportLimitation;
use crate::otp::{Account, Algorithm, Kind, Name, Parameters};

/// What the app itself puts into one code: about 1 kB, which phones still read off a screen
const ACCOUNTS_A_CODE: usize = 10;

/// What the largest QR code holds at its lowest level (2,953 bytes, ISO/IEC 18004), less what the numbers of the code and
/// of its export may take
const BYTES_A_CODE: usize = 2850;

/// An account as it stands in a code
type Message = Zeroizing<Vec<u8>>;

/// An export: what the codes say, and what is in none of them
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Migration {
    /// Each holds the secrets of ten accounts at most, and fits into a QR code
    pub(crate) uris: Vec<Zeroizing<String>>,
    pub(crate) left_out: Vec<(Name, UnsupportedByTarget)>,
    /// What of the accounts that are in them is not
    pub(crate) reduced: Vec<(Name, ExportLimitation)>,
}

/// Why Google Authenticator cannot take an account: it would show wrong codes, or could not scan it
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
    /// The export of these accounts in their order; `id` is what its codes have in common, best a random number
    pub(crate) fn of<'a>(accounts: impl IntoIterator<Item = &'a Account>, id: i32) -> Self {
        let (mut left_out, mut reduced) = (Vec::new(), Vec::new());
        let mut messages = Vec::new();
        for account in accounts {
            match message(account) {
                Ok(message) => {
                    messages.push(message);
                    reduced.extend(losses(account).map(|lost| (account.name.clone(), lost)));
                }
                Err(why) => left_out.push((account.name.clone(), why)),
            }
        }
        let parts = parts(&messages);
        let uris = (0..).zip(&parts).map(|(index, part)| uri(part, index, parts.len() as u64, id)).collect();
        Self { uris, left_out, reduced }
    }
}

fn losses(account: &Account) -> impl Iterator<Item = ExportLimitation> {
    let tags = (!account.tags.is_empty()).then_some(ExportLimitation::NoTags);
    let serial = account.label.serial.as_ref().map(|_| ExportLimitation::Serial(FORMAT.app));
    tags.into_iter().chain(serial)
}

/// The messages of each code: as many as it holds
fn parts(mut messages: &[Message]) -> Vec<&[Message]> {
    let mut parts = Vec::new();
    while !messages.is_empty() {
        let most = messages.len().min(ACCOUNTS_A_CODE);
        let count = (2..=most).rev().find(|&count| fit(&messages[..count])).unwrap_or(1);
        let (part, rest) = messages.split_at(count);
        parts.push(part);
        messages = rest;
    }
    parts
}

fn fit(messages: &[Message]) -> bool {
    uri(messages, 0, 1, 0).len() <= BYTES_A_CODE
}

/// The index is written even where it is 0, and the default of the encoding: the app on iOS wants that
fn uri(messages: &[Message], index: u64, size: u64, id: i32) -> Zeroizing<String> {
    let room = messages.iter().map(|message| message.len() + 4).sum::<usize>() + 40;
    let mut payload = Zeroizing::new(Vec::with_capacity(room));
    for message in messages {
        put_bytes(&mut payload, 1, message);
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

fn message(account: &Account) -> Result<Message, UnsupportedByTarget> {
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
    let (secret, issuer, name) = (account.key.secret().expose(), &account.label.issuer, name(account));
    let mut message = Zeroizing::new(Vec::with_capacity(secret.len() + issuer.len() + name.len() + 60));
    put_bytes(&mut message, 1, secret);
    put_bytes(&mut message, 2, name.as_bytes());
    put_bytes(&mut message, 3, issuer.as_bytes());
    put_number(&mut message, 4, algorithm);
    put_number(&mut message, 5, digits);
    put_number(&mut message, 6, kind);
    if let Some(counter) = counter {
        put_number(&mut message, 7, counter);
    }
    if fit(std::slice::from_ref(&message)) { Ok(message) } else { Err(UnsupportedByTarget::TooLong) }
}

/// The account name, such that what reads `issuer:account` in it finds it again
fn name(account: &Account) -> String {
    let (issuer, name) = (&account.label.issuer, &account.label.account_name);
    let is_kept = names(issuer, name).1 == *name;
    if is_kept { name.clone() } else { format!("{issuer}:{name}") }
}
