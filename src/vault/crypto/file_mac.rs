//! The MAC of the whole file, in canonical form.

use std::sync::LazyLock;

use hmac::Mac;
use toml::{Table, Value};

use super::base64;
use super::canonical::MacInput;
use super::keys::VaultKeys;
use super::record_mac::stored_record_mac;

impl VaultKeys {
    /// Computes `vault.mac`: over everything outside the records, and over the key and the MAC of each listed record.
    pub(crate) fn file_mac(&self, root: &Table) -> String {
        base64::encode(&self.hmac(&mac_input(root)).finalize().into_bytes())
    }

    /// Returns whether `vault.mac` matches the file. It covers neither the order nor the contents of the records, which
    /// have their own MACs.
    pub(super) fn verify_file_mac(&self, root: &Table) -> bool {
        vault_field(root, "mac")
            .and_then(Value::as_str)
            .and_then(base64::decode)
            .is_some_and(|mac| self.hmac(&mac_input(root)).verify_slice(&mac).is_ok())
    }
}

/// Returns the keys in `vault.accounts`; skips values that are not strings.
pub(super) fn listed_keys(root: &Table) -> Vec<&str> {
    let keys = vault_field(root, "accounts").and_then(Value::as_array);
    keys.into_iter().flatten().filter_map(Value::as_str).collect()
}

pub(super) fn vault_field<'a>(root: &'a Table, key: &str) -> Option<&'a Value> {
    root.get("vault")?.get(key)
}

/// Returns the input of `vault.mac`. The MAC of a record that is missing, or has none, is an empty field.
fn mac_input(root: &Table) -> MacInput {
    let records = root.get("accounts");
    let input = MacInput::new("mfa v3 file")
        .table_except(root, &["accounts", "vault"])
        .table_except(vault(root), &["mac"]);
    listed_keys(root).into_iter().fold(input, |input, key| {
        let record = records.and_then(|records| records.get(key)).and_then(Value::as_table);
        let mac = record.and_then(stored_record_mac);
        input.field(key.as_bytes()).field(mac.as_ref().map_or(&[], |mac| &mac[..]))
    })
}

fn vault(root: &Table) -> &Table {
    static EMPTY: LazyLock<Table> = LazyLock::new(Table::new);
    root.get("vault").and_then(Value::as_table).unwrap_or(&EMPTY)
}
