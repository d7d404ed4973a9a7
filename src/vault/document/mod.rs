//! The text of a vault: TOML into accounts, and changes into the TOML, whose comments, order and unknown keys stay.

mod comments;
mod integrity_fields;
mod plaintext_check;

use serde::Deserialize as _;
use toml::de::{DeTable, DeValue, Deserializer};
use toml::{Spanned, Table};
use toml_edit::{DocumentMut, Item, Key, TableLike};

use comments::Heading;

use crate::error::{CommandError, ExitCode};
use crate::otp::{Account, Kind, Parameters, Secret};
use crate::vault::crypto::{AssociatedData, HeaderError, VaultHeader, VaultKeys};
use crate::vault::encrypted::EncryptedVault;
use crate::vault::record::{Field, Record};
use crate::vault::{Change, Entry, Vault};

/// The version of a file whose secrets are plain text
const PLAIN: i64 = 1;

/// The version of a file whose secrets are sealed
const SEALED: i64 = 2;

/// What a new vault begins with
const NEW: &str = "# The accounts of mfa. Whoever can read this file can make your codes.\nversion = 1\n";

/// What it begins with once its secrets are sealed: the other would be untrue
const NEW_SEALED: &str = "# The accounts of mfa. Their secrets are sealed.\n";

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
    #[error("has version {0}, this program knows versions {PLAIN} and {SEALED}")]
    NewerVersion(i64),
    #[error("has an entry 'accounts' that is not a table")]
    AccountsNotATable,
    #[error("{0}")]
    VaultHeader(#[from] HeaderError),
    #[error("has the highest 'vault.generation' that there is: no change can follow it")]
    LastGeneration,
    #[error("could not be changed without touching other entries")]
    NotEditable,
    #[error("would still hold a secret as plain text: {}, outside of its record, has it too", place(*.0))]
    PlainSecret(Option<usize>),
    #[error("would still hold a secret as plain text: the comment in line {0} has that of another record")]
    CommentedSecret(usize),
}

/// None where the line is not one of the user's, but in the list of the names
fn place(line: Option<usize>) -> String {
    line.map_or_else(|| "the name of an account".to_owned(), |line| format!("line {line}"))
}

/// Reads a vault. A record that is wrong in itself is kept as such; it does not keep the others out.
///
/// # Errors
/// What concerns the text as a whole.
pub(super) fn parse(bytes: &[u8]) -> Result<Vault, DocumentError> {
    let text = text_of(bytes)?;
    let refused = |error: toml::de::Error| match (syntax(text, error.span()), error.message()) {
        (DocumentError::Syntax { line, column }, message) if message.contains("duplicate key") => {
            DocumentError::Duplicate { line, column }
        }
        (error, _) => error,
    };
    let root = DeTable::parse(text).map_err(refused)?;
    let is_sealed = version(root.get_ref())? == SEALED;
    let mut records: Vec<Record> = match root.get_ref().get("accounts").map(Spanned::get_ref) {
        None => Vec::new(),
        Some(DeValue::Table(accounts)) => {
            let entries = accounts.iter().map(|(key, value)| (key.get_ref(), value.get_ref()));
            entries.map(|(key, value)| Record::read(key, value, is_sealed)).collect()
        }
        Some(_) => return Err(DocumentError::AccountsNotATable),
    };
    Record::reject_duplicate_names(&mut records);
    let mut vault = Vault::new(records);
    if is_sealed {
        let root = Table::deserialize(Deserializer::from(root)).map_err(refused)?;
        vault.encryption = Some(Box::new(EncryptedVault::new(VaultHeader::read(&root)?, root)));
    }
    Ok(vault)
}

/// Writes the changes of a vault into the text that it was read from; without a text, into a new one. A sealed vault
/// must have been unlocked.
///
/// # Errors
/// `NotEditable` where the text, read again, would not hold exactly the accounts of the vault, or not be sound.
pub(super) fn render(before: Option<&[u8]>, vault: &Vault) -> Result<String, DocumentError> {
    let text = before.map_or(Ok(NEW), text_of)?;
    let mut document: DocumentMut =
        text.parse().map_err(|error: toml_edit::TomlError| syntax(text, error.span()))?;
    let accounts = document
        .entry("accounts")
        .or_insert_with(implicit_table)
        .as_table_like_mut()
        .ok_or(DocumentError::AccountsNotATable)?;
    let mut headings = Vec::new();
    for change in &vault.changes {
        headings.extend(heading_of_removed(accounts, change));
        apply(accounts, change, vault);
    }
    comments::keep_headings(&mut document, headings);
    comments::preserve_trailing_comment(&mut document, &new(vault));
    for change in &vault.changes {
        match change {
            Change::Decrypt => integrity_fields::strip(&mut document),
            Change::SetRecipients(recipients) => {
                integrity_fields::write_recipients(&mut document, recipients)?;
            }
            _ => {}
        }
    }
    if let Some(EncryptedVault { header: head, keys: Some(keys), .. }) = vault.encryption.as_deref() {
        integrity_fields::sign(&mut document, head, keys)?;
    }
    let after = restore_line_endings(text, document.to_string());
    check(&after, vault)?;
    if vault.changes.contains(&Change::Encrypt) {
        plaintext_check::refuse(text, &after, vault.accounts())?;
    }
    Ok(after)
}

