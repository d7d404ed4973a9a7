//! The data key of a vault, and the keys that are derived from it.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroize;

use super::base64;

const KEY_LEN: usize = 32;

/// The random key of a vault, from which its other keys are derived; wiped when dropped, hidden in `Debug`.
#[derive(Clone)]
pub(crate) struct DataKey(Box<[u8; KEY_LEN]>);

impl DataKey {
    /// Generates a key with the operating system's random numbers.
    pub(crate) fn generate() -> Self {
        let mut key = Box::new([0; KEY_LEN]);
        fill_random(&mut *key);
        Self(key)
    }

    /// Returns `None` unless there are 32 bytes.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut key = Box::new([0; KEY_LEN]);
        if bytes.len() != KEY_LEN {
            return None;
        }
        key.copy_from_slice(bytes);
        Some(Self(key))
    }

    /// Returns the bytes of the key: the caller must neither print nor copy them without wiping.
    pub(crate) fn expose(&self) -> &[u8; KEY_LEN] {
        &self.0
    }
}

impl Drop for DataKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// The id of a vault: random, not secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct VaultId([u8; 16]);

impl VaultId {
    /// Generates an id with the operating system's random numbers.
    pub(crate) fn generate() -> Self {
        let mut id = [0; 16];
        fill_random(&mut id);
        Self(id)
    }

    /// Returns `None` unless the text is the Base64 of 16 bytes.
    pub(crate) fn from_base64(text: &str) -> Option<Self> {
        base64::decode_exactly(text).map(Self)
    }

    pub(crate) fn to_base64(self) -> String {
        base64::encode(&self.0)
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The keys of one vault, derived from its data key; wiped when dropped.
#[derive(Clone)]
pub(crate) struct VaultKeys {
    pub(super) id: VaultId,
    pub(super) encryption_key: Box<[u8; KEY_LEN]>,
    pub(super) mac_key: Box<[u8; KEY_LEN]>,
    fingerprint: [u8; 16],
}

impl VaultKeys {
    /// Derives the keys with HKDF-SHA256 (RFC 5869), salted with the vault's id.
    pub(crate) fn derive(key: &DataKey, id: VaultId) -> Self {
        let hkdf = Hkdf::<Sha256>::new(Some(id.as_bytes()), key.expose());
        let mut keys = Self {
            id,
            encryption_key: Box::new([0; KEY_LEN]),
            mac_key: Box::new([0; KEY_LEN]),
            fingerprint: [0; 16],
        };
        for (info, key) in [
            ("mfa v3 secret", &mut keys.encryption_key[..]),
            ("mfa v3 mac", &mut keys.mac_key[..]),
            ("mfa v3 fingerprint", &mut keys.fingerprint[..]),
        ] {
            hkdf.expand(info.as_bytes(), key).expect("HKDF-SHA256 gives up to 8160 bytes");
        }
        keys
    }

    /// Returns an identifier of the data key that does not reveal it: the pinned state uses it to notice another key.
    pub(crate) fn fingerprint(&self) -> String {
        base64::encode(&self.fingerprint)
    }
}

impl Drop for VaultKeys {
    fn drop(&mut self) {
        self.encryption_key.zeroize();
        self.mac_key.zeroize();
    }
}

impl fmt::Debug for VaultKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VaultKeys").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Returns random bytes that need not be secret.
pub(crate) fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    fill_random(&mut bytes);
    bytes
}

/// Fills the bytes with random numbers from the operating system.
pub(super) fn fill_random(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random numbers");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_key() {
        let key = DataKey::from_bytes(&[7; 32]).unwrap();
        let keys = VaultKeys::derive(&key, VaultId([1; 16]));
        assert_eq!(format!("{key:?}"), "DataKey(…)");
        let ones = "1, ".repeat(15);
        assert_eq!(format!("{keys:?}"), format!("VaultKeys {{ id: VaultId([{ones}1]), .. }}"));
    }

    #[test]
    fn each_purpose_and_each_vault_has_its_own_keys() {
        let key = DataKey::generate();
        let here = VaultKeys::derive(&key, VaultId([1; 16]));
        let there = VaultKeys::derive(&key, VaultId([2; 16]));
        assert_ne!(here.encryption_key, here.mac_key);
        assert_ne!(here.encryption_key, there.encryption_key);
        assert_ne!(here.mac_key, there.mac_key);
        assert_ne!(here.fingerprint(), there.fingerprint());
        assert_ne!(key.expose(), DataKey::generate().expose());
    }

    #[test]
    fn an_id_is_the_base64_of_16_bytes() {
        let id = VaultId::generate();
        assert_eq!(VaultId::from_base64(&id.to_base64()), Some(id));
        assert_eq!(VaultId::from_base64("AAAA"), None);
        assert!(DataKey::from_bytes(&[0; 31]).is_none());
    }
}
