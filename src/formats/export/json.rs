//! Writes accounts as the JSON of mfa. The reader, `apps::mfa`, documents the format.

use serde::Serialize;
use zeroize::Zeroizing;

use crate::formats::apps::mfa::{EXPORT_NAME, EXPORT_VERSION};
use crate::formats::export::{Export, render};
use crate::json::escape_non_ascii;
use crate::otp::{Account, Kind, MfaArn};

#[derive(Serialize)]
struct File<'a> {
    format: &'static str,
    version: u64,
    accounts: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    r#type: &'static str,
    issuer: &'a str,
    account: &'a str,
    secret: &'a str,
    algorithm: &'static str,
    digits: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counter: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<&'a str>,
    tags: &'a [String],
    #[serde(skip_serializing_if = "str::is_empty")]
    note: &'a str,
}

/// Writes all accounts with all their fields as JSON in ASCII.
pub(crate) fn to_json<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Export {
    let accounts: Vec<&Account> = accounts.into_iter().collect();
    let secrets: Vec<Zeroizing<String>> =
        accounts.iter().map(|account| account.key.secret().to_base32()).collect();
    let entries = accounts.iter().zip(&secrets).map(|(account, secret)| entry(account, secret)).collect();
    let file = File { format: EXPORT_NAME, version: EXPORT_VERSION, accounts: entries };
    let mut text = Zeroizing::new(escape_non_ascii(&render(&file)));
    text.push('\n');
    Export::complete(text)
}

fn entry<'a>(account: &'a Account, secret: &'a str) -> Entry<'a> {
    let parameters = account.key.parameters();
    Entry {
        name: account.name.as_str(),
        r#type: parameters.kind().as_str(),
        issuer: &account.label.issuer,
        account: &account.label.account_name,
        secret,
        algorithm: parameters.algorithm().as_str(),
        digits: parameters.digits(),
        period: parameters.period(),
        counter: match parameters.kind() {
            Kind::Hotp { counter } => Some(counter),
            _ => None,
        },
        serial: account.label.serial.as_ref().map(MfaArn::as_str),
        tags: &account.tags,
        note: account.note.expose(),
    }
}
