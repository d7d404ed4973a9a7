//! Reads the text of a vault.

use serde::Deserialize as _;
use toml::de::{DeTable, DeValue, Deserializer};
use toml::{Spanned, Table};

use super::error::DocumentError;
use super::version::{ENCRYPTED, OLD_ENCRYPTED, PLAIN};
use crate::vault::Vault;
use crate::vault::crypto::VaultHeader;
use crate::vault::encrypted::EncryptedVault;
use crate::vault::record::{Field, Record, RecordForm};

/// Parses a vault. Keeps a damaged record as such, so that it does not lock the others in.
///
/// # Errors
/// The errors that concern the text as a whole, all but those of a change.
pub(in crate::vault) fn parse(bytes: &[u8]) -> Result<Vault, DocumentError> {
    let text = decode(bytes)?;
    let to_error = |error: toml::de::Error| match DocumentError::syntax_at(text, error.span()) {
        DocumentError::Syntax { line, column } if error.message().contains("duplicate key") => {
            DocumentError::Duplicate { line, column }
        }
        error => error,
    };
    let root = DeTable::parse(text).map_err(to_error)?;
    if read_version(root.get_ref())? == PLAIN {
        return Ok(Vault::new(read_records(root.get_ref(), RecordForm::Plain)?));
    }
    let form = if hides_names(root.get_ref()) { RecordForm::HiddenName } else { RecordForm::Encrypted };
    let mut vault = Vault::new(read_records(root.get_ref(), form)?);
    let root = Table::deserialize(Deserializer::from(root)).map_err(to_error)?;
    vault.encryption = Some(Box::new(EncryptedVault::new(VaultHeader::read(&root)?, root)));
    Ok(vault)
}

/// Decodes UTF-8.
///
/// # Errors
/// `NotUtf8`, or `Empty` also for blanks, byte order marks and zeros, which a crash may leave behind.
pub(super) fn decode(bytes: &[u8]) -> Result<&str, DocumentError> {
    let text = std::str::from_utf8(bytes).map_err(|error| DocumentError::NotUtf8(error.valid_up_to() + 1))?;
    if text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\0')).is_empty() {
        return Err(DocumentError::Empty);
    }
    Ok(text)
}

fn read_version(root: &DeTable<'_>) -> Result<i64, DocumentError> {
    match root.get("version").map(|version| version.get_ref().into()) {
        None => Err(DocumentError::NoVersion),
        Some(Field::Number(version @ (PLAIN | ENCRYPTED))) => Ok(version),
        Some(Field::Number(OLD_ENCRYPTED)) => Err(DocumentError::OldVersion),
        Some(Field::Number(newer)) if newer > ENCRYPTED => Err(DocumentError::NewerVersion(newer)),
        Some(_) => Err(DocumentError::BadVersion),
    }
}

fn hides_names(root: &DeTable<'_>) -> bool {
    let hides_names = root.get("vault").and_then(|vault| vault.get_ref().get("hide_names"));
    hides_names.and_then(|value| value.get_ref().as_bool()).unwrap_or_default()
}

fn read_records(root: &DeTable<'_>, form: RecordForm) -> Result<Vec<Record>, DocumentError> {
    let accounts = match root.get("accounts").map(Spanned::get_ref) {
        None => return Ok(Vec::new()),
        Some(DeValue::Table(accounts)) => accounts,
        Some(_) => return Err(DocumentError::AccountsNotATable),
    };
    let mut records: Vec<Record> =
        accounts.iter().map(|(key, value)| Record::read(key.get_ref(), value.get_ref(), form)).collect();
    Record::reject_duplicate_names(&mut records);
    Ok(records)
}
