//! The content of the files of a place, read without `mfa` as far as possible.

use std::fs;
use std::path::Path;

use toml::{Table, Value};

use crate::harness::faults::place::{ALICE, BOB, CAROL, COUNT, EXPORTED, GONE, Place};
use crate::harness::run_with_stdin;

/// The content of the vault, its backup and the used codes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct State {
    /// The vault and its backup, each without encrypted fields, which differ each time.
    pub(crate) vault: Table,
    pub(crate) backup: Table,
    /// `mfa list --codes --json`
    pub(crate) codes: String,
    /// The steps of used codes.
    pub(crate) steps: Vec<String>,
    /// The file that `export -f` replaces.
    pub(crate) exported: String,
}

impl State {
    /// Reads the state. Fails if a file is not whole, or if `mfa list` fails.
    pub(crate) fn read(place: &Place) -> Result<Self, String> {
        let vault = outline(&place.path("vault/vault.toml"))?;
        let backup = outline(&place.path("vault/vault.toml.bak"))?;
        let steps = place.files().into_iter().filter(|(path, ..)| {
            path.parent().is_some_and(|folder| folder.ends_with("steps"))
                && path.extension() == Some("json".as_ref())
        });
        let steps = steps.map(|(_, bytes, _)| String::from_utf8_lossy(&bytes).into_owned()).collect();
        let list = run_with_stdin(&mut place.mfa(&["list", "--codes", "--json"]), "");
        let (codes, stderr) = (String::from_utf8_lossy(&list.stdout), String::from_utf8_lossy(&list.stderr));
        if !list.status.success() || !stderr.is_empty() {
            return Err(format!("list does not work: {codes}{stderr}"));
        }
        let exported =
            fs::read_to_string(place.path(EXPORTED)).map_err(|error| format!("{EXPORTED}: {error}"))?;
        Ok(Self { vault, backup, codes: codes.into_owned(), steps, exported })
    }

    /// Returns the code of an account in `codes`.
    pub(crate) fn code(&self, name: &str) -> Option<String> {
        let list: serde_json::Value = serde_json::from_str(&self.codes).unwrap();
        let account = list["accounts"].as_array()?.iter().find(|account| account["name"] == name)?;
        account["code"].as_str().map(str::to_owned)
    }

    /// Returns whether the vault and its codes are the same.
    pub(crate) fn matches(&self, other: &Self) -> bool {
        (&self.vault, &self.codes) == (&other.vault, &other.codes)
    }
}

/// Returns the accounts of a vault, without their encrypted fields.
fn outline(vault: &Path) -> Result<Table, String> {
    let text = fs::read_to_string(vault).map_err(|error| format!("{}: {error}", vault.display()))?;
    let mut table: Table = text.parse().map_err(|_| format!("{} is torn:\n{text}", vault.display()))?;
    table.remove("vault");
    for (_, account) in table.get_mut("accounts").and_then(Value::as_table_mut).into_iter().flatten() {
        for field in ["sealed", "generation", "tag"] {
            account.as_table_mut().and_then(|account| account.remove(field));
        }
    }
    Ok(table)
}

/// Returns the files that hold a secret and that other users can read.
pub(crate) fn exposed_files(place: &Place) -> Vec<String> {
    let secrets = [ALICE, BOB, CAROL, GONE, COUNT].map(|(secret, _)| secret.as_bytes());
    let tells =
        |bytes: &[u8]| secrets.iter().any(|secret| bytes.windows(secret.len()).any(|part| part == *secret));
    let open = place.files().into_iter().filter(|(_, bytes, mode)| mode & 0o077 != 0 && tells(bytes));
    open.map(|(path, _, mode)| format!("{} is open: {mode:o}", path.display())).collect()
}

/// Returns the temporary files.
pub(crate) fn temporary_files(place: &Place) -> Vec<String> {
    let names = place.files().into_iter().filter_map(|(path, ..)| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        (name.starts_with('.') && name.contains(".new")).then_some(name)
    });
    names.collect()
}
