//! An account as JSON shows it: everything but its secret.

use serde::Serialize;

use crate::otp::{Account, MfaArn};

/// The version of the lists that carry rows
const VERSION: u8 = 1;

/// What is told of an account
#[derive(Serialize)]
struct Row<'a> {
    name: &'a str,
    issuer: &'a str,
    account: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    algorithm: &'static str,
    digits: u8,
    /// Seconds
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<&'a str>,
}

/// A row and what a command adds to it
#[derive(Serialize)]
struct With<'a, T: Serialize> {
    #[serde(flatten)]
    row: Row<'a>,
    #[serde(flatten)]
    more: T,
}

/// Rows as a command answers with them
#[derive(Serialize)]
pub(super) struct Rows<'a, T: Serialize> {
    version: u8,
    accounts: Vec<With<'a, T>>,
}

impl<'a> Row<'a> {
    fn of(account: &'a Account) -> Self {
        let parameters = account.key.parameters();
        Self {
            name: account.name.as_str(),
            issuer: &account.label.issuer,
            account: &account.label.account_name,
            kind: parameters.kind().as_str(),
            algorithm: parameters.algorithm().as_str(),
            digits: parameters.digits(),
            period: parameters.period(),
            serial: account.label.serial.as_ref().map(MfaArn::as_str),
        }
    }
}

impl<'a, T: Serialize> FromIterator<(&'a Account, T)> for Rows<'a, T> {
    fn from_iter<I: IntoIterator<Item = (&'a Account, T)>>(accounts: I) -> Self {
        let accounts = accounts.into_iter().map(|(account, more)| With { row: Row::of(account), more });
        Self { version: VERSION, accounts: accounts.collect() }
    }
}
