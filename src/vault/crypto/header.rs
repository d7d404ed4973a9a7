//! The `[vault]` table: the id of an encrypted vault and its key slots, readable without a key.

use toml::{Table, Value};

use super::age_file::{AgeError, DecryptWith, MAX_TOTAL_COST};
use super::file_mac::vault_field;
use super::key_slot::KeySlot;
use super::keys::{DataKey, VaultId};

/// The fields of `[vault]` that are needed to unlock; not authenticated before `mac` was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VaultHeader {
    pub(crate) id: VaultId,
    /// A counter of writes: a lower one than last seen is a rollback
    pub(crate) generation: u64,
    /// Whether the names, labels and tags of the accounts are encrypted too
    pub(crate) hides_names: bool,
    /// The slots in the order of the file, incomplete ones too, which never open
    pub(crate) slots: Vec<KeySlot>,
}

/// An error of the `[vault]` table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HeaderError {
    #[error("has no table 'vault'")]
    NoVault,
    #[error("has no 'vault.id' that is the Base64 of 16 bytes")]
    Id,
    #[error("has no 'vault.generation' that is a whole number from 0 on")]
    Generation,
    #[error("has a 'vault.hide_names' that is not true or false")]
    HideNames,
    #[error("has no 'vault.slot': no passphrase or key can unlock it")]
    NoSlot,
}

impl VaultHeader {
    /// Reads the `[vault]` table from the root table of a file.
    ///
    /// # Errors
    /// The first field that is missing or invalid, of those without which no vault can be unlocked.
    pub(crate) fn read(root: &Table) -> Result<Self, HeaderError> {
        root.get("vault").and_then(Value::as_table).ok_or(HeaderError::NoVault)?;
        let id = vault_field(root, "id")
            .and_then(Value::as_str)
            .and_then(VaultId::from_base64)
            .ok_or(HeaderError::Id)?;
        let generation = vault_field(root, "generation").and_then(Value::as_integer);
        let generation =
            generation.and_then(|number| u64::try_from(number).ok()).ok_or(HeaderError::Generation)?;
        let hides_names = match vault_field(root, "hide_names") {
            None => false,
            Some(value) => value.as_bool().ok_or(HeaderError::HideNames)?,
        };
        let slots = vault_field(root, "slot").and_then(Value::as_array).ok_or(HeaderError::NoSlot)?;
        Ok(Self { id, generation, hides_names, slots: slots.iter().map(KeySlot::from_value).collect() })
    }

    /// Returns the data key from a slot that the credential opens, and the index of that slot.
    ///
    /// A passphrase is tried on the cheapest slots first, so that costly ones, which anyone can add who can write the
    /// file, do not keep the user out.
    ///
    /// # Errors
    /// If no slot opens: that the credential is wrong, if that is the error of any slot; else the error of the first.
    /// `TooManySlots` if the slots that are left would cost too much to try.
    pub(crate) fn open(&self, credential: &DecryptWith<'_>) -> Result<(usize, DataKey), AgeError> {
        let mut failure = None;
        let mut budget = MAX_TOTAL_COST;
        let mut slots: Vec<_> = self.slots.iter().enumerate().collect();
        if matches!(credential, DecryptWith::Passphrase(_)) {
            slots.sort_by_cached_key(|(_, slot)| slot.scrypt_cost());
        }
        for (index, slot) in slots {
            if matches!(credential, DecryptWith::Passphrase(_)) {
                budget = budget.checked_sub(slot.scrypt_cost()).ok_or(AgeError::TooManySlots)?;
            }
            match slot.open(self.id, credential) {
                Ok(key) => return Ok((index, key)),
                Err(error) if failure.is_none() || error.is_wrong_credential() => failure = Some(error),
                Err(_) => {}
            }
        }
        Err(failure.unwrap_or(AgeError::Unsupported))
    }
}

