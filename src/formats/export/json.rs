//! Accounts as this program's own JSON; its reader documents it.

use serde::Serialize;
use zeroize::Zeroizing;

use crate::formats::apps::mfa::{EXPORT_NAME, EXPORT_VERSION};
use crate::formats::export::{Export, ascii, capacity};
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
}

/// Accounts as JSON: all of them, with all that is known of them.
pub(crate) fn to_json<'a>(accounts: impl IntoIterator<Item = &'a Account>) -> Export {
    let accounts: Vec<&Account> = accounts.into_iter().collect();
    let secrets: Vec<Zeroizing<String>> =
        accounts.iter().map(|account| account.key.secret().to_base32()).collect();
    let entries = accounts.iter().zip(&secrets).map(|(account, secret)| entry(account, secret)).collect();
    let file = File { format: EXPORT_NAME, version: EXPORT_VERSION, accounts: entries };
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity(&accounts)));
    serde_json::to_writer_pretty(&mut *bytes, &file).expect("memory takes all that is written");
    bytes.push(b'\n');
    let text = Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
    Export { text: ascii(&text), left_out: Vec::new(), reduced: Vec::new() }
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
    }
}
