//! Reads backups of andOTP: a JSON array, plain text or encrypted. The app is abandoned; its backups still exist.

mod encrypted;

use serde_json::Value;

use crate::formats::{
    Field, Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};
use encrypted::EncryptedBackup;

/// Must come last: nothing marks the encrypted form except that its bytes look random.
pub(in crate::formats) const FORMAT: Format = Format {
    app: "andOTP",
    detect: |probe| is_plain(probe) || is_openpgp(probe) || EncryptedBackup::is_likely(probe.bytes()),
    read,
};

const OPENPGP: FormatError = FormatError::Unsupported(
    "it is encrypted with OpenPGP; decrypt it with 'gpg --decrypt FILE' and import the output",
);

const ARMOUR: &str = "-----BEGIN PGP MESSAGE-----";

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    if is_openpgp(probe) {
        return Err(OPENPGP);
    }
    if let Some(entries) = probe.json() {
        return parse_entries(entries).map(Recognised::Plain);
    }
    let backup = EncryptedBackup::parse(probe.bytes())?;
    Ok(Recognised::encrypted(FORMAT.app, move |password| {
        let entries = backup.decrypt(password)?;
        parse_entries(&entries)
    }))
}

fn is_plain(probe: &Probe<'_>) -> bool {
    probe.lists_objects_with(&["secret", "label"])
}

/// Returns whether a file is an `OpenPGP` message (RFC 9580): armoured, or one that begins with an encrypted session key.
///
/// The session key is for a public key in versions 3 and 6, for a password in versions 4 to 6.
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

fn parse_entries(entries: &Value) -> Result<ParsedFile, FormatError> {
    let entries = entries.as_array().ok_or(FormatError::Damaged("it is not a list of entries"))?;
    let mut parsed = ParsedFile::new(FORMAT.app);
    for entry in entries {
        parsed.take(parse_account(entry));
    }
    Ok(parsed)
}

fn parse_account(entry: &Value) -> Result<Found, RejectedAccount> {
    let (issuer, account_name) = parse_names(entry);
    let tags = entry["tags"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let raw = RawAccount {
        kind: (&entry["type"]).into(),
        issuer,
        account_name,
        secret: RawSecret::Base32((&entry["secret"]).into()),
        algorithm: (&entry["algorithm"]).into(),
        digits: (&entry["digits"]).into(),
        period: (&entry["period"]).into(),
        counter: (&entry["counter"]).into(),
        tags: tags.map(str::to_owned).collect(),
        ..RawAccount::default()
    };
    raw.finish()
}

/// Returns issuer and account name. Old versions wrote only a label, `issuer - name` or the `issuer:name` of the URI.
fn parse_names(entry: &Value) -> (Field<'_>, Field<'_>) {
    let label = &entry["label"];
    let split = label.as_str().and_then(|label| label.split_once(" - ").or_else(|| label.split_once(':')));
    match split {
        Some((issuer, name)) if entry.get("issuer").is_none() => (issuer.into(), name.into()),
        _ => ((&entry["issuer"]).into(), label.into()),
    }
}

#[cfg(test)]
mod tests;
