//! Comparing an encrypted vault with its backup, record by record, to name what an attacker changed.

use toml::{Table, Value};

use crate::vault::Vault;
use crate::vault::crypto::has_same_content;

/// How a record differs from that of an authentic backup
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordDifference {
    /// Not in the backup: added since, or by an attacker
    OnlyHere,
    /// Only in the backup: removed since, or by an attacker
    OnlyInBackup,
    /// Last changed before the backup's record
    Older { here: i64, backup: i64 },
    /// From the same write as the backup's record, but with other contents
    Edited,
}

impl Vault {
    /// Returns the name and the generation of each record of an unlocked vault.
    pub(crate) fn generations(&self) -> impl Iterator<Item = (&str, i64)> {
        self.records.iter().map(|record| (record.name(), self.raw_record(&record.key).map_or(0, generation)))
    }

    /// Returns the names of the records that differ from an authentic backup, and how.
    ///
    /// A record that was changed since the backup, by its generation, is no difference.
    pub(crate) fn differences_from(&self, backup: &Self) -> Vec<(String, RecordDifference)> {
        let here = self
            .records
            .iter()
            .filter_map(|record| Some((record.name().to_owned(), self.difference(backup, &record.key)?)));
        let missing = backup.records.iter().filter(|record| self.raw_record(&record.key).is_none());
        here.chain(missing.map(|record| (record.name().to_owned(), RecordDifference::OnlyInBackup))).collect()
    }

    fn difference(&self, backup: &Self, key: &str) -> Option<RecordDifference> {
        let record = self.raw_record(key)?;
        let Some(other) = backup.raw_record(key) else { return Some(RecordDifference::OnlyHere) };
        let (here, before) = (generation(record), generation(other));
        if here < before {
            return Some(RecordDifference::Older { here, backup: before });
        }
        (here == before && !has_same_content(record, other)).then_some(RecordDifference::Edited)
    }

    fn raw_record(&self, key: &str) -> Option<&Table> {
        self.encryption.as_ref()?.root.get("accounts")?.get(key)?.as_table()
    }
}

fn generation(record: &Table) -> i64 {
    record.get("generation").and_then(Value::as_integer).unwrap_or_default()
}
