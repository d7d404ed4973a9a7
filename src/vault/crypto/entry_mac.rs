//! The MAC of each entry, over every field of its record.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use toml::Table;

use super::base64;
use super::canonical::MacInput;
use super::keys::VaultKeys;

/// HMAC-SHA256 (RFC 2104), truncated to half its length
const MAC_LEN: usize = 16;

impl VaultKeys {
    /// Returns the MAC of an entry, for its field `tag`: over the name and every field of the record but `tag`.
    pub(crate) fn entry_mac(&self, name: &str, record: &Table) -> String {
        let mac = self.hmac(&mac_input(name, record)).finalize().into_bytes();
        base64::encode(&mac[..MAC_LEN])
    }

    /// Returns whether the MAC in the record matches its name and fields.
    pub(crate) fn verify_entry(&self, name: &str, record: &Table) -> bool {
        stored_entry_mac(record)
            .is_some_and(|mac| self.hmac(&mac_input(name, record)).verify_truncated_left(&mac).is_ok())
    }

    pub(super) fn hmac(&self, input: &MacInput) -> Hmac<Sha256> {
        Hmac::<Sha256>::new_from_slice(&*self.mac_key)
            .expect("HMAC takes keys of any length")
            .chain_update(input.as_bytes())
    }
}

/// Returns the MAC in a record, or `None` unless its field `tag` is the Base64 of 16 bytes.
pub(super) fn stored_entry_mac(record: &Table) -> Option<[u8; MAC_LEN]> {
    base64::decode_exactly(record.get("tag")?.as_str()?)
}

fn mac_input(name: &str, record: &Table) -> MacInput {
    MacInput::new("mfa v2 entry").field(name.as_bytes()).table_except(record, &["tag"])
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
        record.insert("tag".to_owned(), keys.entry_mac(name, &record).into());
        record
    }

    #[test]
    fn a_mac_matches_its_entry_in_any_order_of_fields() {
        let keys = VaultKeys::derive(&DataKey::generate(), VaultId::generate());
        let record = authenticated(&keys, "github");
        assert!(keys.verify_entry("github", &record));
        let reversed: Table = record.iter().rev().map(|(key, value)| (key.clone(), value.clone())).collect();
        assert!(keys.verify_entry("github", &reversed));
    }

    #[test]
    fn a_mac_matches_no_other_name_field_or_value() {
        let keys = VaultKeys::derive(&DataKey::generate(), VaultId::generate());
        let record = authenticated(&keys, "github");
        assert!(!keys.verify_entry("gitlab", &record));
        for edit in
            ["issuer = 'Github'", "sealed = 'AAAB'", "tags = ['y', 'x']", "added = 2026-11-22", "digits = 8"]
        {
            let mut edited = record.clone();
            edited.extend(table(edit));
            assert!(!keys.verify_entry("github", &edited), "{edit}");
        }
        for key in ["issuer", "account", "sealed", "tags", "added", "tag"] {
            let mut reduced = record.clone();
            reduced.remove(key);
            assert!(!keys.verify_entry("github", &reduced), "{key}");
        }
    }

    #[test]
    fn a_truncated_mac_does_not_match() {
        let keys = VaultKeys::derive(&DataKey::generate(), VaultId::generate());
        let mut record = authenticated(&keys, "github");
        for bytes in [0, 1, 15] {
            let mac = stored_entry_mac(&record).map(|mac| base64::encode(&mac[..bytes])).unwrap();
            let mut short = record.clone();
            short.insert("tag".to_owned(), mac.into());
            assert!(!keys.verify_entry("github", &short), "{bytes}");
        }
        record.insert("tag".to_owned(), 5.into());
        assert!(!keys.verify_entry("github", &record));
    }
}
