//! Writes the fields of an account into its record.

use toml_edit::{Array, TableLike, Value};

use super::table_edit::{rename_key, set_value};
use crate::otp::{Account, Kind, Parameters, Secret};
use crate::vault::crypto::{AssociatedData, VaultKeys};
use crate::vault::record::RecordForm;

/// Sets the fields whose values differ from the account, and removes those that now have their default.
///
/// Encrypts the secret and the note if there are keys, and the label too if `form` says so. `key` is the key of the
/// record in the file.
pub(super) fn write_account(
    table: &mut dyn TableLike,
    key: &str,
    account: &Account,
    keys: Option<&VaultKeys>,
    form: RecordForm,
) {
    let (from, to) = if keys.is_some() { ("secret", "sealed") } else { ("sealed", "secret") };
    rename_key(table, from, to);
    for (field, value) in field_values(key, account, keys, form) {
        let is_secret = match field {
            "note" => keys.is_some(),
            "issuer" | "account" | "serial" | "tags" => form == RecordForm::HiddenName,
            _ => false,
        };
        let is_current = !is_secret
            && (field_matches(table, field, account)
                || (field == "tags" && update_tags_in_place(table, &account.tags)));
        if !is_current {
            set_value(table, field, value);
        }
    }
}

/// Returns the fields of a record in the order of a new one; `None` for a default.
fn field_values(
    key: &str,
    account: &Account,
    keys: Option<&VaultKeys>,
    form: RecordForm,
) -> Vec<(&'static str, Option<Value>)> {
    let (label, parameters, secret) = (&account.label, account.key.parameters(), account.key.secret());
    let data = AssociatedData::new(key, parameters);
    let encrypted = keys.map(|keys| keys.encrypt_secret(secret, &account.note, &data));
    let hides_name = form == RecordForm::HiddenName;
    let hidden = keys.filter(|_| hides_name);
    let hidden = hidden.map(|keys| keys.encrypt_label(key, &account.name, label, &account.tags));
    let shown = |text: &str| if hides_name { None } else { non_empty(text) };
    let plain = keys.is_none().then(|| secret.to_base32());
    let note = keys.is_none().then(|| account.note.expose());
    let tags: Array = account.tags.iter().map(String::as_str).collect();
    let [kind, algorithm, digits, period, counter] = parameter_values(parameters);
    let mut fields = vec![
        ("type", kind),
        ("issuer", shown(&label.issuer)),
        ("account", shown(&label.account_name)),
        ("algorithm", algorithm),
        ("digits", digits),
        ("period", period),
        ("counter", counter),
        ("serial", label.serial.as_ref().and_then(|serial| shown(serial.as_str()))),
        ("tags", (!tags.is_empty() && !hides_name).then(|| tags.into())),
        ("note", note.and_then(note_value)),
    ];
    fields.extend(hidden.map(|hidden| ("label", Some(hidden.into()))));
    // The secret comes last, so that a truncated record has none and gives no wrong code.
    fields.extend([
        ("secret", plain.and_then(|plain| non_empty(&plain))),
        ("sealed", encrypted.map(Value::from)),
    ]);
    fields
}

/// Returns type, algorithm, digits, period and counter; `None` for a default.
fn parameter_values(parameters: Parameters) -> [Option<Value>; 5] {
    let kind = parameters.kind();
    let default = if kind == Kind::Steam { Parameters::STEAM } else { Parameters::DEFAULT };
    let (period, counter) = match kind {
        Kind::Totp { period } => {
            ((period != Parameters::DEFAULT_PERIOD).then(|| i64::from(period).into()), None)
        }
        Kind::Hotp { counter } => (None, i64::try_from(counter).ok().map(Value::from)),
        Kind::Steam => (None, None),
    };
    let (algorithm, digits) = (parameters.algorithm(), parameters.digits());
    [
        (!matches!(kind, Kind::Totp { .. })).then(|| kind.as_str().into()),
        (algorithm != default.algorithm()).then(|| algorithm.as_str().into()),
        (digits != default.digits()).then(|| i64::from(digits).into()),
        period,
        counter,
    ]
}

/// Returns a note as a string, or as a list of its lines: the fast scan reads no string of several lines.
fn note_value(text: &str) -> Option<Value> {
    if text.contains('\n') { Some(text.split('\n').collect::<Array>().into()) } else { non_empty(text) }
}

fn non_empty(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| text.into())
}

/// Returns whether a field, in whatever notation, has the value of the account.
fn field_matches(table: &dyn TableLike, field: &str, account: &Account) -> bool {
    let (label, parameters) = (&account.label, account.key.parameters());
    let Some(value) = table.get(field) else { return false };
    let is_text = |text: &str| value.as_str() == Some(text);
    let is_number = |number: u64| value.as_integer().and_then(|n| u64::try_from(n).ok()) == Some(number);
    match (field, parameters.kind()) {
        ("type", kind) => is_text(kind.as_str()),
        ("issuer", _) => is_text(&label.issuer),
        ("account", _) => is_text(&label.account_name),
        ("algorithm", _) => value.as_str().and_then(|text| text.parse().ok()) == Some(parameters.algorithm()),
        ("digits", _) => is_number(parameters.digits().into()),
        ("period", Kind::Totp { period }) => is_number(period.into()),
        ("counter", Kind::Hotp { counter }) => is_number(counter),
        ("serial", _) => label.serial.as_ref().is_some_and(|serial| is_text(serial.as_str())),
        ("tags", _) => value.as_array().is_some_and(|list| is_list_of(list, &account.tags)),
        ("note", _) => match value.as_array() {
            Some(lines) => lines.iter().map(Value::as_str).eq(account.note.expose().split('\n').map(Some)),
            None => is_text(account.note.expose()),
        },
        ("secret", _) => value
            .as_str()
            .is_some_and(|text| Secret::from_base32(text).is_ok_and(|(s, _)| s == *account.key.secret())),
        _ => false,
    }
}

/// Updates the list of tags by removing and appending elements, which keeps its lines and comments.
///
/// Returns whether the list has these tags now: not if it would have to be reordered.
fn update_tags_in_place(table: &mut dyn TableLike, tags: &[String]) -> bool {
    let Some(list) = table.get_mut("tags").and_then(|item| item.as_array_mut()).filter(|_| !tags.is_empty())
    else {
        return false;
    };
    list.retain(|value| value.as_str().is_some_and(|value| tags.iter().any(|tag| tag == value)));
    for tag in tags {
        if !list.iter().any(|value| value.as_str() == Some(tag)) {
            list.push(tag);
        }
    }
    is_list_of(list, tags)
}

fn is_list_of(list: &Array, texts: &[String]) -> bool {
    list.iter().map(Value::as_str).eq(texts.iter().map(|text| Some(text.as_str())))
}
