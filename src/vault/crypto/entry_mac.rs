//! Keyed tags: one for each entry, over every key of its record.

use hmac::{Hmac, Mac};
use sha2::Sha256;
use toml::Table;

use crate::vault::crypto::base64;
use crate::vault::crypto::canonical::MacInput;
use crate::vault::crypto::keys::VaultKeys;

/// HMAC-SHA256 (RFC 2104), cut to half its length
pub(super) const TAG_BYTES: usize = 16;

impl VaultKeys {
    /// The `tag` of an entry: over its name and every key of its record but `tag` itself
    pub(crate) fn entry_tag(&self, name: &str, record: &Table) -> String {
        let tag = self.hmac(&entry(name, record)).finalize().into_bytes();
        base64::encode(&tag[..TAG_BYTES])
    }

    /// Whether the record's `tag` was made with these keys for this name and record
    pub(crate) fn verify_entry(&self, name: &str, record: &Table) -> bool {
        tag_of(record).is_some_and(|tag| self.hmac(&entry(name, record)).verify_truncated_left(&tag).is_ok())
    }

    pub(super) fn hmac(&self, message: &MacInput) -> Hmac<Sha256> {
        Hmac::<Sha256>::new_from_slice(&*self.list)
            .expect("HMAC takes keys of every length")
            .chain_update(message.as_bytes())
    }
}

/// The tag that stands in a record; none where there is none of 16 bytes
pub(super) fn tag_of(record: &Table) -> Option<[u8; TAG_BYTES]> {
    base64::decode_exactly(record.get("tag")?.as_str()?)
}

fn entry(name: &str, record: &Table) -> MacInput {
    MacInput::of("mfa v2 entry").field(name.as_bytes()).table_except(record, &["tag"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::crypto::keys::{DataKey, VaultId};

    const RECORD: &str =
        "issuer = 'GitHub'\naccount = 'a'\nsealed = 'AAAA'\ntags = ['x', 'y']\nadded = 2026-11-21\n";

    fn table(toml: &str) -> Table {
        toml.parse().unwrap()
    }

    fn tagged(keys: &VaultKeys, name: &str) -> Table {
        let mut record = table(RECORD);
        record.insert("tag".to_owned(), keys.entry_tag(name, &record).into());
        record
    }

    #[test]
    fn a_tag_fits_its_entry_in_any_order_of_keys() {
        let keys = VaultKeys::derive(&DataKey::generate(), VaultId::generate());
        let record = tagged(&keys, "github");
        assert!(keys.verify_entry("github", &record));
        let turned: Table = record.iter().rev().map(|(key, value)| (key.clone(), value.clone())).collect();
        assert!(keys.verify_entry("github", &turned));
    }

    #[test]
    fn any_other_name_key_or_value_does_not_fit() {
        let keys = VaultKeys::derive(&DataKey::generate(), VaultId::generate());
        let record = tagged(&keys, "github");
        assert!(!keys.verify_entry("gitlab", &record));
        for edit in
            ["issuer = 'Github'", "sealed = 'AAAB'", "tags = ['y', 'x']", "added = 2026-11-22", "digits = 8"]
        {
            let mut edited = record.clone();
            edited.extend(table(edit));
            assert!(!keys.verify_entry("github", &edited), "{edit}");
        }
        for key in ["issuer", "account", "sealed", "tags", "added", "tag"] {
            let mut less = record.clone();
            less.remove(key);
            assert!(!keys.verify_entry("github", &less), "{key}");
        }
    }

    #[test]
    fn a_shortened_tag_does_not_fit() {
        let keys = VaultKeys::derive(&DataKey::generate(), VaultId::generate());
        let mut record = tagged(&keys, "github");
        for bytes in [0, 1, 15] {
            let tag = tag_of(&record).map(|tag| base64::encode(&tag[..bytes])).unwrap();
            let mut short = record.clone();
            short.insert("tag".to_owned(), tag.into());
            assert!(!keys.verify_entry("github", &short), "{bytes}");
        }
        record.insert("tag".to_owned(), 5.into());
        assert!(!keys.verify_entry("github", &record));
    }
}
