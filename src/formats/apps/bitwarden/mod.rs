//! Reads and writes exports of Bitwarden and Bitwarden Authenticator: JSON, encrypted JSON and CSV.

mod encode;
mod encrypted;
mod table;

use std::collections::HashMap;

use serde_json::Value;

use crate::formats::{
    Field, Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};
use encrypted::EncryptedExport;

pub(in crate::formats) const FORMAT: Format = Format {
    app: "Bitwarden",
    detect: |probe| {
        probe.has_keys(&["encrypted", "items"])
            || probe.has_keys(&["encrypted", "passwordProtected"])
            || probe.has_columns(&[table::TOTP])
    },
    read,
};

const RESTRICTED: FormatError = FormatError::Unsupported(
    "only the Bitwarden account that wrote it can decrypt it; export again as '.json (Encrypted)' with the export \
     type 'Password protected', or as '.json'",
);

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let Some(file) = probe.json() else {
        return table::parse(probe.text().unwrap_or_default()).map(Recognised::Plain);
    };
    if file["encrypted"] != true {
        return parse_vault(file).map(Recognised::Plain);
    }
    if file["passwordProtected"] != true {
        return Err(RESTRICTED);
    }
    let export = EncryptedExport::parse(file)?;
    Ok(Recognised::encrypted(FORMAT.app, move |password| {
        let vault = export.decrypt(password)?;
        parse_vault(&vault)
    }))
}

/// Parses the items that have a key; most items are passwords only.
fn parse_vault(vault: &Value) -> Result<ParsedFile, FormatError> {
    let items = vault["items"].as_array().ok_or(FormatError::Damaged("it has no list of items"))?;
    let folders = folder_names(vault);
    let mut parsed = ParsedFile::new(FORMAT.app);
    for item in items.iter().filter(|item| has_key(&item["login"]["totp"])) {
        if item["deletedDate"].is_null() {
            parsed.take(parse_account(item, &folders));
        } else {
            let [totp, name] =
                [&item["login"]["totp"], &item["name"]].map(|text| text.as_str().unwrap_or_default());
            parsed.note_skipped(name, totp, "it is in the trash");
        }
    }
    Ok(parsed)
}

fn has_key(totp: &Value) -> bool {
    !totp.is_null() && totp.as_str().is_none_or(|totp| !totp.trim().is_empty())
}

/// Returns the names of folders, and of an organisation's collections, by their ids, which the items refer to.
fn folder_names(vault: &Value) -> HashMap<&str, &str> {
    let folders = ["folders", "collections"].into_iter().filter_map(|list| vault[list].as_array()).flatten();
    folders.filter_map(|folder| Some((folder["id"].as_str()?, folder["name"].as_str()?))).collect()
}

fn parse_account(item: &Value, folders: &HashMap<&str, &str>) -> Result<Found, RejectedAccount> {
    let collections = item["collectionIds"].as_array().into_iter().flatten();
    let ids = item["folderId"].as_str().into_iter().chain(collections.filter_map(Value::as_str));
    let tags = ids.filter_map(|id| folders.get(id)).map(|&name| name.to_owned()).collect();
    let login = &item["login"];
    let raw =
        to_raw_account((&item["name"]).into(), (&login["username"]).into(), (&login["totp"]).into(), tags);
    RawAccount { note: (&item["notes"]).into(), ..raw }.finish()
}

/// Interprets an item's `totp`: an otpauth URI, whose names take precedence, a `steam://` URI without names, or a bare key.
fn to_raw_account<'a>(
    name: Field<'a>,
    user: Field<'a>,
    totp: Field<'a>,
    tags: Vec<String>,
) -> RawAccount<'a> {
    let (kind, secret) = match &totp {
        Field::Text(text) => match parse_steam(text) {
            Some(secret) => (Field::from("steam"), RawSecret::Base32(secret.to_owned().into())),
            None => (Field::Missing, RawSecret::Uri(totp)),
        },
        _ => (Field::Missing, RawSecret::Uri(totp)),
    };
    RawAccount { kind, issuer: name, account_name: user, secret, tags, ..RawAccount::default() }
}

fn parse_steam(totp: &str) -> Option<&str> {
    let (scheme, secret) = totp.trim().split_at_checked("steam://".len())?;
    scheme.eq_ignore_ascii_case("steam://").then_some(secret)
}

#[cfg(test)]
mod tests;
