//! Reads the encrypted database of cotp and its plain-text export.

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use data_encoding::BASE64;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::formats::codec::json::Json;
use crate::formats::crypto::{kdf, kdf_limits};
use crate::formats::{Format, FormatError, ParsedFile, Probe, RawAccount, RawSecret, Recognised};

pub(in crate::formats) const FORMAT: Format = Format {
    app: "cotp",
    detect: |probe| probe.has_keys(&["version", "elements"]) || is_encrypted(probe),
    read,
};

/// The costs that the app uses; a file does not name them
const COSTS: kdf_limits::Argon2 = kdf_limits::Argon2 { memory_kib: 32_768, passes: 4, lanes: 4 };

const NONCE: usize = 24;

fn is_encrypted(probe: &Probe<'_>) -> bool {
    probe.has_keys(&["version", "nonce", "salt", "cipher"])
}

fn read(probe: &Probe<'_>) -> Result<Recognised, FormatError> {
    let json = probe.json().unwrap_or(&Value::Null);
    if !is_encrypted(probe) {
        return parse_elements(json).map(Recognised::Plain);
    }
    if json["version"] != 1 {
        return Err(FormatError::Unsupported("it was written by a newer version of cotp than mfa knows"));
    }
    let bytes = |field: &str| BASE64.decode(json[field].as_str()?.as_bytes()).ok();
    let damaged = FormatError::Damaged("its nonce, salt or cipher is not Base64");
    let nonce =
        bytes("nonce").and_then(|nonce| <[u8; NONCE]>::try_from(nonce).ok()).ok_or(damaged.clone())?;
    let (salt, cipher) = bytes("salt").zip(bytes("cipher")).ok_or(damaged)?;
    Ok(Recognised::encrypted(FORMAT.app, move |password| {
        let key = kdf::argon2id(COSTS, password, &salt)?;
        let plain = XChaCha20Poly1305::new((&*key).into()).decrypt(&XNonce::from(nonce), &*cipher);
        let plain = plain.map(Zeroizing::new).map_err(|_| FormatError::WrongPasswordOrDamaged)?;
        let text =
            std::str::from_utf8(&plain).map_err(|_| FormatError::Damaged("its content is not text"))?;
        parse_elements(&*Json::parse(text)?)
    }))
}

fn parse_elements(json: &Value) -> Result<ParsedFile, FormatError> {
    let elements = json["elements"].as_array().ok_or(FormatError::Damaged("it has no list of elements"))?;
    let mut parsed = ParsedFile::new(FORMAT.app);
    for element in elements {
        let raw = RawAccount {
            kind: (&element["type"]).into(),
            issuer: (&element["issuer"]).into(),
            account_name: (&element["label"]).into(),
            secret: RawSecret::Base32((&element["secret"]).into()),
            algorithm: (&element["algorithm"]).into(),
            digits: (&element["digits"]).into(),
            period: (&element["period"]).into(),
            counter: (&element["counter"]).into(),
            ..RawAccount::default()
        };
        parsed.take(raw.finish());
    }
    Ok(parsed)
}
