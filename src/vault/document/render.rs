//! Writes the changes of a vault into its text.

use toml_edit::{DocumentMut, Item, Table, TableLike, TomlError};

use super::account_fields::write_account;
use super::comments::{Heading, keep_headings, preserve_trailing_comment};
use super::error::DocumentError;
use super::integrity_fields::MacScope;
use super::parse::{decode, parse};
use super::table_edit::{remove_keys, rename_key, rename_keys};
use super::version::NEW_VAULT;
use super::{integrity_fields, plaintext_check};
use crate::otp::Account;
use crate::vault::encrypted::EncryptedVault;
use crate::vault::{Change, Entry, Vault};

const BYTE_ORDER_MARK: char = '\u{feff}';

/// Writes the changes of a vault into the text from which it was read, or into the text of a new vault.
///
/// An encrypted vault must have been unlocked.
///
/// # Errors
/// `NotEditable` if the new text, read again, would not hold exactly the accounts of the vault, or not be authentic;
/// `PlainSecret` or `CommentedSecret` if a secret would remain as plain text; `LastGeneration`; `NotUtf8`, `Empty`,
/// `Syntax` or `AccountsNotATable` if `before` is not a vault.
pub(in crate::vault) fn render(before: Option<&[u8]>, vault: &Vault) -> Result<String, DocumentError> {
    let text = before.map_or(Ok(NEW_VAULT), decode)?;
    let mut document: DocumentMut =
        text.parse().map_err(|error: TomlError| DocumentError::syntax_at(text, error.span()))?;
    apply_to_records(&mut document, vault)?;
    apply_to_header(&mut document, vault)?;
    let after = restore_line_endings(text, document.to_string());
    check_reread(&after, vault)?;
    if vault.changes.contains(&Change::Encrypt) {
        plaintext_check::reject_plain_secrets(text, &after, vault.accounts())?;
    }
    Ok(after)
}

fn apply_to_records(document: &mut DocumentMut, vault: &Vault) -> Result<(), DocumentError> {
    let accounts = document
        .entry("accounts")
        .or_insert_with(implicit_table)
        .as_table_like_mut()
        .ok_or(DocumentError::AccountsNotATable)?;
    let mut headings = Vec::new();
    for change in &vault.changes {
        headings.extend(headings_of_removed(accounts, change));
        apply(accounts, change, vault);
    }
    keep_headings(document, headings);
    preserve_trailing_comment(document, &inserted_names(vault));
    Ok(())
}

fn apply_to_header(document: &mut DocumentMut, vault: &Vault) -> Result<(), DocumentError> {
    if vault.changes.contains(&Change::Decrypt) {
        integrity_fields::remove(document);
    }
    match vault.encryption.as_deref() {
        Some(encryption @ EncryptedVault { keys: Some(keys), .. }) => {
            integrity_fields::write(document, encryption, keys, &scope(vault))
        }
        _ => Ok(()),
    }
}

/// Checks that a text holds exactly the accounts of a vault, and that each of them can be decrypted.
fn check_reread(after: &str, vault: &Vault) -> Result<(), DocumentError> {
    let reread = parse(after.as_bytes()).ok().and_then(|mut reread| match vault.keys() {
        Some(keys) => reread.unlock_with_keys(keys, false).is_empty().then_some(reread),
        None => Some(reread),
    });
    let is_same = reread.is_some_and(|reread| {
        reread.is_encrypted() == vault.is_encrypted()
            && reread.records.len() == vault.records.len()
            && vault
                .records
                .iter()
                .zip(&reread.records)
                .all(|(record, other)| record.is_same_as_reread(other))
    });
    if is_same { Ok(()) } else { Err(DocumentError::NotEditable) }
}

/// Returns the records that get a new MAC even if nothing in them changed.
fn scope(vault: &Vault) -> MacScope {
    if vault.changes.contains(&Change::Encrypt) {
        return MacScope::All;
    }
    if !vault.changes.contains(&Change::Accept) {
        return MacScope::Changed;
    }
    let usable = vault.records.iter().filter(|record| record.entry.is_ok());
    MacScope::Accepted(usable.map(|record| record.key.clone()).collect())
}

fn implicit_table() -> Item {
    let mut table = Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

fn headings_of_removed(accounts: &dyn TableLike, change: &Change) -> Vec<Heading> {
    let Change::Remove(keys) = change else { return Vec::new() };
    keys.iter().filter_map(|key| Heading::above(accounts.get(key)?.as_table()?)).collect()
}

fn inserted_names(vault: &Vault) -> Vec<&str> {
    let names = vault.changes.iter().filter_map(|change| match change {
        Change::Insert { key, .. } => Some(key.as_str()),
        _ => None,
    });
    names.collect()
}

fn apply(accounts: &mut dyn TableLike, change: &Change, vault: &Vault) {
    let write = |table: &mut dyn TableLike, key: &str, account: &Account| {
        write_account(table, key, account, vault.keys(), vault.record_form());
    };
    match change {
        Change::Insert { key, account } => insert(accounts, key, account, write),
        Change::Replace { key, account } => {
            if !update(accounts, key, account, write) {
                insert(accounts, key, account, write);
            }
        }
        Change::Remove(keys) => remove_keys(accounts, &keys.iter().map(String::as_str).collect()),
        Change::Rename { from, to, account } => {
            rename_key(accounts, from, to);
            update(accounts, to, account, write);
        }
        Change::SetKeys(keys) => rename_keys(accounts, keys),
        Change::RemoveFields(fields) => {
            let records = accounts.iter_mut().filter_map(|(_, record)| record.as_table_like_mut());
            records.for_each(|record| remove_fields(record, fields));
        }
        Change::Encrypt | Change::Decrypt => {
            for record in &vault.records {
                if let Some(account) = record.entry.as_ref().ok().and_then(Entry::account) {
                    update(accounts, &record.key, &account, write);
                }
            }
        }
        Change::SetSlots | Change::Supersede | Change::Accept => {}
    }
}

fn remove_fields(record: &mut dyn TableLike, fields: &[&str]) {
    for field in fields {
        record.remove(field);
    }
}

fn insert(
    accounts: &mut dyn TableLike,
    key: &str,
    account: &Account,
    write: impl Fn(&mut dyn TableLike, &str, &Account),
) {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    write(&mut table, key, account);
    accounts.insert(key, Item::Table(table));
}

/// Updates the record with this key. Returns whether it exists.
fn update(
    accounts: &mut dyn TableLike,
    key: &str,
    account: &Account,
    write: impl Fn(&mut dyn TableLike, &str, &Account),
) -> bool {
    let Some(table) = accounts.get_mut(key).and_then(Item::as_table_like_mut) else { return false };
    write(table, key, account);
    true
}

/// Restores `\r\n`, if all lines before ended so, and the byte order mark: the editor writes neither.
fn restore_line_endings(before: &str, after: String) -> String {
    let lines = before.matches('\n').count();
    let is_dos = lines > 0 && before.matches("\r\n").count() == lines;
    let after = if is_dos { after.replace("\r\n", "\n").replace('\n', "\r\n") } else { after };
    if before.starts_with(BYTE_ORDER_MARK) && !after.starts_with(BYTE_ORDER_MARK) {
        format!("{BYTE_ORDER_MARK}{after}")
    } else {
        after
    }
}
