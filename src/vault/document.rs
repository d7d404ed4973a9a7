//! The text of a vault: TOML into accounts, and changes into the TOML, whose comments, order and unknown keys stay.

use toml::{Table, Value};
use toml_edit::{DocumentMut, Item, TableLike};

use super::record::Record;
use super::{Change, Vault};
use crate::otp::{Account, Parameters};

/// The version of the format that this program reads and writes
const VERSION: i64 = 1;

/// What a new vault begins with
const NEW: &str = "# The accounts of mfa. Whoever can read this file can make your codes.\nversion = 1\n";

/// The byte order mark that some editors put first
const MARK: char = '\u{feff}';

/// Why a text is no vault; places only, since a line of the text may hold a secret
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DocumentError {
    #[error("is empty")]
    Empty,
    #[error("is not text: byte {0} is not UTF-8")]
    NotUtf8(usize),
    #[error("has a syntax error at line {line}, column {column}")]
    Syntax { line: usize, column: usize },
    #[error("holds a table or key twice, the second time at line {line}, column {column}")]
    Duplicate { line: usize, column: usize },
    #[error("has no 'version'")]
    NoVersion,
    #[error("has a 'version' that is not a whole number from 1 on")]
    BadVersion,
    #[error("has version {0}, this program knows version {VERSION}")]
    NewerVersion(i64),
    #[error("has an entry 'accounts' that is not a table")]
    AccountsNotATable,
    #[error("could not be changed without touching other entries")]
    NotEditable,
}

/// Reads a vault. A record that is wrong in itself is kept as such; it does not keep the others out.
///
/// # Errors
/// What concerns the text as a whole.
pub(super) fn parse(bytes: &[u8]) -> Result<Vault, DocumentError> {
    let text = text_of(bytes)?;
    let table: Table = text.parse().map_err(|error: toml::de::Error| {
        match (syntax(text, error.span()), error.message().contains("duplicate key")) {
            (DocumentError::Syntax { line, column }, true) => DocumentError::Duplicate { line, column },
            (error, _) => error,
        }
    })?;
    check_version(&table)?;
    let records = match table.get("accounts") {
        None => Vec::new(),
        Some(Value::Table(accounts)) => {
            accounts.iter().map(|(key, value)| Record::read(key, value)).collect()
        }
        Some(_) => return Err(DocumentError::AccountsNotATable),
    };
    Ok(Vault::new(records))
}

/// Writes the changes of a vault into the text that it was read from; without a text, into a new one.
///
/// # Errors
/// `NotEditable` where the text, read again, would not hold exactly the accounts of the vault.
pub(super) fn render(before: Option<&[u8]>, vault: &Vault) -> Result<String, DocumentError> {
    let text = before.map_or(Ok(NEW), text_of)?;
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| syntax(text, error.span()))?;
    let last_words = last_words(&mut document, vault);
    let accounts = document
        .entry("accounts")
        .or_insert_with(implicit_table)
        .as_table_like_mut()
        .ok_or(DocumentError::AccountsNotATable)?;
    for change in &vault.changes {
        apply(accounts, change);
    }
    precede_first_new(accounts, vault, &last_words);
    let after = with_marks_of(text, document.to_string());
    match parse(after.as_bytes()) {
        Ok(again) if again.records == vault.records => Ok(after),
        _ => Err(DocumentError::NotEditable),
    }
}

fn text_of(bytes: &[u8]) -> Result<&str, DocumentError> {
    let text = std::str::from_utf8(bytes).map_err(|error| DocumentError::NotUtf8(error.valid_up_to() + 1))?;
    if text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\0')).is_empty() {
        return Err(DocumentError::Empty);
    }
    Ok(text)
}

fn check_version(table: &Table) -> Result<(), DocumentError> {
    match table.get("version") {
        None => Err(DocumentError::NoVersion),
        Some(Value::Integer(VERSION)) => Ok(()),
        Some(Value::Integer(newer)) if *newer > VERSION => Err(DocumentError::NewerVersion(*newer)),
        Some(_) => Err(DocumentError::BadVersion),
    }
}

