//! Reads exports of Proton Authenticator, plain-text and encrypted.

use data_encoding::BASE64;
use serde_json::Value;

use crate::formats::codec::json::Json;
use crate::formats::crypto::gcm::GcmCiphertext;
use crate::formats::crypto::{kdf, kdf_limits};
use crate::formats::{Format, FormatError, ParsedFile, Probe, RawAccount, RawSecret, Recognised};

pub(in crate::formats) const FORMAT: Format =
    Format { app: "Proton Authenticator", detect: |probe| is_plain(probe) || is_encrypted(probe), read };

/// Associated data of the ciphertext
const CONTEXT: &[u8] = b"proton.authenticator.export.v1";

const NONCE: usize = 12;

/// The costs that the app uses; a file does not name them
const COSTS: kdf_limits::Argon2 = kdf_limits::Argon2 { memory_kib: 19_456, passes: 2, lanes: 1 };

const NEWER: FormatError =
    FormatError::Unsupported("it was written by a newer version of Proton Authenticator than mfa knows");

fn is_plain(probe: &Probe<'_>) -> bool {
    let entries =
        probe.json().filter(|json| json["version"].is_u64()).and_then(|json| json["entries"].as_array());
    entries.is_some_and(|entries| entries.iter().all(|entry| entry["content"].get("uri").is_some()))
}

fn is_encrypted(probe: &Probe<'_>) -> bool {
    probe.has_keys(&["version", "salt", "content"])
}

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let json = probe.json().unwrap_or(&Value::Null);
    if json["version"] != 1 {
        return Err(NEWER);
    }
    if json.get("entries").is_some() {
        return parse_entries(json).map(Recognised::Plain);
    }
    let damaged = FormatError::Damaged("its salt or its content is not Base64");
    let bytes = |field: &str| BASE64.decode(json[field].as_str()?.as_bytes()).ok();
    let (salt, content) = bytes("salt").zip(bytes("content")).ok_or(damaged)?;
    let too_short = FormatError::Damaged("its content is too short");
    let (nonce, ciphertext) = content.split_at_checked(NONCE).ok_or(too_short.clone())?;
    let encrypted = GcmCiphertext::new(nonce, ciphertext.to_vec()).ok_or(too_short)?;
    Ok(Recognised::encrypted(FORMAT.app, move |password| {
        let key = kdf::argon2id(COSTS, password, &salt)?;
        let plain = encrypted.decrypt(&key, CONTEXT).ok_or(FormatError::WrongPasswordOrDamaged)?;
        let text =
            std::str::from_utf8(&plain).map_err(|_| FormatError::Damaged("its content is not text"))?;
        parse_entries(&*Json::parse(text)?)
    }))
}

fn parse_entries(json: &Value) -> Result<ParsedFile, FormatError> {
    let entries = json["entries"].as_array().ok_or(FormatError::Damaged("it has no list of entries"))?;
    let mut parsed = ParsedFile::new(FORMAT.app);
    for entry in entries {
        let content = &entry["content"];
        let raw = RawAccount {
            kind: (&content["entry_type"]).into(),
            account_name: (&content["name"]).into(),
            secret: RawSecret::Uri((&content["uri"]).into()),
            note: (&entry["note"]).into(),
            ..RawAccount::default()
        };
        parsed.take(raw.finish());
    }
    Ok(parsed)
}
