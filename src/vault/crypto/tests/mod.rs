//! Whole files: generated and tampered with, and the published vectors.

mod tampering;
mod vectors;

use toml::Table;

use super::*;
use crate::otp::{Algorithm, Key, Kind, Note, Parameters, Secret};

/// Returns the text of an encrypted vault with these accounts, and its keys.
fn encrypted_vault(accounts: &[(String, Key)], encrypt_for: &EncryptFor<'_>) -> (String, VaultKeys) {
    let (id, key) = (VaultId::generate(), DataKey::generate());
    let keys = VaultKeys::derive(&key, id);
    let slot = KeySlot::wrap(id, &key, encrypt_for).unwrap();
    let names: Vec<_> = accounts.iter().map(|(name, _)| quoted(name)).collect();
    let tables: Vec<_> = accounts.iter().map(|(name, key)| entry(&keys, name, key)).collect();
    let text = format!(
        "version = 3\n[vault]\nid = \"{}\"\ngeneration = 17\naccounts = [{}]\nmac = \"\"\n\
         [[vault.slot]]\nkind = \"{}\"\ncheck = \"{}\"\ndata = \"\"\"\n{}\"\"\"\n{}",
        id.to_base64(),
        names.join(", "),
        slot.kind.as_str(),
        slot.check.unwrap(),
        slot.data,
        tables.concat(),
    );
    let mac = keys.file_mac(&table(&text));
    (text.replace("mac = \"\"", &format!("mac = \"{mac}\"")), keys)
}

fn entry(keys: &VaultKeys, name: &str, key: &Key) -> String {
    let encrypted =
        keys.encrypt_secret(key.secret(), &Note::default(), &AssociatedData::new(name, key.parameters()));
    let lines = format!(
        "issuer = \"Example\"\nalgorithm = \"{}\"\ndigits = {}\nperiod = {}\nsealed = \"{encrypted}\"\n",
        key.parameters().algorithm(),
        key.parameters().digits(),
        key.parameters().period().unwrap()
    );
    let mac = keys.record_mac(name, &table(&lines));
    format!("[accounts.{}]\n{lines}tag = \"{mac}\"\n", quoted(name))
}

/// Returns a TOML basic string of a text that needs no escapes.
fn quoted(text: &str) -> String {
    format!("{text:?}")
}

fn table(text: &str) -> Table {
    text.parse().unwrap()
}

fn key(secret: &[u8], algorithm: Algorithm, digits: u8, period: u32) -> Key {
    let parameters = Parameters::new(algorithm, digits, period).unwrap();
    Key::new(Secret::from_bytes(secret.to_vec()).unwrap(), parameters)
}

/// Decrypts the secret of an entry with the parameters in its record.
fn decrypt(keys: &VaultKeys, root: &Table, name: &str) -> Result<(Secret, Note), DecryptError> {
    let record = root["accounts"][name].as_table().unwrap();
    let number = |field, default| record.get(field).map_or(default, |value| value.as_integer().unwrap());
    let algorithm = record.get("algorithm").map_or("SHA1", |value| value.as_str().unwrap());
    let kind = match record.get("type").map_or("totp", |value| value.as_str().unwrap()) {
        "totp" => Kind::Totp { period: number("period", 30).try_into().unwrap() },
        "hotp" => Kind::Hotp { counter: number("counter", -1).try_into().unwrap() },
        "steam" => Kind::Steam,
        other => panic!("{other}"),
    };
    let (algorithm, digits) = (algorithm.parse().unwrap(), number("digits", 6).try_into().unwrap());
    let parameters = Parameters::from_kind(kind, algorithm, digits).unwrap();
    keys.decrypt_secret(record["sealed"].as_str().unwrap(), &AssociatedData::new(name, parameters))
}
