//! Whole files: made here and changed everywhere, and the published vectors.

mod tampering;
mod vectors;

use toml::Table;

use super::*;
use crate::otp::{Algorithm, Key, Kind as Moves, Parameters, Secret};
use crate::vault::crypto::file_mac::FileMac;

/// The text of a sealed vault with these accounts, and its keys
fn sealed(accounts: &[(String, Key)], lock: &EncryptFor<'_>) -> (String, VaultKeys) {
    let (id, key) = (VaultId::generate(), DataKey::generate());
    let keys = VaultKeys::derive(&key, id);
    let slot = Slot::wrap(id, &key, lock).unwrap();
    let names: Vec<_> = accounts.iter().map(|(name, _)| quoted(name)).collect();
    let tables: Vec<_> = accounts.iter().map(|(name, key)| entry(&keys, name, key)).collect();
    let text = format!(
        "version = 2\n[vault]\nid = \"{}\"\ngeneration = 17\naccounts = [{}]\nmarks = \"\"\nmac = \"\"\n\
         [[vault.slot]]\nkind = \"{}\"\ncheck = \"{}\"\ndata = \"\"\"\n{}\"\"\"\n{}",
        id.to_base64(),
        names.join(", "),
        slot.kind.as_str(),
        slot.check.unwrap(),
        slot.data,
        tables.concat(),
    );
    let FileMac { marks, mac } = keys.sign(&table(&text));
    let text = text.replace("marks = \"\"", &format!("marks = \"{marks}\""));
    (text.replace("mac = \"\"", &format!("mac = \"{mac}\"")), keys)
}

fn entry(keys: &VaultKeys, name: &str, key: &Key) -> String {
    let sealed = keys.seal_secret(key.secret(), &AssociatedData::of(name, key.parameters()));
    let lines = format!(
        "issuer = \"Example\"\nalgorithm = \"{}\"\ndigits = {}\nperiod = {}\nsealed = \"{sealed}\"\n",
        key.parameters().algorithm(),
        key.parameters().digits(),
        key.parameters().period().unwrap()
    );
    let tag = keys.entry_tag(name, &table(&lines));
    format!("[accounts.{}]\n{lines}tag = \"{tag}\"\n", quoted(name))
}

/// A TOML basic string, of a text that needs no escapes
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

/// The secret of an entry, with its parameters as the record has them
fn opened(keys: &VaultKeys, root: &Table, name: &str) -> Result<Secret, SealError> {
    let record = root["accounts"][name].as_table().unwrap();
    let number = |field, default| record.get(field).map_or(default, |value| value.as_integer().unwrap());
    let algorithm = record.get("algorithm").map_or("SHA1", |value| value.as_str().unwrap());
    let kind = match record.get("type").map_or("totp", |value| value.as_str().unwrap()) {
        "totp" => Moves::Totp { period: number("period", 30).try_into().unwrap() },
        "hotp" => Moves::Hotp { counter: number("counter", -1).try_into().unwrap() },
        "steam" => Moves::Steam,
        other => panic!("{other}"),
    };
    let (algorithm, digits) = (algorithm.parse().unwrap(), number("digits", 6).try_into().unwrap());
    let parameters = Parameters::from_kind(kind, algorithm, digits).unwrap();
    let bound = AssociatedData { name, parameters };
    keys.open_secret(record["sealed"].as_str().unwrap(), &bound)
}