/// Whether a text holds exactly the accounts of a vault, each of which opens
fn check(after: &str, vault: &Vault) -> Result<(), DocumentError> {
    let again = parse(after.as_bytes()).ok().and_then(|mut again| match vault.keys() {
        Some(keys) => again.unlock_with_keys(keys).is_empty().then_some(again),
        None => Some(again),
    });
    let is_sound = again.is_some_and(|again| {
        again.is_encrypted() == vault.is_encrypted()
            && again.records.len() == vault.records.len()
            && vault.records.iter().zip(&again.records).all(|(record, again)| record.is_again(again))
    });
    if is_sound { Ok(()) } else { Err(DocumentError::NotEditable) }
}

fn text_of(bytes: &[u8]) -> Result<&str, DocumentError> {
    let text = std::str::from_utf8(bytes).map_err(|error| DocumentError::NotUtf8(error.valid_up_to() + 1))?;
    if text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{feff}' | '\0')).is_empty() {
        return Err(DocumentError::Empty);
    }
    Ok(text)
}

fn version(root: &DeTable<'_>) -> Result<i64, DocumentError> {
    match root.get("version").map(|version| version.get_ref().into()) {
        None => Err(DocumentError::NoVersion),
        Some(Field::Number(version @ (PLAIN | SEALED))) => Ok(version),
        Some(Field::Number(newer)) if newer > SEALED => Err(DocumentError::NewerVersion(newer)),
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

fn heading_of_removed(accounts: &dyn TableLike, change: &Change) -> Option<Heading> {
    let Change::Remove { key } = change else { return None };
    Heading::above(accounts.get(key)?.as_table()?)
}

/// The names of the records that are added
fn new(vault: &Vault) -> Vec<&str> {
    let added = vault.changes.iter().filter_map(|change| match change {
        Change::Insert(account) => Some(account.name.as_str()),
        _ => None,
    });
    added.collect()
}

fn apply(accounts: &mut dyn TableLike, change: &Change, vault: &Vault) {
    match change {
        Change::Insert(account) => {
            let mut table = toml_edit::Table::new();
            table.decor_mut().set_prefix("\n");
            write(&mut table, account.name.as_str(), account, vault.keys());
            accounts.insert(account.name.as_str(), Item::Table(table));
        }
        Change::Replace { key, account } => match accounts.get_mut(key).and_then(Item::as_table_like_mut) {
            Some(table) => write(table, key, account, vault.keys()),
            None => apply(accounts, &Change::Insert(account.clone()), vault),
        },
        Change::Remove { key } => {
            accounts.remove(key);
        }
        Change::Rename { key, account } => {
            rename(accounts, key, account.name.as_str());
            if let Some(table) = accounts.get_mut(account.name.as_str()).and_then(Item::as_table_like_mut) {
                write(table, account.name.as_str(), account, vault.keys());
            }
        }
        Change::Encrypt | Change::Decrypt => {
            for record in &vault.records {
                if let Some(account) = record.entry.as_ref().ok().and_then(Entry::account)
                    && let Some(table) = accounts.get_mut(&record.key).and_then(Item::as_table_like_mut)
                {
                    write(table, &record.key, &account, vault.keys());
                }
            }
        }
        Change::SetSlots | Change::Authenticate | Change::SetRecipients(_) => {}
    }
}

/// Sets the fields of an account that say something else, and takes away those that now have their default; with keys the
/// secret is sealed
fn write(table: &mut dyn TableLike, key: &str, account: &Account, keys: Option<&VaultKeys>) {
    let (label, parameters, secret) = (&account.label, account.key.parameters(), account.key.secret());
    let kind = parameters.kind();
    let default = if kind == Kind::Steam { Parameters::STEAM } else { Parameters::DEFAULT };
    let text = |text: &str| (!text.is_empty()).then(|| toml_edit::Value::from(text));
    let algorithm = parameters.algorithm();
    let algorithm = (algorithm != default.algorithm()).then(|| algorithm.as_str().into());
    let digits = (parameters.digits() != default.digits()).then(|| i64::from(parameters.digits()).into());
    let (period, counter) = match kind {
        Kind::Totp { period } => {
            ((period != Parameters::DEFAULT_PERIOD).then(|| i64::from(period).into()), None)
        }
        Kind::Hotp { counter } => (None, i64::try_from(counter).ok().map(Into::into)),
        Kind::Steam => (None, None),
    };
    let (gone, kept) = if keys.is_some() { ("secret", "sealed") } else { ("sealed", "secret") };
    rename(table, gone, kept);
    let tags: toml_edit::Array = account.tags.iter().map(String::as_str).collect();
    let fields = [
        ("type", if matches!(kind, Kind::Totp { .. }) { None } else { text(kind.as_str()) }),
        ("issuer", text(&label.issuer)),
        ("account", text(&label.account_name)),
        ("algorithm", algorithm),
        ("digits", digits),
        ("period", period),
        ("counter", counter),
        ("serial", label.serial.as_ref().and_then(|serial| text(serial.as_str()))),
        ("tags", (!tags.is_empty()).then(|| tags.into())),
        // last: a record that has been cut off has no secret then, and gives no wrong code
        ("secret", if keys.is_none() { text(&secret.to_base32()) } else { None }),
        (
            "sealed",
            keys.and_then(|keys| text(&keys.seal_secret(secret, &AssociatedData::of(key, parameters)))),
        ),
        // made anew when the whole is signed
        ("tag", None),
    ];
    for (field, value) in fields {
        let stands = field_matches(table, field, account)
            || (field == "tags" && update_tags_in_place(table, &account.tags));
        if !stands {
            set(table, field, value);
        }
    }
}

/// Whether a field as it stands, however it is written, says what the account says
fn field_matches(table: &dyn TableLike, field: &str, account: &Account) -> bool {
    let (label, parameters) = (&account.label, account.key.parameters());
    let Some(there) = table.get(field) else { return false };
    let text = |text: &str| there.as_str() == Some(text);
    let number = |number: u64| there.as_integer().and_then(|there| u64::try_from(there).ok()) == Some(number);
    match (field, parameters.kind()) {
        ("type", kind) => text(kind.as_str()),
        ("issuer", _) => text(&label.issuer),
        ("account", _) => text(&label.account_name),
        ("algorithm", _) => {
            there.as_str().and_then(|there| there.parse().ok()) == Some(parameters.algorithm())
        }
        ("digits", _) => number(parameters.digits().into()),
        ("period", Kind::Totp { period }) => number(period.into()),
        ("counter", Kind::Hotp { counter }) => number(counter),
        ("serial", _) => label.serial.as_ref().is_some_and(|serial| text(serial.as_str())),
        ("tags", _) => there.as_array().is_some_and(|list| lists(list, &account.tags)),
        ("secret", _) => there
            .as_str()
            .is_some_and(|there| Secret::from_base32(there).is_ok_and(|(s, _)| s == *account.key.secret())),
        _ => false,
    }
}

/// Gives a field, or a record, another name in its place; the comments above and behind it stay
fn rename(table: &mut dyn TableLike, from: &str, to: &str) {
    if !table.contains_key(from) {
        return;
    }
    table.remove(to);
    let keys: Vec<Key> = table.iter().filter_map(|(key, _)| table.key(key).cloned()).collect();
    let fields: Vec<(Key, Item)> =
        keys.into_iter().filter_map(|key| table.remove(key.get()).map(|item| (key, item))).collect();
    for (key, item) in fields {
        let key = if key.get() == from {
            Key::new(to)
                .with_leaf_decor(key.leaf_decor().clone())
                .with_dotted_decor(key.dotted_decor().clone())
        } else {
            key
        };
        table.entry_format(&key).or_insert(item);
    }
}

fn set(table: &mut dyn TableLike, field: &str, value: Option<toml_edit::Value>) {
    match (value, table.get_mut(field).and_then(Item::as_value_mut)) {
        // as it stands in the text
        (Some(value), Some(there)) if there.to_string().trim() == value.to_string().trim() => {}
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

/// Makes the list of the tags hold these by taking away and adding, so that its lines and comments stay; whether that is
/// enough: they may be in another order
fn update_tags_in_place(table: &mut dyn TableLike, tags: &[String]) -> bool {
    let Some(list) = table.get_mut("tags").and_then(Item::as_array_mut).filter(|_| !tags.is_empty()) else {
        return false;
    };
    list.retain(|value| value.as_str().is_some_and(|value| tags.iter().any(|tag| tag == value)));
    for tag in tags {
        if !list.iter().any(|value| value.as_str() == Some(tag)) {
            list.push(tag);
        }
    }
    lists(list, tags)
}

fn lists(list: &toml_edit::Array, texts: &[String]) -> bool {
    list.iter().map(toml_edit::Value::as_str).eq(texts.iter().map(|text| Some(text.as_str())))
}

/// The editor writes `\n` and no byte order mark; a file whose lines all end in `\r\n`, or that has a mark, keeps that
fn restore_line_endings(before: &str, after: String) -> String {
    let lines = before.matches('\n').count();
    let dos = lines > 0 && before.matches("\r\n").count() == lines;
    let after = if dos { after.replace("\r\n", "\n").replace('\n', "\r\n") } else { after };
    if before.starts_with(MARK) && !after.starts_with(MARK) { format!("{MARK}{after}") } else { after }
}

impl From<DocumentError> for CommandError {
    fn from(error: DocumentError) -> Self {
        Self::wrap(ExitCode::Failed, error)
    }
}

#[cfg(test)]
mod tests;
