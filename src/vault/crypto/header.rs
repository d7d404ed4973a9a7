//! What a sealed vault tells before it is opened: which one it is, and what opens it.

use toml::{Table, Value};

use crate::vault::crypto::age_file::credentials::{AgeError, DecryptWith, MAX_WORK};
use crate::vault::crypto::file_mac::in_vault;
use crate::vault::crypto::key_slot::{Kind, Slot};
use crate::vault::crypto::keys::{DataKey, VaultId};

/// The `[vault]` table, as far as it is needed to open the vault; not to be trusted before `mac` was checked
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VaultHeader {
    pub(crate) id: VaultId,
    /// One more at each write: a lower one than before is an old copy
    pub(crate) generation: u64,
    /// In the order of the file; one that lacks a part is there too, and does not open
    pub(crate) slots: Vec<Slot>,
}

/// What is wrong with the `[vault]` table
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum HeaderError {
    #[error("has no table 'vault'")]
    NoVault,
    #[error("has no 'vault.id' that is the Base64 of 16 bytes")]
    Id,
    #[error("has no 'vault.generation' that is a whole number from 0 on")]
    Generation,
    #[error("has no 'vault.slot': nothing opens it")]
    NoSlot,
}

impl VaultHeader {
    /// Reads the `[vault]` table of a whole file.
    ///
    /// # Errors
    /// What no vault can be opened without.
    pub(crate) fn read(root: &Table) -> Result<Self, HeaderError> {
        root.get("vault").and_then(Value::as_table).ok_or(HeaderError::NoVault)?;
        let id = in_vault(root, "id")
            .and_then(Value::as_str)
            .and_then(VaultId::from_base64)
            .ok_or(HeaderError::Id)?;
        let generation = in_vault(root, "generation").and_then(Value::as_integer);
        let generation =
            generation.and_then(|number| u64::try_from(number).ok()).ok_or(HeaderError::Generation)?;
        let slots = in_vault(root, "slot").and_then(Value::as_array).ok_or(HeaderError::NoSlot)?;
        Ok(Self { id, generation, slots: slots.iter().map(slot).collect() })
    }

    /// The data key from the first slot that opens, and the place of that slot.
    ///
    /// # Errors
    /// Where none does: that the passphrase or key does not fit, if that is true of any; else what is wrong with a slot.
    pub(crate) fn open(&self, unlock: &DecryptWith<'_>) -> Result<(usize, DataKey), AgeError> {
        let mut failed = None;
        let mut room = MAX_WORK;
        for (place, slot) in self.slots.iter().enumerate() {
            if matches!(unlock, DecryptWith::Passphrase(_)) {
                room = room.checked_sub(slot.work()).ok_or(AgeError::TooManySlots)?;
            }
            match slot.open(self.id, unlock) {
                Ok(key) => return Ok((place, key)),
                Err(error) if failed.is_none() || error.is_refusal() => failed = Some(error),
                Err(_) => {}
            }
        }
        Err(failed.unwrap_or(AgeError::Unsupported))
    }
}

fn slot(value: &Value) -> Slot {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    Slot {
        kind: Kind::parse(text("kind").unwrap_or_default()),
        label: text("label").map(str::to_owned),
        data: text("data").unwrap_or_default().to_owned(),
        check: text("check").map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(toml: &str) -> Result<VaultHeader, HeaderError> {
        VaultHeader::read(&toml.parse().unwrap())
    }

    #[test]
    fn the_first_part_that_is_missing_or_wrong_is_named() {
        let id = "[vault]\nid = 'AAAAAAAAAAAAAAAAAAAAAA=='\n";
        assert_eq!(read(""), Err(HeaderError::NoVault));
        assert_eq!(read("vault = 1"), Err(HeaderError::NoVault));
        assert_eq!(read("[vault]\nid = 'AAAA'"), Err(HeaderError::Id));
        assert_eq!(read(id), Err(HeaderError::Generation));
        assert_eq!(read(&format!("{id}generation = -1")), Err(HeaderError::Generation));
        assert_eq!(read(&format!("{id}generation = 1")), Err(HeaderError::NoSlot));
    }

    #[test]
    fn a_slot_of_a_later_version_does_not_keep_the_others_out() {
        let head = read(
            "[vault]\nid = 'AAAAAAAAAAAAAAAAAAAAAA=='\ngeneration = 17\n\
             [[vault.slot]]\nkind = 'moon'\n[[vault.slot]]\nkind = 'passphrase'\ndata = 'x'\ncheck = 'y'",
        )
        .unwrap();
        assert_eq!(head.generation, 17);
        assert_eq!(head.slots[0].kind, Kind::Unknown("moon".to_owned()));
        let slot =
            Slot { kind: Kind::Passphrase, label: None, data: "x".to_owned(), check: Some("y".to_owned()) };
        assert_eq!(head.slots[1], slot);
        assert!(slot.is_damaged());
    }
}
