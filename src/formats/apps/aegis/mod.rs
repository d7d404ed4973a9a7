//! Reads and writes backups of Aegis, plain-text and encrypted.

mod encode;
mod encrypted;

use std::collections::HashMap;

use serde_json::Value;

use crate::formats::{
    Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
    collect_tags,
};
use encrypted::EncryptedBackup;

pub(in crate::formats) const FORMAT: Format =
    Format { app: "Aegis", detect: |probe| probe.has_keys(&["version", "header", "db"]), read };

const NEWER: FormatError =
    FormatError::Unsupported("it was written by a newer version of Aegis than mfa knows");

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let file = probe.json().ok_or(FormatError::UnknownFile)?;
    if file["version"] != 1 {
        return Err(NEWER);
    }
    match &file["db"] {
        Value::String(content) => {
            let backup = EncryptedBackup::parse(&file["header"], content)?;
            Ok(Recognised::encrypted(FORMAT.app, move |password| {
                let db = backup.decrypt(password)?;
                parse_database(&db)
            }))
        }
        db => parse_database(db).map(Recognised::Plain),
    }
}

fn parse_database(db: &Value) -> Result<ParsedFile, FormatError> {
    if !matches!(db["version"].as_u64(), Some(1..=3)) {
        return Err(NEWER);
    }
    let entries = db["entries"].as_array().ok_or(FormatError::Damaged("it has no list of entries"))?;
    let groups = group_names(db);
    let mut parsed = ParsedFile::new(FORMAT.app);
    for entry in entries {
        parsed.take(parse_account(entry, &groups));
    }
    Ok(parsed)
}

/// Returns the names of the groups by their ids, which the entries refer to.
fn group_names(db: &Value) -> HashMap<&str, &str> {
    let groups = db["groups"].as_array().into_iter().flatten();
    groups.filter_map(|group| Some((group["uuid"].as_str()?, group["name"].as_str()?))).collect()
}

fn parse_account(entry: &Value, groups: &HashMap<&str, &str>) -> Result<Found, RejectedAccount> {
    let info = &entry["info"];
    let raw = RawAccount {
        kind: (&entry["type"]).into(),
        issuer: (&entry["issuer"]).into(),
        account_name: (&entry["name"]).into(),
        secret: RawSecret::Base32((&info["secret"]).into()),
        algorithm: (&info["algo"]).into(),
        digits: (&info["digits"]).into(),
        period: (&info["period"]).into(),
        counter: (&info["counter"]).into(),
        tags: parse_tags(entry, groups),
        note: (&entry["note"]).into(),
    };
    raw.finish()
}

/// Returns the groups of an entry. Before version 3 of the database an entry had one group, given by name.
fn parse_tags(entry: &Value, names: &HashMap<&str, &str>) -> Vec<String> {
    let ids = entry["groups"].as_array().into_iter().flatten().filter_map(Value::as_str);
    collect_tags(ids.filter_map(|id| names.get(id).copied()).chain(entry["group"].as_str()))
}

#[cfg(test)]
mod tests;
