//! `mfa add`

mod conflicts;
mod decompression_bombs;
mod names;
mod options;
mod pictures;
mod sources;
mod warnings;

use std::path::Path;

use crate::harness::{Sandbox, Vector};

/// Checks, by the `toml` crate, that the vault's only account is this vector under this name.
#[track_caller]
pub(super) fn assert_stored(sandbox: &Sandbox, name: &str, vector: &Vector) {
    let accounts = accounts(sandbox);
    let account = accounts.get(name).unwrap_or_else(|| panic!("no '{name}' in {accounts:?}"));
    let text = |field: &str| account.get(field).and_then(toml::Value::as_str).unwrap_or_default();
    let number =
        |field: &str, default| account.get(field).and_then(toml::Value::as_integer).unwrap_or(default);
    assert_eq!((text("issuer"), text("account")), (vector.issuer.as_str(), vector.name.as_str()));
    assert_eq!(text("secret"), vector.secret);
    let algorithm = if vector.algorithm == "SHA1" { "" } else { &vector.algorithm };
    assert_eq!(text("algorithm"), algorithm);
    assert_eq!(number("digits", 6), i64::from(vector.digits));
    assert_eq!(number("period", 30), i64::from(vector.period));
    let time = if vector.period == 60 { "1234567890" } else { "59" };
    let code = format!("{}\n", vector.at(time));
    sandbox.mfa(["code", name, "--at", time]).run().exits(0).prints(&code);
}

/// Returns the accounts of the vault, as another TOML parser reads them.
pub(super) fn accounts(sandbox: &Sandbox) -> toml::Table {
    let table: toml::Table = sandbox.vault_text().parse().expect("the vault is TOML");
    assert_eq!(table.get("version").and_then(toml::Value::as_integer), Some(1));
    table.get("accounts").and_then(toml::Value::as_table).cloned().unwrap_or_default()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the path is text")
}
