//! Backups of 2FAS, open ones and those with a password.

mod encode;
mod sealed;

use std::collections::HashMap;

use serde_json::Value;

use crate::formats::{
    Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};
use sealed::Services;

pub(in crate::formats) const FORMAT: Format =
    Format { app: "2FAS", detect: |probe| probe.has_keys(&["schemaVersion", "services"]), read };

const NEWER: FormatError =
    FormatError::Unsupported("it comes from a newer version of 2FAS than is known here");

/// The names of the groups, by the ids that the services have instead
type Groups = HashMap<String, String>;

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let file = probe.json().ok_or(FormatError::UnknownFile)?;
    if !matches!(file["schemaVersion"].as_u64(), Some(1..=4)) {
        return Err(NEWER);
    }
    let groups = groups(file);
    if file["servicesEncrypted"].is_null() {
        return contents(&file["services"], &groups).map(Recognised::Plain);
    }
    let services = Services::parse(file)?;
    Ok(Recognised::encrypted(FORMAT.app, move |password| {
        let services = services.open(password)?;
        contents(&services, &groups)
    }))
}

fn groups(file: &Value) -> Groups {
    let groups = file["groups"].as_array().into_iter().flatten();
    groups
        .filter_map(|group| Some((group["id"].as_str()?.to_owned(), group["name"].as_str()?.to_owned())))
        .collect()
}

fn contents(services: &Value, groups: &Groups) -> Result<ParsedFile, FormatError> {
    let services = services.as_array().ok_or(FormatError::Damaged("it has no list of services"))?;
    let mut contents = ParsedFile::new(FORMAT.app);
    for service in services {
        contents.take(account(service, groups));
    }
    Ok(contents)
}

/// The first versions know TOTP only, with the usual parameters, and leave them out
fn account(service: &Value, groups: &Groups) -> Result<Found, RejectedAccount> {
    let otp = &service["otp"];
    let group = service["groupId"].as_str().and_then(|id| groups.get(id));
    let draft = RawAccount {
        kind: (&otp["tokenType"]).into(),
        issuer: first_filled(&service["name"], &otp["issuer"]).into(),
        account_name: first_filled(&otp["account"], &otp["label"]).into(),
        secret: RawSecret::Base32((&service["secret"]).into()),
        algorithm: (&otp["algorithm"]).into(),
        digits: (&otp["digits"]).into(),
        period: (&otp["period"]).into(),
        counter: (&otp["counter"]).into(),
        tags: group.cloned().into_iter().collect(),
    };
    draft.finish()
}

fn first_filled<'a>(first: &'a Value, second: &'a Value) -> &'a Value {
    if first.is_null() || first == "" { second } else { first }
}

#[cfg(test)]
mod tests;
