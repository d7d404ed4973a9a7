//! Backups of the browser extension "Authenticator": a map of entries by their ids, whose secrets (versions 1 and 2) or
//! which as a whole (version 3) a password opens. Its lists of URIs are read as such.

mod sealed;

use serde_json::Value;

use crate::formats::{
    Format, FormatError, Found, ParsedFile, Probe, RawAccount, RawSecret, Recognised, RejectedAccount,
};
use sealed::Backup;

pub(in crate::formats) const FORMAT: Format =
    Format { app: "Authenticator (browser extension)", detect, read };

const UNOPENED: &str = "it does not open with this password, or is damaged";

fn detect(probe: &Probe<'_>) -> bool {
    let entries = probe.json().and_then(Value::as_object);
    entries.is_some_and(|entries| {
        entries.values().any(|entry| {
            let kind = entry["dataType"].as_str();
            kind.is_some_and(|kind| matches!(kind, "OTPStorage" | "EncOTPStorage"))
                || ["secret", "type", "hash", "encrypted"].iter().all(|key| entry.get(key).is_some())
        })
    })
}

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let json = probe.json().unwrap_or(&Value::Null);
    let backup = Backup::new(json)?;
    if !backup.is_encrypted() {
        return contents(&backup, "").map(Recognised::Plain);
    }
    Ok(Recognised::encrypted(FORMAT.app, move |password| contents(&backup, password)))
}

fn contents(backup: &Backup, password: &str) -> Result<ParsedFile, FormatError> {
    let key = backup.opener(password)?;
    let mut contents = ParsedFile::new(FORMAT.app);
    let mut opened = 0;
    for (entry, is_sealed) in backup.entries() {
        let account = if is_sealed {
            let plain = key.open(entry);
            opened += usize::from(plain.is_some());
            match plain {
                Some(plain) => account(&plain),
                None => Err(draft(entry).refused(UNOPENED)),
            }
        } else {
            account(entry)
        };
        contents.take(account);
    }
    if backup.is_encrypted() && opened == 0 { Err(key.failure()) } else { Ok(contents) }
}

fn account(entry: &Value) -> Result<Found, RejectedAccount> {
    draft(entry).finish()
}

fn draft(entry: &Value) -> RawAccount<'_> {
    let issuer = &entry["issuer"];
    let mut draft = RawAccount {
        issuer: match issuer.as_str().and_then(|issuer| issuer.split_once("::")) {
            Some((issuer, _host)) => issuer.into(),
            None => issuer.into(),
        },
        account_name: (&entry["account"]).into(),
        algorithm: (&entry["algorithm"]).into(),
        digits: (&entry["digits"]).into(),
        period: (&entry["period"]).into(),
        counter: (&entry["counter"]).into(),
        ..RawAccount::default()
    };
    let kind = entry["type"].as_str().unwrap_or_default();
    let secret = entry["secret"].as_str().unwrap_or_default();
    let (prefix, rest) = secret.split_once('-').unwrap_or_default();
    match (kind, prefix) {
        (_, "blz" | "bliz") => {
            (draft.digits, draft.secret) = (8.into(), RawSecret::Base32(rest.into()));
        }
        (_, "stm") => (draft.kind, draft.secret) = ("steam".into(), RawSecret::Base32(rest.into())),
        ("battle", _) => (draft.digits, draft.secret) = (8.into(), RawSecret::Base32(secret.into())),
        ("hex", _) => draft.secret = RawSecret::Hex(secret.into()),
        ("hhex", _) => (draft.kind, draft.secret) = ("hotp".into(), RawSecret::Hex(secret.into())),
        _ => (draft.kind, draft.secret) = ((&entry["type"]).into(), of_either(secret)),
    }
    draft
}

/// What is not Base32, but hexadecimal, the extension takes for that, whatever the type says
fn of_either(secret: &str) -> RawSecret<'_> {
    let is_base32 =
        secret.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'2'..=b'7' | b'='));
    let is_hex = !is_base32 && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hex { RawSecret::Hex(secret.into()) } else { RawSecret::Base32(secret.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::recognise;

    #[test]
    fn types_of_its_own_are_what_they_stand_for() {
        let entry = |fields: &str| {
            let text = format!(
                r#"{{"a": {{"hash": "a", "encrypted": false, "account": "b", "dataType": "OTPStorage", {fields}}}}}"#
            );
            let Ok(Recognised::Plain(mut contents)) = recognise(text.as_bytes()) else { panic!() };
            let key = contents.found.pop().map(|found| found.enrolment.key);
            let key = key.map(|key| (key.secret().to_base32().to_string(), key.parameters()));
            key.ok_or_else(|| contents.refused.remove(0).reason)
        };
        let (secret, parameters) =
            entry(r#""type": "hhex", "secret": "48656c6c6f21deadbeef", "counter": 3"#).unwrap();
        assert_eq!((secret.as_str(), parameters.kind().as_str()), ("JBSWY3DPEHPK3PXP", "hotp"));
        for battle in [
            r#""type": "battle", "secret": "JBSWY3DPEHPK3PXP""#,
            r#""type": "totp", "secret": "bliz-JBSWY3DPEHPK3PXP""#,
        ] {
            let (secret, parameters) = entry(battle).unwrap();
            assert_eq!((secret.as_str(), parameters.digits()), ("JBSWY3DPEHPK3PXP", 8));
        }
        let (secret, parameters) = entry(r#""type": "totp", "secret": "stm-JBSWY3DPEHPK3PXP""#).unwrap();
        assert_eq!((secret.as_str(), parameters.kind().as_str()), ("JBSWY3DPEHPK3PXP", "steam"));
        let (secret, _) = entry(r#""type": "totp", "secret": "48656c6c6f21deadbeef""#).unwrap();
        assert_eq!(secret, "JBSWY3DPEHPK3PXP");
        let error =
            entry(r#""type": "totp", "secret": "JBSWY3DPEHPK3PXP", "algorithm": "GOST3411_2012_256""#);
        assert!(error.unwrap_err().starts_with("unsupported algorithm"));
    }

    #[test]
    fn one_entry_that_does_not_open_keeps_no_other_out() {
        for (file, start) in [
            (
                include_str!(
                    "../../../../tests/fixtures/import/authenticator-extension/authenticator-encrypted-v1.json"
                ),
                "U2FsdGVkX19goEGz",
            ),
            (
                include_str!(
                    "../../../../tests/fixtures/import/authenticator-extension/authenticator-encrypted-v3.json"
                ),
                "U2FsdGVkX19a5XVI",
            ),
        ] {
            let changed = file.replacen(start, "U2FsdGVkX1AAAAAA", 1);
            assert_ne!(file, changed);
            let Ok(Recognised::Encrypted(encrypted)) = recognise(changed.as_bytes()) else { panic!() };
            let contents = encrypted.open("correct horse battery").unwrap();
            assert_eq!((contents.found.len(), contents.refused.len()), (11, 1));
        }
    }
}