/// Line and column of a syntax error, both from 1, the column in characters
fn syntax(text: &str, span: Option<std::ops::Range<usize>>) -> DocumentError {
    let offset = span.map_or(0, |span| span.start).min(text.len());
    let before = String::from_utf8_lossy(&text.as_bytes()[..offset]);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    DocumentError::Syntax { line, column }
}

fn implicit_table() -> Item {
    let mut table = toml_edit::Table::new();
    table.set_implicit(true);
    Item::Table(table)
}

/// A comment at the end of the file belongs to what stands above it, not to the record that is added below
fn last_words(document: &mut DocumentMut, vault: &Vault) -> String {
    let adds = vault.changes.iter().any(|change| matches!(change, Change::Insert(_)));
    let words = document.trailing().as_str().unwrap_or_default().to_owned();
    if !adds || words.trim().is_empty() {
        return String::new();
    }
    document.set_trailing("");
    words
}

fn precede_first_new(accounts: &mut dyn TableLike, vault: &Vault, words: &str) {
    let new = vault.changes.iter().find_map(|change| match change {
        Change::Insert(account) => Some(account.name.as_str()),
        Change::Replace { .. } => None,
    });
    if let Some(table) = new.and_then(|name| accounts.get_mut(name)).and_then(Item::as_table_mut) {
        let end = if words.is_empty() || words.ends_with('\n') { "" } else { "\n" };
        table.decor_mut().set_prefix(format!("{words}{end}\n"));
    }
}

fn apply(accounts: &mut dyn TableLike, change: &Change) {
    match change {
        Change::Insert(account) => {
            let mut table = toml_edit::Table::new();
            table.decor_mut().set_prefix("\n");
            write(&mut table, account);
            accounts.insert(account.name.as_str(), Item::Table(table));
        }
        Change::Replace { key, account } => match accounts.get_mut(key).and_then(Item::as_table_like_mut) {
            Some(table) => write(table, account),
            None => apply(accounts, &Change::Insert(account.clone())),
        },
    }
}

/// Sets the fields of an account, and takes away those that now have their default
fn write(table: &mut dyn TableLike, account: &Account) {
    let (label, parameters, default) = (&account.label, account.key.parameters(), Parameters::DEFAULT);
    let text = |text: &str| (!text.is_empty()).then(|| toml_edit::Value::from(text));
    let number = |number: i64, default: i64| (number != default).then(|| toml_edit::Value::from(number));
    let period = |parameters: Parameters| parameters.period().unwrap_or_default().into();
    let algorithm = parameters.algorithm();
    let algorithm = (algorithm != default.algorithm()).then(|| algorithm.as_str().into());
    let fields = [
        ("issuer", text(&label.issuer)),
        ("account", text(&label.account_name)),
        ("algorithm", algorithm),
        ("digits", number(parameters.digits().into(), default.digits().into())),
        ("period", number(period(parameters), period(default))),
        ("serial", label.serial.as_ref().and_then(|serial| text(serial.as_str()))),
        ("type", None),
        // last: a record that has been cut off has no secret then, and gives no wrong code
        ("secret", text(&account.key.secret().to_base32())),
    ];
    for (field, value) in fields {
        set(table, field, value);
    }
}

fn set(table: &mut dyn TableLike, field: &str, value: Option<toml_edit::Value>) {
    match (value, table.get_mut(field).and_then(Item::as_value_mut)) {
        (Some(mut value), Some(there)) => {
            *value.decor_mut() = there.decor().clone();
            *there = value;
        }
        (Some(value), None) => {
            table.insert(field, Item::Value(value));
        }
        (None, _) => {
            table.remove(field);
        }
    }
}

/// The editor writes `\n` and no byte order mark; a file whose lines all end in `\r\n`, or that has a mark, keeps that
fn with_marks_of(before: &str, after: String) -> String {
    let lines = before.matches('\n').count();
    let dos = lines > 0 && before.matches("\r\n").count() == lines;
    let after = if dos { after.replace("\r\n", "\n").replace('\n', "\r\n") } else { after };
    if before.starts_with(MARK) && !after.starts_with(MARK) { format!("{MARK}{after}") } else { after }
}

#[cfg(test)]
mod tests;
