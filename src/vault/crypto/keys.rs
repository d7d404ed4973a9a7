//! The data key of a vault, and the keys that are derived from it.

use std::fmt;

use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroize;

use crate::vault::crypto::base64;

const KEY_BYTES: usize = 32;

/// The key from which all others of a vault come: random, wiped when dropped, hidden in `Debug`
#[derive(Clone)]
pub(crate) struct DataKey(Box<[u8; KEY_BYTES]>);

impl DataKey {
    /// A new one, from the operating system's random numbers
    pub(crate) fn generate() -> Self {
        let mut key = Box::new([0; KEY_BYTES]);
        fill(&mut *key);
        Self(key)
    }

    /// None where there are not 32 of them
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut key = Box::new([0; KEY_BYTES]);
        if bytes.len() != KEY_BYTES {
            return None;
        }
        key.copy_from_slice(bytes);
        Some(Self(key))
    }

    /// The key itself: whoever calls this takes care of where it goes
    pub(crate) fn expose(&self) -> &[u8; KEY_BYTES] {
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

/// Which vault this is: random, no secret
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct VaultId([u8; 16]);

impl VaultId {
    /// A new one, from the operating system's random numbers
    pub(crate) fn generate() -> Self {
        let mut id = [0; 16];
        fill(&mut id);
        Self(id)
    }

    /// None where the text is not the Base64 of 16 bytes
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

/// The keys of one vault, wiped when dropped: one seals secrets, one makes tags
#[derive(Clone)]
pub(crate) struct VaultKeys {
    pub(super) id: VaultId,
    pub(super) seal: Box<[u8; KEY_BYTES]>,
    pub(super) list: Box<[u8; KEY_BYTES]>,
    fingerprint: [u8; 16],
}

impl VaultKeys {
    /// HKDF-SHA256 (RFC 5869) of the data key, salted with the vault's id
    pub(crate) fn derive(key: &DataKey, id: VaultId) -> Self {
        let hkdf = Hkdf::<Sha256>::new(Some(id.as_bytes()), key.expose());
        let mut keys =
            Self { id, seal: Box::new([0; KEY_BYTES]), list: Box::new([0; KEY_BYTES]), fingerprint: [0; 16] };
        for (info, key) in [
            ("mfa v2 seal", &mut keys.seal[..]),
            ("mfa v2 list", &mut keys.list[..]),
            ("mfa v2 fingerprint", &mut keys.fingerprint[..]),
        ] {
            hkdf.expand(info.as_bytes(), key).expect("HKDF-SHA256 gives up to 8160 bytes");
        }
        keys
    }

    /// Which data key this is, without telling it: another machine's memory of the vault can notice a change
    pub(crate) fn fingerprint(&self) -> String {
        base64::encode(&self.fingerprint)
    }
}

impl Drop for VaultKeys {
    fn drop(&mut self) {
        self.seal.zeroize();
        self.list.zeroize();
    }
}

impl fmt::Debug for VaultKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VaultKeys").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A random number, for what needs no secret
pub(crate) fn random_id() -> i32 {
    let mut bytes = [0; 4];
    fill(&mut bytes);
    i32::from_ne_bytes(bytes)
}

/// Fills the bytes with random numbers of the operating system
pub(super) fn fill(bytes: &mut [u8]) {
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
        assert_ne!(here.seal, here.list);
        assert_ne!(here.seal, there.seal);
        assert_ne!(here.list, there.list);
        assert_ne!(here.fingerprint(), there.fingerprint());
        assert_ne!(key.expose(), DataKey::generate().expose());
    }

    #[test]
    fn an_id_is_the_base64_of_sixteen_bytes() {
        let id = VaultId::generate();
        assert_eq!(VaultId::from_base64(&id.to_base64()), Some(id));
        assert_eq!(VaultId::from_base64("AAAA"), None);
        assert!(DataKey::from_bytes(&[0; 31]).is_none());
    }
}
