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
        let slots = vault_field(root, "slot").and_then(Value::as_array).ok_or(HeaderError::NoSlot)?;
        Ok(Self { id, generation, slots: slots.iter().map(KeySlot::from_value).collect() })
    }

    /// Returns the data key from the first slot that the credential opens, and the index of that slot.
    ///
    /// # Errors
    /// If no slot opens: that the credential is wrong, if that is the error of any slot; else the error of the first.
    /// `TooManySlots` if the slots together would cost too much to try.
    pub(crate) fn open(&self, credential: &DecryptWith<'_>) -> Result<(usize, DataKey), AgeError> {
        let mut failure = None;
        let mut budget = MAX_TOTAL_COST;
        for (index, slot) in self.slots.iter().enumerate() {
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
    use super::super::key_slot::SlotKind;
    use super::*;

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
}
