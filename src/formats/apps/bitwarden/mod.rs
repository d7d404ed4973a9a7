//! Exports of Bitwarden and of Bitwarden Authenticator: JSON and CSV, and JSON under a password.

mod encode;
mod sealed;
mod table;

use std::collections::HashMap;

use serde_json::Value;

use crate::formats::{
    Field, Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};
use crate::text::redact_near;
use sealed::Export;

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
    "only the Bitwarden account that made it opens it: export again as '.json (Encrypted)' with the export type \
     'Password protected', or as '.json'",
);

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let Some(file) = probe.json() else {
        return table::contents(probe.text().unwrap_or_default()).map(Recognised::Plain);
    };
    if file["encrypted"] != true {
        return contents(file).map(Recognised::Plain);
    }
    if file["passwordProtected"] != true {
        return Err(RESTRICTED);
    }
    let export = Export::parse(file)?;
    Ok(Recognised::encrypted(FORMAT.app, move |password| {
        let vault = export.open(password)?;
        contents(&vault)
    }))
}

/// Most items are passwords only
fn contents(vault: &Value) -> Result<ParsedFile, FormatError> {
    let items = vault["items"].as_array().ok_or(FormatError::Damaged("it has no list of items"))?;
    let folders = folders(vault);
    let mut contents = ParsedFile::new(FORMAT.app);
    for item in items.iter().filter(|item| has_key(&item["login"]["totp"])) {
        if item["deletedDate"].is_null() {
            contents.take(account(item, &folders));
        } else {
            let [totp, name] =
                [&item["login"]["totp"], &item["name"]].map(|text| text.as_str().unwrap_or_default());
            let name = redact_near(totp, name);
            contents.notes.push(format!("{name} is in the trash, and was passed over"));
        }
    }
    Ok(contents)
}

fn has_key(totp: &Value) -> bool {
    !totp.is_null() && totp.as_str().is_none_or(|totp| !totp.trim().is_empty())
}

/// The names of folders and, of an organisation, collections, by the ids that the items have instead
fn folders(vault: &Value) -> HashMap<&str, &str> {
    let folders = ["folders", "collections"].into_iter().filter_map(|list| vault[list].as_array()).flatten();
    folders.filter_map(|folder| Some((folder["id"].as_str()?, folder["name"].as_str()?))).collect()
}

/// Notes that are the ARN of an MFA device, and no more, say which device it is
fn account(item: &Value, folders: &HashMap<&str, &str>) -> Result<Found, RejectedAccount> {
    let collections = item["collectionIds"].as_array().into_iter().flatten();
    let ids = item["folderId"].as_str().into_iter().chain(collections.filter_map(Value::as_str));
    let tags = ids.filter_map(|id| folders.get(id)).map(|&name| name.to_owned()).collect();
    let login = &item["login"];
    let draft = draft((&item["name"]).into(), (&login["username"]).into(), (&login["totp"]).into(), tags);
    let mut found = draft.finish()?;
    found.enrolment.label.serial = item["notes"].as_str().and_then(|notes| notes.trim().parse().ok());
    Ok(found)
}

/// An item's `totp` is a URI, which says then what the account is, or a bare key; `steam://` says nothing of names
fn draft<'a>(name: Field<'a>, user: Field<'a>, totp: Field<'a>, tags: Vec<String>) -> RawAccount<'a> {
    let (kind, secret) = match &totp {
        Field::Text(text) => match steam(text) {
            Some(secret) => (Field::from("steam"), RawSecret::Base32(secret.to_owned().into())),
            None => (Field::Missing, RawSecret::Uri(totp)),
        },
        _ => (Field::Missing, RawSecret::Uri(totp)),
    };
    RawAccount { kind, issuer: name, account_name: user, secret, tags, ..RawAccount::default() }
}

fn steam(totp: &str) -> Option<&str> {
    let (scheme, secret) = totp.trim().split_at_checked("steam://".len())?;
    scheme.eq_ignore_ascii_case("steam://").then_some(secret)
}

#[cfg(test)]
mod tests;
