//! Backups of Aegis, open ones and those that a password opens.

mod encode;
mod sealed;

use std::collections::HashMap;

use serde_json::Value;

use crate::formats::{
    Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
    tags_of,
};
use sealed::Vault;

pub(in crate::formats) const FORMAT: Format =
    Format { app: "Aegis", detect: |probe| probe.has_keys(&["version", "header", "db"]), read };

const NEWER: FormatError =
    FormatError::Unsupported("it comes from a newer version of Aegis than is known here");

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let file = probe.json().ok_or(FormatError::UnknownFile)?;
    if file["version"] != 1 {
        return Err(NEWER);
    }
    match &file["db"] {
        Value::String(content) => {
            let vault = Vault::parse(&file["header"], content)?;
            Ok(Recognised::encrypted(FORMAT.app, move |password| {
                let db = vault.open(password)?;
                contents(&db)
            }))
        }
        db => contents(db).map(Recognised::Plain),
    }
}

fn contents(db: &Value) -> Result<ParsedFile, FormatError> {
    if !matches!(db["version"].as_u64(), Some(1..=3)) {
        return Err(NEWER);
    }
    let entries = db["entries"].as_array().ok_or(FormatError::Damaged("it has no list of entries"))?;
    let groups = groups(db);
    let mut contents = ParsedFile::new(FORMAT.app);
    for entry in entries {
        contents.take(account(entry, &groups));
    }
    Ok(contents)
}

/// The names of the groups, by the ids that the entries have instead
fn groups(db: &Value) -> HashMap<&str, &str> {
    let groups = db["groups"].as_array().into_iter().flatten();
    groups.filter_map(|group| Some((group["uuid"].as_str()?, group["name"].as_str()?))).collect()
}

/// A note that is the ARN of an MFA device, and no more, says which device it is
fn account(entry: &Value, groups: &HashMap<&str, &str>) -> Result<Found, RejectedAccount> {
    let info = &entry["info"];
    let draft = RawAccount {
        kind: (&entry["type"]).into(),
        issuer: (&entry["issuer"]).into(),
        account_name: (&entry["name"]).into(),
        secret: RawSecret::Base32((&info["secret"]).into()),
        algorithm: (&info["algo"]).into(),
        digits: (&info["digits"]).into(),
        period: (&info["period"]).into(),
        counter: (&info["counter"]).into(),
        tags: tags(entry, groups),
    };
    let mut found = draft.finish()?;
    found.enrolment.label.serial = entry["note"].as_str().and_then(|note| note.trim().parse().ok());
    Ok(found)
}

/// Before version 3 of the database an entry had one group, by its name
fn tags(entry: &Value, names: &HashMap<&str, &str>) -> Vec<String> {
    let ids = entry["groups"].as_array().into_iter().flatten().filter_map(Value::as_str);
    tags_of(ids.filter_map(|id| names.get(id).copied()).chain(entry["group"].as_str()))
}

#[cfg(test)]
mod tests;
