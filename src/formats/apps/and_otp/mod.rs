//! Backups of andOTP: a JSON array, open or under a password. The app is abandoned, its files are still around.

mod sealed;

use serde_json::Value;

use crate::formats::{
    Field, Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};
use sealed::Backup;

/// The encrypted form is told by nothing but that it looks like chance: all others come first
pub(in crate::formats) const FORMAT: Format = Format {
    app: "andOTP",
    detect: |probe| is_plain(probe) || is_openpgp(probe) || Backup::looks_like(probe.bytes()),
    read,
};

const OPENPGP: FormatError = FormatError::Unsupported(
    "it is encrypted with OpenPGP: decrypt it with 'gpg --decrypt', and import what that gives",
);

const ARMOUR: &str = "-----BEGIN PGP MESSAGE-----";

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    if is_openpgp(probe) {
        return Err(OPENPGP);
    }
    if let Some(entries) = probe.json() {
        return contents(entries).map(Recognised::Plain);
    }
    let backup = Backup::parse(probe.bytes())?;
    Ok(Recognised::encrypted(FORMAT.app, move |password| {
        let entries = backup.open(password)?;
        contents(&entries)
    }))
}

fn is_plain(probe: &Probe<'_>) -> bool {
    probe.lists_objects_with(&["secret", "label"])
}

/// RFC 9580: armoured, or a packet with a session key for a public key (versions 3, 6) or a password (4, 5, 6)
fn is_openpgp(probe: &Probe<'_>) -> bool {
    if let Some(text) = probe.text() {
        return text.starts_with(ARMOUR);
    }
    match *probe.bytes() {
        [0x84 | 0xc1, _, version, ..] | [0x85, _, _, version, ..] => matches!(version, 3 | 6),
        [0x8c | 0xc3, _, version, ..] => matches!(version, 4..=6),
        _ => false,
    }
}

fn contents(entries: &Value) -> Result<ParsedFile, FormatError> {
    let entries = entries.as_array().ok_or(FormatError::Damaged("it is no list of entries"))?;
    let mut contents = ParsedFile::new(FORMAT.app);
    for entry in entries {
        contents.take(account(entry));
    }
    Ok(contents)
}

fn account(entry: &Value) -> Result<Found, RejectedAccount> {
    let (issuer, account_name) = names(entry);
    let tags = entry["tags"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let draft = RawAccount {
        kind: (&entry["type"]).into(),
        issuer,
        account_name,
        secret: RawSecret::Base32((&entry["secret"]).into()),
        algorithm: (&entry["algorithm"]).into(),
        digits: (&entry["digits"]).into(),
        period: (&entry["period"]).into(),
        counter: (&entry["counter"]).into(),
        tags: tags.map(str::to_owned).collect(),
    };
    draft.finish()
}

/// Old versions have no issuer: the label is `issuer - name`, or the `issuer:name` of the URI
fn names(entry: &Value) -> (Field<'_>, Field<'_>) {
    let label = &entry["label"];
    let split = label.as_str().and_then(|label| label.split_once(" - ").or_else(|| label.split_once(':')));
    match split {
        Some((issuer, name)) if entry.get("issuer").is_none() => (issuer.into(), name.into()),
        _ => ((&entry["issuer"]).into(), label.into()),
    }
}

#[cfg(test)]
mod tests;