#[cfg(test)]
mod tests {
    use super::super::age_file::EncryptFor;
    use super::super::key_slot::SlotKind;
    use super::*;

    const PASSPHRASE: EncryptFor<'_> = EncryptFor::Passphrase { passphrase: "correct horse", work_factor: 4 };
    const RIGHT: DecryptWith<'_> = DecryptWith::Passphrase("correct horse");

    fn read(toml: &str) -> Result<VaultHeader, HeaderError> {
        VaultHeader::read(&toml.parse().unwrap())
    }

    #[test]
    fn the_first_missing_or_invalid_field_is_named() {
        let id = "[vault]\nid = 'AAAAAAAAAAAAAAAAAAAAAA=='\n";
        assert_eq!(read(""), Err(HeaderError::NoVault));
        assert_eq!(read("vault = 1"), Err(HeaderError::NoVault));
        assert_eq!(read("[vault]\nid = 'AAAA'"), Err(HeaderError::Id));
        assert_eq!(read(id), Err(HeaderError::Generation));
        assert_eq!(read(&format!("{id}generation = -1")), Err(HeaderError::Generation));
        assert_eq!(read(&format!("{id}generation = 1")), Err(HeaderError::NoSlot));
    }

    #[test]
    fn an_unknown_slot_does_not_hide_the_others() {
        let header = read(
            "[vault]\nid = 'AAAAAAAAAAAAAAAAAAAAAA=='\ngeneration = 17\n\
             [[vault.slot]]\nkind = 'moon'\n[[vault.slot]]\nkind = 'passphrase'\ndata = 'x'\ncheck = 'y'",
        )
        .unwrap();
        assert_eq!(header.generation, 17);
        assert_eq!(header.slots[0].kind, SlotKind::Unknown("moon".to_owned()));
        let slot = KeySlot {
            kind: SlotKind::Passphrase,
            added: None,
            label: None,
            data: "x".to_owned(),
            check: Some("y".to_owned()),
        };
        assert_eq!(header.slots[1], slot);
        assert!(slot.is_damaged());
    }

    fn unopened_slot(data: &str) -> KeySlot {
        let slot = KeySlot::wrap(VaultId::generate(), &DataKey::generate(), &PASSPHRASE).unwrap();
        KeySlot { data: data.to_owned(), check: Some("none".to_owned()), ..slot }
    }

    /// Opens a vault whose last slot is that of the passphrase.
    fn open_behind(slots: Vec<KeySlot>, credential: &DecryptWith<'_>) -> Result<usize, AgeError> {
        let id = VaultId::generate();
        let last = KeySlot::wrap(id, &DataKey::generate(), &PASSPHRASE).unwrap();
        let slots = [slots, vec![last]].concat();
        VaultHeader { id, generation: 0, hides_names: false, slots }.open(credential).map(|(place, _)| place)
    }

    #[test]
    fn cheapest_slots_are_tried_first() {
        let costly = unopened_slot("age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 20\n");
        for count in [1, 3, 100] {
            assert_eq!(open_behind(vec![costly.clone(); count], &RIGHT), Ok(count));
        }
        let open = |count| open_behind(vec![costly.clone(); count], &DecryptWith::Passphrase("wrong"));
        assert_eq!((open(3), open(5)), (Err(AgeError::WrongPassphrase), Err(AgeError::TooManySlots)));
    }

    #[test]
    fn slot_over_the_limit_is_skipped() {
        let header = "age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 21\n\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\
                      --- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n0123456789abcdef0123456789abcdef";
        let slot = KeySlot { check: None, ..unopened_slot(header) };
        assert_eq!(open_behind(vec![slot.clone(); 9], &RIGHT), Ok(9));
        let alone =
            VaultHeader { id: VaultId::generate(), generation: 0, hides_names: false, slots: vec![slot] };
        assert_eq!(alone.open(&RIGHT).map(drop), Err(AgeError::TooCostly(21)));
    }
}
