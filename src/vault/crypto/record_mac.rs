//! The MAC of each record, over every field of it.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use toml::Table;

use super::base64;
use super::canonical::MacInput;
use super::keys::VaultKeys;

/// HMAC-SHA256 (RFC 2104), truncated to half its length
const MAC_LEN: usize = 16;

impl VaultKeys {
    /// Returns the MAC of a record, for its field `tag`: over the key and every field of the record but `tag`.
    pub(crate) fn record_mac(&self, key: &str, record: &Table) -> String {
        let mac = self.hmac(&mac_input(key, record)).finalize().into_bytes();
        base64::encode(&mac[..MAC_LEN])
    }

    /// Returns whether the MAC in the record matches its key and fields.
    pub(crate) fn verify_record(&self, key: &str, record: &Table) -> bool {
        stored_record_mac(record)
            .is_some_and(|mac| self.hmac(&mac_input(key, record)).verify_truncated_left(&mac).is_ok())
    }

    pub(super) fn hmac(&self, input: &MacInput) -> Hmac<Sha256> {
        Hmac::<Sha256>::new_from_slice(&*self.mac_key)
            .expect("HMAC takes keys of any length")
            .chain_update(input.as_bytes())
    }
}

/// Returns the MAC in a record, or `None` unless its field `tag` is the Base64 of 16 bytes.
pub(super) fn stored_record_mac(record: &Table) -> Option<[u8; MAC_LEN]> {
    base64::decode_exactly(record.get("tag")?.as_str()?)
}

/// Returns whether two records have the same fields, apart from the generation and the MAC.
pub(crate) fn has_same_content(one: &Table, other: &Table) -> bool {
    let content = |record: &Table| MacInput::new("").table_except(record, &["generation", "tag"]);
    content(one) == content(other)
}

fn mac_input(key: &str, record: &Table) -> MacInput {
    MacInput::new("mfa v3 record").field(key.as_bytes()).table_except(record, &["tag"])
}

#[cfg(test)]
mod tests {
    use super::super::keys::{DataKey, VaultId};
    use super::*;

    const RECORD: &str =
        "issuer = 'GitHub'\naccount = 'a'\nsealed = 'AAAA'\ntags = ['x', 'y']\nadded = 2026-11-21\n";

    fn table(toml: &str) -> Table {
        toml.parse().unwrap()
    }

    fn authenticated(keys: &VaultKeys, name: &str) -> Table {
        let mut record = table(RECORD);
        record.insert("tag".to_owned(), keys.record_mac(name, &record).into());
        record
    }

    #[test]
    fn a_mac_matches_its_entry_in_any_order_of_fields() {
        let keys = VaultKeys::derive(&DataKey::generate(), VaultId::generate());
        let record = authenticated(&keys, "github");
        assert!(keys.verify_record("github", &record));
        let reversed: Table = record.iter().rev().map(|(key, value)| (key.clone(), value.clone())).collect();
        assert!(keys.verify_record("github", &reversed));
    }

    #[test]
    fn a_mac_matches_no_other_name_field_or_value() {
        let keys = VaultKeys::derive(&DataKey::generate(), VaultId::generate());
        let record = authenticated(&keys, "github");
        assert!(!keys.verify_record("gitlab", &record));
        for edit in
            ["issuer = 'Github'", "sealed = 'AAAB'", "tags = ['y', 'x']", "added = 2026-11-22", "digits = 8"]
        {
            let mut edited = record.clone();
            edited.extend(table(edit));
            assert!(!keys.verify_record("github", &edited), "{edit}");
        }
        for key in ["issuer", "account", "sealed", "tags", "added", "tag"] {
            let mut reduced = record.clone();
            reduced.remove(key);
            assert!(!keys.verify_record("github", &reduced), "{key}");
        }
    }

    #[test]
    fn a_truncated_mac_does_not_match() {
        let keys = VaultKeys::derive(&DataKey::generate(), VaultId::generate());
        let mut record = authenticated(&keys, "github");
        for bytes in [0, 1, 15] {
            let mac = stored_record_mac(&record).map(|mac| base64::encode(&mac[..bytes])).unwrap();
            let mut short = record.clone();
            short.insert("tag".to_owned(), mac.into());
            assert!(!keys.verify_record("github", &short), "{bytes}");
        }
        record.insert("tag".to_owned(), 5.into());
        assert!(!keys.verify_record("github", &record));
    }
}
