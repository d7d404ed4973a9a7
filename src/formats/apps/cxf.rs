//! Reads the FIDO Alliance's Credential Exchange Format 1.0, which password managers export.

use std::collections::HashMap;

use serde_json::Value;

use crate::formats::{
    Field, Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
    collect_tags,
};

pub(in crate::formats) const FORMAT: Format = Format {
    app: "a credential exchange (CXF)",
    detect: |probe| probe.has_keys(&["version", "exporterRpId", "accounts"]),
    read,
};

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let json = probe.json().unwrap_or(&Value::Null);
    if json["version"]["major"] != 1 {
        return Err(FormatError::Unsupported("it has a version of CXF that mfa does not know"));
    }
    let accounts = json["accounts"].as_array().ok_or(FormatError::Damaged("it has no list of accounts"))?;
    let mut parsed = ParsedFile::new(FORMAT.app);
    for account in accounts {
        let mut collections = HashMap::new();
        collect_titles(&account["collections"], &mut collections);
        for item in list(&account["items"]) {
            let keys = list(&item["credentials"]).iter().filter(|credential| credential["type"] == "totp");
            for key in keys {
                parsed.take(parse_account(item, key, &collections));
            }
        }
    }
    Ok(Recognised::Plain(parsed))
}

/// Adds the titles of the collections by the ids of the items in them. The JSON parser limits the depth.
fn collect_titles<'a>(collections: &'a Value, titles: &mut HashMap<&'a str, Vec<&'a str>>) {
    for collection in list(collections) {
        let title = collection["title"].as_str().unwrap_or_default();
        for id in list(&collection["items"]).iter().filter_map(|item| item["item"].as_str()) {
            titles.entry(id).or_default().push(title);
        }
        collect_titles(&collection["subCollections"], titles);
    }
}

fn parse_account(
    item: &Value,
    key: &Value,
    collections: &HashMap<&str, Vec<&str>>,
) -> Result<Found, RejectedAccount> {
    let (issuer, user) = (Field::from(&key["issuer"]), Field::from(&key["username"]));
    let is_nameless = |name: &Value| name.as_str().is_none_or(str::is_empty);
    let is_steam = key["algorithm"].as_str().is_some_and(|name| name.eq_ignore_ascii_case("steam"));
    let in_collections =
        item["id"].as_str().and_then(|id| collections.get(id)).into_iter().flatten().copied();
    let tags = list(&item["tags"]).iter().filter_map(Value::as_str);
    let raw = RawAccount {
        kind: if is_steam { "steam".into() } else { Field::Missing },
        issuer: if is_nameless(&key["issuer"]) && is_nameless(&key["username"]) {
            (&item["title"]).into()
        } else {
            issuer
        },
        account_name: user,
        secret: RawSecret::Base32((&key["secret"]).into()),
        algorithm: if is_steam { Field::Missing } else { (&key["algorithm"]).into() },
        digits: (&key["digits"]).into(),
        period: (&key["period"]).into(),
        tags: collect_tags(tags.chain(in_collections)),
        note: note_of(item),
        ..RawAccount::default()
    };
    raw.finish()
}

/// Returns the notes of an item: credentials of their own.
fn note_of(item: &Value) -> Field<'static> {
    let notes = list(&item["credentials"]).iter().filter(|credential| credential["type"] == "note");
    let texts: Vec<&str> = notes.filter_map(|note| note["content"]["value"].as_str()).collect();
    texts.join("\n").into()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    #[test]
    fn unknown_algorithm_is_rejected_and_collections_are_tags() {
        let text = r#"{"version": {"major": 1, "minor": 0}, "exporterRpId": "x", "accounts": [{
            "collections": [{"title": "Work", "items": [], "subCollections": [
                {"title": "Servers", "items": [{"item": "a"}]}]}],
            "items": [{"id": "a", "title": "ACME", "tags": ["x"], "credentials": [
                {"type": "totp", "secret": "JBSWY3DPEHPK3PXP", "algorithm": "sha1"},
                {"type": "totp", "secret": "JBSWY3DPEHPK3PXP", "algorithm": "sha3", "username": "bob"},
                {"type": "note"}]}]}]}"#;
        let Ok(Recognised::Plain(parsed)) = recognise(text.as_bytes()) else { panic!() };
        assert_eq!(parsed.found[0].enrolment.label.issuer, "ACME");
        assert_eq!(parsed.found[0].enrolment.tags, ["x", "Servers"]);
        let rejected =
            RejectedAccount { what: "bob".to_owned(), reason: "unsupported algorithm 'sha3'".to_owned() };
        assert_eq!((parsed.found.len(), parsed.rejected.as_slice()), (1, [rejected].as_slice()));
    }
}
