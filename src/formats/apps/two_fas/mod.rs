//! Reads and writes backups of 2FAS, plain-text and encrypted.

mod encode;
mod encrypted;

use std::collections::HashMap;

use serde_json::Value;

use crate::formats::{
    Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};
use encrypted::EncryptedServices;

pub(in crate::formats) const FORMAT: Format =
    Format { app: "2FAS", detect: |probe| probe.has_keys(&["schemaVersion", "services"]), read };

const NEWER: FormatError =
    FormatError::Unsupported("it was written by a newer version of 2FAS than mfa knows");

/// The names of the groups by their ids, which the services refer to
type GroupNames = HashMap<String, String>;

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let file = probe.json().ok_or(FormatError::UnknownFile)?;
    if !matches!(file["schemaVersion"].as_u64(), Some(1..=4)) {
        return Err(NEWER);
    }
    let groups = parse_groups(file);
    if file["servicesEncrypted"].is_null() {
        return parse_services(&file["services"], &groups).map(Recognised::Plain);
    }
    let services = EncryptedServices::parse(file)?;
    Ok(Recognised::encrypted(FORMAT.app, move |password| {
        let services = services.decrypt(password)?;
        parse_services(&services, &groups)
    }))
}

fn parse_groups(file: &Value) -> GroupNames {
    let groups = file["groups"].as_array().into_iter().flatten();
    groups
        .filter_map(|group| Some((group["id"].as_str()?.to_owned(), group["name"].as_str()?.to_owned())))
        .collect()
}

fn parse_services(services: &Value, groups: &GroupNames) -> Result<ParsedFile, FormatError> {
    let services = services.as_array().ok_or(FormatError::Damaged("it has no list of services"))?;
    let mut parsed = ParsedFile::new(FORMAT.app);
    for service in services {
        parsed.take(parse_account(service, groups));
    }
    Ok(parsed)
}

/// Parses a service. The first versions omit the parameters, because they know only TOTP with the defaults.
fn parse_account(service: &Value, groups: &GroupNames) -> Result<Found, RejectedAccount> {
    let otp = &service["otp"];
    let group = service["groupId"].as_str().and_then(|id| groups.get(id));
    let raw = RawAccount {
        kind: (&otp["tokenType"]).into(),
        issuer: first_filled(&service["name"], &otp["issuer"]).into(),
        account_name: first_filled(&otp["account"], &otp["label"]).into(),
        secret: RawSecret::Base32((&service["secret"]).into()),
        algorithm: (&otp["algorithm"]).into(),
        digits: (&otp["digits"]).into(),
        period: (&otp["period"]).into(),
        counter: (&otp["counter"]).into(),
        tags: group.cloned().into_iter().collect(),
        ..RawAccount::default()
    };
    raw.finish()
}

fn first_filled<'a>(first: &'a Value, second: &'a Value) -> &'a Value {
    if first.is_null() || first == "" { second } else { first }
}

#[cfg(test)]
mod tests;
