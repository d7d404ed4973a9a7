//! Reads backups of the browser extension "Authenticator": a map of entries by id.
//!
//! A password encrypts the secrets (versions 1 and 2) or the whole entries (version 3). Its lists of URIs are read as
//! otpauth URIs.

mod encrypted;

use serde_json::Value;

use crate::formats::{Format, FormatError, ParsedFile, Probe, RawAccount, RawSecret, Recognised};
use encrypted::BackupFile;

pub(in crate::formats) const FORMAT: Format =
    Format { app: "Authenticator (browser extension)", detect, read };

const NOT_DECRYPTED: &str = "it cannot be decrypted with this password, or is damaged";

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
    let backup = BackupFile::new(json)?;
    if !backup.is_encrypted() {
        return decrypt_entries(&backup, "").map(Recognised::Plain);
    }
    Ok(Recognised::encrypted(FORMAT.app, move |password| decrypt_entries(&backup, password)))
}

/// Reads all entries.
///
/// # Errors
/// A wrong password, or damage if no encrypted entry can be decrypted.
fn decrypt_entries(backup: &BackupFile, password: &str) -> Result<ParsedFile, FormatError> {
    let decryptor = backup.decryptor(password)?;
    let mut parsed = ParsedFile::new(FORMAT.app);
    let mut decrypted = 0;
    for (entry, is_encrypted) in backup.entries() {
        let account = if is_encrypted {
            let plain = decryptor.decrypt(entry);
            decrypted += usize::from(plain.is_some());
            match plain {
                Some(plain) => to_raw_account(&plain).finish(),
                None => Err(to_raw_account(entry).reject(NOT_DECRYPTED)),
            }
        } else {
            to_raw_account(entry).finish()
        };
        parsed.take(account);
    }
    if backup.is_encrypted() && decrypted == 0 { Err(decryptor.failure()) } else { Ok(parsed) }
}

fn to_raw_account(entry: &Value) -> RawAccount<'_> {
    let issuer = &entry["issuer"];
    let mut raw = RawAccount {
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
            (raw.digits, raw.secret) = (8.into(), RawSecret::Base32(rest.into()));
        }
        (_, "stm") => (raw.kind, raw.secret) = ("steam".into(), RawSecret::Base32(rest.into())),
        ("battle", _) => (raw.digits, raw.secret) = (8.into(), RawSecret::Base32(secret.into())),
        ("hex", _) => raw.secret = RawSecret::Hex(secret.into()),
        ("hhex", _) => (raw.kind, raw.secret) = ("hotp".into(), RawSecret::Hex(secret.into())),
        _ => (raw.kind, raw.secret) = ((&entry["type"]).into(), guess_encoding(secret)),
    }
    raw
}

/// Decodes a secret like the extension: as hexadecimal if it is that and not Base32, whatever its type.
fn guess_encoding(secret: &str) -> RawSecret<'_> {
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
    fn own_types_map_to_standard_parameters() {
        let entry = |fields: &str| {
            let text = format!(
                r#"{{"a": {{"hash": "a", "encrypted": false, "account": "b", "dataType": "OTPStorage", {fields}}}}}"#
            );
            let Ok(Recognised::Plain(mut parsed)) = recognise(text.as_bytes()) else { panic!() };
            let key = parsed.found.pop().map(|found| found.enrolment.key);
            let key = key.map(|key| (key.secret().to_base32().to_string(), key.parameters()));
            key.ok_or_else(|| parsed.rejected.remove(0).reason)
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
    fn damaged_entry_does_not_affect_the_others() {
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
            let parsed = encrypted.open("correct horse battery").unwrap();
            assert_eq!((parsed.found.len(), parsed.rejected.len()), (11, 1));
        }
    }
}
