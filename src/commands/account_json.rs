//! Accounts in output, as JSON and as one line of text, always without their secrets.

use std::fmt::Display;

use serde::Serialize;

use crate::otp::{Account, Kind, Label, MfaArn, Name, Parameters};
use crate::text::sanitize;
use crate::vault::Entry;

/// The version of the JSON lists of accounts
const VERSION: u8 = 1;

/// An account in a JSON list
#[derive(Serialize)]
pub(super) struct Row<'a> {
    name: &'a str,
    issuer: &'a str,
    account: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    algorithm: &'static str,
    digits: u8,
    /// In seconds
    #[serde(skip_serializing_if = "Option::is_none")]
    period: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    counter: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    serial: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    tags: &'a [String],
}

/// The outcome for an account that a command was asked to store, as an extra field of its row
#[derive(Serialize)]
pub(super) struct OutcomeJson {
    /// `stored`, `replaced` or `known`; with `--dry-run` the outcome that is expected
    pub(super) outcome: &'static str,
}

/// Returns `1 account`, `2 accounts` and so on.
pub(super) fn format_count(accounts: usize) -> String {
    if accounts == 1 { "1 account".to_owned() } else { format!("{accounts} accounts") }
}

/// Returns issuer, account name, unusual parameters and tags in one line.
pub(super) fn summary(entry: &Entry) -> String {
    let label = [entry.label.issuer.as_str(), &entry.label.account_name];
    let parts = label.into_iter().filter(|part| !part.is_empty()).map(sanitize);
    let unusual = unusual_type(entry.parameters);
    let tags = entry.tags.iter().map(|tag| format!("#{}", sanitize(tag)));
    parts.chain((!unusual.is_empty()).then_some(unusual)).chain(tags).collect::<Vec<_>>().join(", ")
}

/// Returns a name, followed by the account's summary unless that is empty.
pub(super) fn named_summary(name: impl Display, entry: &Entry) -> String {
    let description = summary(entry);
    if description.is_empty() { name.to_string() } else { format!("{name}: {description}") }
}

/// Returns the parameters that differ from TOTP with 6 digits, 30 seconds and SHA-1, in that order.
///
/// Returns an empty text if none differs.
pub(super) fn unusual_type(parameters: Parameters) -> String {
    let kind = parameters.kind();
    let default = if kind == Kind::Steam { Parameters::STEAM } else { Parameters::DEFAULT };
    let period = parameters.period().filter(|_| parameters.period() != default.period());
    let parts = [
        (!matches!(kind, Kind::Totp { .. })).then(|| kind.as_str().to_owned()),
        (parameters.digits() != default.digits()).then(|| format!("{} digits", parameters.digits())),
        period.map(|period| format!("{period} s")),
        (parameters.algorithm() != default.algorithm()).then(|| parameters.algorithm().to_string()),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

/// A row with the extra fields of a command
#[derive(Serialize)]
struct RowWithExtra<'a, T: Serialize> {
    #[serde(flatten)]
    row: Row<'a>,
    #[serde(flatten)]
    extra: T,
}

/// The JSON list of accounts that a command prints
#[derive(Serialize)]
pub(super) struct Rows<'a, T: Serialize> {
    version: u8,
    accounts: Vec<RowWithExtra<'a, T>>,
}

impl<'a> Row<'a> {
    fn new(name: &'a Name, label: &'a Label, tags: &'a [String], parameters: Parameters) -> Self {
        let counter = match parameters.kind() {
            Kind::Hotp { counter } => Some(counter),
            Kind::Totp { .. } | Kind::Steam => None,
        };
        Self {
            name: name.as_str(),
            issuer: &label.issuer,
            account: &label.account_name,
            kind: parameters.kind().as_str(),
            algorithm: parameters.algorithm().as_str(),
            digits: parameters.digits(),
            period: parameters.period(),
            counter,
            tags,
            serial: label.serial.as_ref().map(MfaArn::as_str),
        }
    }
}

impl<'a> From<&'a Account> for Row<'a> {
    fn from(account: &'a Account) -> Self {
        Self::new(&account.name, &account.label, &account.tags, account.key.parameters())
    }
}

impl<'a> From<&'a Entry> for Row<'a> {
    fn from(entry: &'a Entry) -> Self {
        Self::new(&entry.name, &entry.label, &entry.tags, entry.parameters)
    }
}

impl<'a, R: Into<Row<'a>>, T: Serialize> FromIterator<(R, T)> for Rows<'a, T> {
    fn from_iter<I: IntoIterator<Item = (R, T)>>(accounts: I) -> Self {
        let accounts =
            accounts.into_iter().map(|(account, extra)| RowWithExtra { row: account.into(), extra });
        Self { version: VERSION, accounts: accounts.collect() }
    }
}
